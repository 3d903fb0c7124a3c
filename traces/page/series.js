// Line plots over time, by dygraphs: throughput, bandwidth, depth, utilisation. They show the window and
// move it as the timeline does.

const kPlots = [
    {id: "iops", title: "Commands completed a second", unit: "IOPS", lines: [["iops", "IOPS"]]},
    {id: "bandwidth", title: "Bandwidth", unit: "MB/s", lines: [["read_mb_s", "read"], ["write_mb_s", "write"]]},
    {id: "depth", title: "Commands in flight", unit: "", lines: [["depth", "in flight"]]},
    {id: "use", title: "Utilisation", unit: "%", share: true,
     lines: [["link_up", "link up"], ["link_down", "link down"], ["media", "media"], ["decoder", "decoder"]]},
    {id: "signals", title: "Doorbells and interrupts", unit: "1/s",
     lines: [["doorbells", "doorbells"], ["interrupts", "interrupts"]]},
];

// The rows of a plot, and its lines that the report has.
function plotData(series, plot) {
    const times = Array.isArray(series.t_ns) ? series.t_ns : [];
    const lines = plot.lines.filter(([key]) => Array.isArray(series[key]) && series[key].length > 0);
    const rows = times.map((ns, at) => [ns, ...lines.map(([key]) => {
        const value = series[key][at];
        return Number.isFinite(value) ? value * (plot.share ? 100 : 1) : null;
    })]);
    return {rows, lines, names: lines.map(([, name]) => name)};
}

function absentNote(text = "not in this trace") {
    const note = document.createElement("p");
    note.className = "absent";
    note.textContent = text;
    return note;
}

function plotFrame(parent, title, save) {
    const frame = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = title;
    for (const kind of save ? ["png", "svg"] : []) {
        const button = document.createElement("button");
        button.textContent = kind.toUpperCase();
        button.title = "save this plot as " + kind.toUpperCase();
        button.addEventListener("click", () => save(kind));
        caption.append(button);
    }
    const body = document.createElement("div"), legend = document.createElement("span");
    body.className = "plot";
    // Without these dygraphs takes fixed sizes where it cannot see its place yet.
    body.style.width = body.style.height = "100%";
    legend.className = "legend";
    caption.append(legend);
    const place = document.createElement("div");
    place.className = "place";
    place.append(body);
    frame.append(caption, place);
    parent.append(frame);
    return {body, legend};
}

function timeLabels(t0, t1, pixels) {
    return timeTicks(t0, t1, pixels).ticks.map(tick => ({v: tick.ns, label: tick.label}));
}

function makeSeries(app, parent) {
    const {data, view, theme} = app;
    const plots = [];
    for (const plot of kPlots) {
        const {rows, names} = plotData(data.report.series || {}, plot);
        const title = plot.title + (plot.unit ? ", " + plot.unit : "");
        const known = rows.length > 0 && names.length > 0;
        const {body, legend} = plotFrame(parent, title, known && (kind => app.save.plot(plot.id, kind)));
        if (!known) { body.append(absentNote()); continue; }
        const graph = new Dygraph(body, rows, {
            labels: ["time", ...names], dateWindow: [view.t0, view.t1], colors: plotColours(theme, names.length),
            includeZero: true, legend: "always", labelsDiv: legend, strokeWidth: 1.4,
            fillGraph: names.length === 1, fillAlpha: 0.15,
            axisLabelFontSize: 11, gridLineWidth: 0.5, gridLineColor: theme.line, axisLineColor: theme.line,
            highlightCircleSize: 3, yRangePad: 4, interactionModel: {},
            axes: {
                x: {ticker: timeLabels, valueFormatter: formatTime, axisLabelWidth: 80},
                y: {axisLabelFormatter: formatShort, valueFormatter: formatShort, axisLabelWidth: 44},
            },
        });
        const area = () => { const {x, w} = graph.getArea(); return {left: x, width: Math.max(w, 1)}; };
        navigateTime(body, view, area);
        plots.push({...plot, graph, body, rows, names, title});
    }
    const series = {plots};
    series.follow = onceAFrame(() => {
        for (const {graph, body} of plots)
            if (body.offsetParent) graph.updateOptions({dateWindow: [view.t0, view.t1]});
    });
    series.resize = () => { for (const {graph} of plots) graph.resize(); series.follow(); };
    view.on("window", series.follow);
    view.on("theme", () => {
        for (const {graph, names} of plots)
            graph.updateOptions({gridLineColor: theme.line, axisLineColor: theme.line,
                colors: plotColours(theme, names.length)});
    });
    return series;
}

function plotColours(theme, count) {
    return Array.from({length: count}, (_, i) => theme.kindColour(i));
}
