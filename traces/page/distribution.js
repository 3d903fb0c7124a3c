// How latency is distributed among the commands that the window and the filter leave: a histogram and
// the share of commands that were quicker, each by kind of command. The axis of latency is logarithmic.

const kDistributionParts = 160, kMostKinds = 4;

// For the most frequent kinds, and all together at [0], counts of each part of the axis.
function countLatencies(data, view, low, high) {
    const sets = Array.from({length: Math.min(kMostKinds, data.kinds.length) + 1},
        () => new Uint32Array(kDistributionParts));
    const scale = kDistributionParts / (high - low);
    const all = view.isWhole() && !view.mask;
    for (let i = 0; i < data.count; ++i) {
        if (!(data.latency[i] >= 0) || (!all && !view.shows(i))) continue;
        const part = Math.min(kDistributionParts - 1, Math.max(0, Math.floor((data.logLatency[i] - low) * scale)));
        ++sets[0][part];
        if (data.kind[i] < kMostKinds) ++sets[data.kind[i] + 1][part];
    }
    return sets;
}

// Rows of both plots: x is the logarithm of the latency.
function distributionRows(sets, low, high) {
    const width = (high - low) / kDistributionParts;
    const totals = sets.map(set => set.reduce((a, b) => a + b, 0));
    const sums = sets.map(() => 0);
    const histogram = [], cdf = [[low, ...sets.map(() => 0)]];
    for (let part = 0; part < kDistributionParts; ++part) {
        histogram.push([low + part * width, ...sets.slice(1).map(set => set[part])]);
        sets.forEach((set, at) => { sums[at] += set[part]; });
        cdf.push([low + (part + 1) * width, ...sums.map((sum, at) => totals[at] ? 100 * sum / totals[at] : null)]);
    }
    return {histogram, cdf};
}

function powerLabels(low, high) {
    const ticks = [];
    for (let power = Math.ceil(low); power <= high; ++power) {
        ticks.push({v: power, label: formatTime(10 ** power)});
        for (const n of [2, 5]) {
            const at = power + Math.log10(n);
            if (high - low < 3.5 && at < high) ticks.push({v: at, label: formatTime(10 ** at)});
        }
    }
    return ticks;
}

function makeDistribution(app, parent) {
    const {data, view, theme, latency} = app;
    const {low, high} = latency;
    // Names of lines differ, also where an admin and an I/O command have the same one.
    const first = name => data.kinds.findIndex(kind => kind.name === name);
    const kinds = data.kinds.slice(0, kMostKinds).map(({name}, at) =>
        (first(name) < at ? `${name} (${at + 1})` : name));
    if (kinds.length === 0) {
        plotFrame(parent, "Latency histogram").body.append(absentNote());
        return {plots: [], resize() {}};
    }
    const colours = () => plotColours(theme, kinds.length);
    const frame = (id, title, names, extra) => {
        const {body, legend} = plotFrame(parent, title, kind => app.save.plot(id, kind));
        const graph = new Dygraph(body, [[low, ...names.map(() => 0)], [high, ...names.map(() => 0)]], {
            labels: ["latency", ...names], includeZero: true, legend: "always", labelsDiv: legend,
            strokeWidth: 1.4, axisLabelFontSize: 11,
            gridLineWidth: 0.5, gridLineColor: theme.line, axisLineColor: theme.line, dateWindow: [low, high],
            highlightCircleSize: 3, interactionModel: {}, ...extra,
            axes: {x: {ticker: powerLabels, valueFormatter: power => formatTime(10 ** power), axisLabelWidth: 70},
                   y: {axisLabelFormatter: formatShort, valueFormatter: formatShort, axisLabelWidth: 44}},
        });
        return {id, title, graph, names, rows: []};
    };
    const plots = [
        frame("histogram", "Histogram, commands", kinds,
            {stepPlot: true, fillGraph: true, fillAlpha: 0.25, colors: colours()}),
        frame("cdf", "CDF, %", ["all", ...kinds], {colors: [theme.faint, ...colours()], valueRange: [0, 101]}),
    ];
    const distribution = {plots};
    const count = () => {
        if (!parent.offsetParent) return;
        const rows = distributionRows(countLatencies(data, view, low, high), low, high);
        plots[0].rows = rows.histogram;
        plots[1].rows = rows.cdf;
        for (const plot of plots) plot.graph.updateOptions({file: plot.rows});
    };
    distribution.follow = whenQuiet(count, 100);
    distribution.resize = () => { for (const {graph} of plots) graph.resize(); count(); };
    view.on("window", distribution.follow);
    view.on("filter", distribution.follow);
    view.on("theme", () => {
        for (const {graph} of plots) graph.updateOptions({gridLineColor: theme.line, axisLineColor: theme.line});
    });
    return distribution;
}
