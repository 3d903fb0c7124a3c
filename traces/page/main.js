// Puts the parts together.

function readReport() {
    const text = document.getElementById("report").textContent;
    const report = JSON.parse(text);
    const isObject = report !== null && typeof report === "object" && !Array.isArray(report);
    if (!isObject) throw new Error("it is not a JSON object");
    if (report.format !== 1) throw new Error(`its format is ${report.format}, this page knows format 1`);
    return report;
}

function makeTabs(app) {
    const buttons = [...document.querySelectorAll("nav button")], panels = [...document.querySelectorAll(".panel")];
    const show = at => {
        buttons.forEach((button, n) => button.setAttribute("aria-selected", String(n === at)));
        panels.forEach((panel, n) => { panel.hidden = n !== at; });
        app.series.resize();
        app.distribution.resize();
        app.latency.surface.redraw();
        app.table.show();
    };
    buttons.forEach((button, at) => button.addEventListener("click", () => show(at)));
    return {show};
}

function makeFilter(app) {
    const input = document.getElementById("filter"), problem = document.getElementById("filter-error");
    const fields = filterFields(app.columns);
    let error = "";
    const apply = () => {
        try {
            const test = compileFilter(input.value, fields);
            error = "";
            app.view.setFilter(input.value, test);
        } catch (wrong) {
            error = wrong.message;
        }
        problem.textContent = error;
        input.classList.toggle("wrong", error !== "");
    };
    input.addEventListener("input", whenQuiet(apply, 250));
    input.addEventListener("change", apply);
    return {
        set: text => { input.value = text; apply(); },
        focus: () => { input.focus(); input.select(); },
        error: () => error,
    };
}

// Colours of the timeline, and what they mean.
function connectColours(app) {
    const {view, theme, data} = app;
    const choice = document.getElementById("colour"), legend = document.getElementById("legend");
    const show = () => {
        let entries = data.stageNames.map((name, s) => [name, theme.stages[s]]).concat([["not known", theme.unknown]]);
        if (view.colour === "opcode")
            entries = data.kinds.slice(0, 8).map((kind, at) => [kind.name, theme.kindColour(at)]);
        if (view.colour === "latency")
            entries = [0, 0.25, 0.5, 0.75, 1].map(part =>
                [formatTime(10 ** app.latencyAt(part)), theme.latency[Math.round(part * 63)]]);
        legend.replaceChildren(...entries.map(([name, colour]) => {
            const entry = element("span", name), patch = element("i");
            patch.style.background = colour;
            entry.prepend(patch);
            return entry;
        }));
    };
    const set = () => { view.colour = choice.value; show(); view.tell("colour"); };
    choice.addEventListener("change", set);
    app.nextColour = () => { choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length; set(); };
    view.on("theme", show);
    show();
}

// The border between the timeline and the panels can be dragged.
function connectSplitter(app) {
    const bar = document.getElementById("splitter"), top = document.getElementById("timeline");
    bar.addEventListener("pointerdown", event => bar.setPointerCapture(event.pointerId));
    bar.addEventListener("pointermove", event => {
        if (!bar.hasPointerCapture(event.pointerId)) return;
        const box = top.parentElement.getBoundingClientRect();
        top.style.flexBasis = Math.max(80, Math.min(box.height - 120, event.clientY - box.top)) + "px";
    });
    bar.addEventListener("pointerup", () => app.distribution.resize());
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
