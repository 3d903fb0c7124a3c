// The first thing to read: what limits, whether the numbers agree with each other, queues, phases.

function card(parent, title) {
    const made = element("section", undefined, "card");
    made.append(element("h3", title));
    parent.append(made);
    return made;
}

function factList(parent, facts) {
    const list = element("dl");
    for (const [name, text] of facts) list.append(element("dt", name), element("dd", text));
    parent.append(list);
}

function fillSummary(app, parent) {
    const {report, meta, count, kinds, stageNames} = app.data;
    const run = card(parent, "This trace");
    factList(run, [
        ["File", String(meta.file || "–")],
        ["Commands", formatCount(count)],
        ["Ends at", formatExact(Number(meta.end_ns))],
        ["Origin", String(meta.origin_ps || 0) + " ps of simulated time"],
        ["Complete", meta.complete === false ? "no: it ends early" : "yes"],
        ["Details of commands", meta.details ? "yes" : "not in this trace"],
    ]);
    if (meta.note) run.append(element("p", String(meta.note)));

    const limits = card(parent, "What limits");
    limits.append(report.limits ? element("p", String(report.limits)) : absentNote());
    const little = report.little;
    if (little) {
        const holds = little.mean_depth > 0 ? Math.abs(little.product - little.mean_depth) / little.mean_depth : 0;
        const product = `${formatShort(little.iops)} × ${formatTime(little.mean_latency_ns)}`;
        factList(limits, [
            ["Mean depth", formatShort(little.mean_depth)],
            ["IOPS × mean latency", `${product} = ${formatShort(little.product)}`],
            ["Little's law", `they differ by ${formatShare(holds)}`],
        ]);
    } else {
        limits.append(element("h3", "Little's law"), absentNote());
    }

    const life = card(parent, "Mean life of a command");
    const all = (report.groups || []).find(group => group.by === "all");
    const means = all && (all.stage_mean_ns || []);
    if (means && means.some(ns => ns > 0)) stageBars(app, life, stageNames, means);
    else life.append(absentNote());

    const commands = card(parent, "Commands");
    smallTable(commands, [
        {title: "command", value: kind => kind.name, colour: kind => app.theme.kindColour(kinds.indexOf(kind))},
        {title: "set", value: kind => (kind.admin ? "admin" : "I/O")},
        {title: "opcode", value: kind => formatHex(kind.opcode, 2)},
        {title: "count", value: kind => kind.count, text: kind => formatCount(kind.count), right: true},
    ], kinds);

    const queues = card(parent, "Queues");
    const perColumn = (title, of) => ({title, value: q => q.commands / of(q), right: true,
        text: q => (of(q) > 0 ? formatShort(q.commands / of(q)) : "–")});
    smallTable(queues, [
        {title: "SQID", value: q => q.sqid, right: true}, {title: "CQID", value: q => q.cqid ?? -1,
         text: q => (q.cqid === null ? "–" : String(q.cqid)), right: true},
        {title: "size", value: q => q.size, right: true},
        {title: "commands", value: q => q.commands, text: q => formatCount(q.commands), right: true},
        {title: "in flight", value: q => q.most_in_flight, right: true},
        perColumn("per doorbell", q => q.doorbells), perColumn("per interrupt", q => q.interrupts),
    ], report.queues || []);

    const use = report.use || {};
    if ((use.dies || []).length) {
        const flash = card(parent, "How busy the flash is");
        heatStrip(app, flash, "channel", use.channels || []);
        heatStrip(app, flash, "die", use.dies);
    }

    const phases = card(parent, "Driver phases");
    smallTable(phases, [
        {title: "phase", value: p => String(p.name)},
        timeColumn("begin", p => p.begin_ns), timeColumn("length", p => p.end_ns - p.begin_ns),
    ], report.phases || [], phase => app.view.setWindow(phase.begin_ns, phase.end_ns));
}

// A cell for each channel or die; the fuller, the busier.
function heatStrip(app, parent, name, use) {
    const mean = use.reduce((sum, share) => sum + share, 0) / use.length;
    const busiest = use.indexOf(Math.max(...use));
    parent.append(element("p", `${name} 0 to ${use.length - 1}: on average ${formatShare(mean)}, ` +
        `most ${formatShare(use[busiest])} (${name} ${busiest})`));
    const strip = element("div", undefined, "strip");
    use.forEach((share, i) => {
        const cell = element("i");
        cell.style.opacity = Math.max(share, 0.05);
        cell.title = `${name} ${i}: ${formatShare(share)}`;
        strip.append(cell);
    });
    parent.append(strip);
}

function stageBars(app, parent, names, means) {
    const most = Math.max(...means), sum = means.reduce((a, ns) => a + Math.max(ns, 0), 0);
    const list = element("div", undefined, "bars");
    means.forEach((ns, s) => {
        const bar = element("i");
        bar.style.width = Math.max(0, ns) / most * 100 + "%";
        bar.style.background = app.theme.stages[s];
        const track = element("div");
        track.append(bar);
        list.append(element("span", names[s]), track,
            element("span", ns < 0 ? "not in this trace" : `${formatTime(ns)}, ${formatShare(ns / sum)}`));
    });
    parent.append(list);
}
