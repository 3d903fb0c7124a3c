// The window in numbers: how many commands, how much, how quick, and where their time went. Of those that
// the filter takes.

function factsOfWindow(data, view) {
    const latencies = new Float64Array(data.count);
    const stages = new Float64Array(data.stages.length), known = new Uint32Array(data.stages.length);
    const all = view.isWhole() && !view.mask;
    let commands = 0, completed = 0, bytes = 0, errors = 0, sum = 0, answered = 0;
    for (let i = 0; i < data.count; ++i) {
        if (!all && !view.shows(i)) continue;
        ++commands;
        if (data.status[i] !== 0) ++errors;
        for (let s = 0; s < stages.length; ++s) {
            const ns = data.stages[s][i];
            if (ns >= 0) { stages[s] += ns; ++known[s]; }
        }
        if (data.end_ns[i] < 0) continue;
        latencies[answered++] = data.latency[i];
        sum += data.latency[i];
        // Rates are of what completes in the window, not of what reaches into it.
        if (data.end_ns[i] < view.t0 || data.end_ns[i] > view.t1) continue;
        ++completed;
        bytes += data.bytes[i];
    }
    const sorted = latencies.subarray(0, answered).sort();
    const ns = Math.min(view.t1, data.lastNs) - Math.max(view.t0, data.firstNs);
    return {commands, errors, completed, iops: completed / ns * 1e9, mbs: bytes / ns * 1e3, mean: answered
        ? sum / answered : NaN,
            at: part => (answered ? sorted[Math.min(answered - 1, Math.floor(part * answered))] : NaN),
            stages: Array.from(stages, (time, s) => (known[s] ? time / known[s] : -1))};
}

function makeWindowFacts(app, parent) {
    const {data, view, theme} = app;
    const show = () => {
        const facts = factsOfWindow(data, view);
        const bar = element("div", undefined, "life");
        const sum = facts.stages.reduce((a, ns) => a + Math.max(0, ns), 0);
        facts.stages.forEach((ns, s) => {
            if (!(ns > 0)) return;
            const piece = element("i");
            piece.style.width = ns / sum * 100 + "%";
            piece.style.background = theme.stages[s];
            piece.title = `${data.stageNames[s]}: mean ${formatTime(ns)}`;
            bar.append(piece);
        });
        parent.replaceChildren(element("h2", view.isWhole() ? "Whole run" : "In this window"));
        if (view.mask) parent.append(element("p", "of what the filter takes", "absent"));
        factList(parent, [
            ["Commands", formatCount(facts.commands)], ["with errors", formatCount(facts.errors)],
            ["Completed", formatShort(facts.iops, "IOPS")], ["", formatShort(facts.mbs * 1e6, "B/s")],
            ["Latency, mean", formatTime(facts.mean)], ["p50", formatTime(facts.at(0.5))],
                ["p99", formatTime(facts.at(0.99))],
            ["p99.9", formatTime(facts.at(0.999))], ["max", formatTime(facts.at(1))],
        ]);
        if (sum > 0) parent.append(bar);
    };
    const follow = whenQuiet(show, 120);
    for (const what of ["window", "filter", "theme"]) view.on(what, follow);
    show();
}
