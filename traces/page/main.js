// Puts the parts together.

function readReport() {
    const text = document.getElementById("report").textContent;
    const report = JSON.parse(text);
    const isObject = report !== null && typeof report === "object" && !Array.isArray(report);
    if (!isObject) throw new Error("it is not a JSON object");
    if (report.format !== 1) throw new Error(`its format is ${report.format}, this page knows format 1`);
    return report;
}

function start() {
    const report = readReport();
    const data = makeData(report);
    const view = makeView(data);
    const app = {data, view, help: document.getElementById("help")};
    app.theme = makeTheme(view, data.stageNames.length);
    app.marks = makeMarks(report);
    app.columns = makeColumns(data);
    app.tip = makeTip();
    app.save = makeSave(app);
    app.gantt = makeGantt(app, document.getElementById("gantt"));
    connectGantt(app);
    makeOverview(app, document.getElementById("overview"));
    app.latency = makeLatency(app, document.getElementById("latency"));
    app.latencyAt = part => app.latency.low + part * (app.latency.high - app.latency.low);
    app.latencyStep = ns => {
        if (Number.isNaN(ns)) return 63;  // never completed
        const part = (Math.log10(Math.max(ns, 1)) - app.latency.low) / (app.latency.high - app.latency.low);
        return part >= 0 ? Math.min(63, Math.floor(part * 63)) : 0;
    };
    app.series = makeSeries(app, document.getElementById("series"));
    app.distribution = makeDistribution(app, document.getElementById("distribution"));
    app.table = makeTable(app, document.getElementById("commands"));
    app.filter = makeFilter(app);
    app.tabs = makeTabs(app);
    // To the neighbour in the lane of the selected command, which then comes into the window.
    app.step = by => {
        const i = view.selected, track = app.gantt.tracks.find(other => i >= 0 && other.sqid === data.sqid[i]);
        if (!track) return;
        const from = track.first[app.gantt.lane[i]], to = track.first[app.gantt.lane[i] + 1];
        const at = track.items.indexOf(i, from) + by;
        if (at < from || at >= to) return;
        const next = track.items[at], half = (view.t1 - view.t0) / 2;
        view.select(next);
        if (data.begin_ns[next] < view.t0 || data.lifeEnd[next] > view.t1)
            view.setWindow(data.begin_ns[next] - half, data.begin_ns[next] + half);
    };
    makeWindowFacts(app, document.getElementById("window"));
    makeDetails(app, document.getElementById("details"));
    fillSummary(app, document.getElementById("summary"));
    fillGroups(app, document.getElementById("groups"));
    fillSlowest(app, document.getElementById("slowest"));
    fillMarks(app, document.getElementById("marks"));
    connectColours(app);
    connectSplitter(app);
    makeKeys(app);

    const title = String(data.meta.file || "trace");
    document.title = title.slice(0, 80) + " – nvme-trace";
    document.getElementById("file").textContent = title;
    const span = document.getElementById("span");
    const say = () => {
        span.textContent = view.isWhole() ? `whole run, ${formatTime(data.lastNs - data.firstNs)}`
            : `${formatTime(view.t1 - view.t0)} from ${formatExact(view.t0)}`;
    };
    view.on("window", say);
    say();
    const on = (id, work) => document.getElementById(id).addEventListener("click", work);
    on("whole", () => view.setWindow(...view.whole));
    on("back", view.back);
    on("theme", app.theme.toggle);
    on("help-button", () => app.help.showModal());
    on("save-csv", app.save.csv);
    on("save-gantt", () => app.save.canvas("timeline", app.gantt.surface.canvas));
    on("save-latency", () => app.save.canvas("latency", app.latency.surface.canvas));
    const mode = document.getElementById("latency-mode");
    mode.addEventListener("change", () => app.latency.setMode(mode.value));
    app.table.choose();
    app.tabs.show(0);
    window.nvmeTracePage = makeHook(app);
    window.nvmeTracePage.ready = true;
}

try {
    start();
} catch (wrong) {
    const problem = document.getElementById("problem");
    problem.textContent = "This page cannot show its report: " + wrong.message;
    problem.hidden = false;
    throw wrong;
}
