// What happened beside the commands: marks and findings of the report in the order of time, and the two
// rows of the timeline that show them and the phases of the driver.

const kPhaseRow = 16, kMarkRow = 20;

function makeMarks(report) {
    // A mark of kind lint says in short what a finding says in full.
    const findings = report.findings || [];
    const found = new Set(findings.map(finding => finding.ns));
    const marks = (report.marks || []).filter(mark => mark.kind !== "lint" || !found.has(mark.ns)).map(mark =>
        ({ns: Number(mark.ns), kind: String(mark.kind), text: String(mark.text)}));
    for (const {ns, rule, queue, text} of findings) {
        const where = queue != null ? ` (queue ${queue})` : "";
        marks.push({ns: Number(ns), kind: "lint", text: `${rule}${where}: ${text}`});
    }
    return marks.filter(mark => Number.isFinite(mark.ns)).sort((a, b) => a.ns - b.ns);
}

function markColour(kind) {
    return Object.hasOwn(kMarkColours, kind) ? kMarkColours[kind] : "#7f8ea3";
}

function firstMarkAt(marks, ns) {
    let from = 0, to = marks.length;
    while (from < to) {
        const middle = (from + to) >> 1;
        if (marks[middle].ns >= ns) to = middle; else from = middle + 1;
    }
    return from;
}

function drawPhases(context, theme, view, phases, left, top, width) {
    const scale = width / (view.t1 - view.t0);
    (phases || []).forEach((phase, at) => {
        const x0 = Math.max(left, left + (phase.begin_ns - view.t0) * scale);
        const x1 = Math.min(left + width, left + (phase.end_ns - view.t0) * scale);
        if (!(x1 > x0)) return;
        context.fillStyle = at % 2 ? theme.dim : theme.most;
        context.fillRect(x0, top, x1 - x0, kPhaseRow - 2);
        if (x1 - x0 < 40) return;
        context.fillStyle = theme.text;
        context.fillText(String(phase.name), x0 + 5, top + kPhaseRow / 2 - 1, x1 - x0 - 8);
    });
}

// A diamond each, with its text as far as there is room before the next one. At most one a pixel.
function drawMarks(context, theme, view, marks, left, top, width, bottom) {
    const scale = width / (view.t1 - view.t0);
    let lastX = -1;
    for (let at = firstMarkAt(marks, view.t0); at < marks.length && marks[at].ns <= view.t1; ++at) {
        const mark = marks[at];
        const x = Math.round(left + (mark.ns - view.t0) * scale);
        if (x === lastX) continue;
        lastX = x;
        const next = at + 1 < marks.length ? left + (marks[at + 1].ns - view.t0) * scale : Infinity;
        const colour = markColour(mark.kind), middle = top + kMarkRow / 2;
        context.fillStyle = colour;
        context.globalAlpha = 0.35;
        context.fillRect(x, top + kMarkRow, 1, bottom - top - kMarkRow);
        context.globalAlpha = 1;
        context.beginPath();
        context.moveTo(x, middle - 5);
        context.lineTo(x + 5, middle);
        context.lineTo(x, middle + 5);
        context.lineTo(x - 5, middle);
        context.fill();
        const room = Math.min(next - 8, left + width) - x - 8;
        if (room < 24) continue;
        context.fillStyle = theme.faint;
        context.fillText(fitted(context, mark.kind + ": " + mark.text, room), x + 8, middle);
    }
}

// As much of a text as has room, with an ellipsis where something is missing.
function fitted(context, text, room) {
    if (text.length > 200) text = text.slice(0, 200) + "…";
    if (context.measureText(text).width <= room) return text;
    let length = Math.floor(room / 5.5);
    while (length > 0 && context.measureText(text.slice(0, length) + "…").width > room) --length;
    return length > 0 ? text.slice(0, length) + "…" : "";
}

// The mark within 6 pixels of x, or null.
function markNear(marks, view, ns, width) {
    const reach = 6 * (view.t1 - view.t0) / width;
    let best = null;
    for (let at = firstMarkAt(marks, ns - reach); at < marks.length && marks[at].ns <= ns + reach; ++at)
        if (!best || Math.abs(marks[at].ns - ns) < Math.abs(best.ns - ns)) best = marks[at];
    return best;
}
