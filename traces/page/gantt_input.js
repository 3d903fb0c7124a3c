// What is under the pointer on the timeline, said beside the pointer and, after a click, in full.

function makeTip() {
    const element = document.getElementById("tip");
    return {
        show(lines, x, y) {
            element.replaceChildren(...lines.map((line, at) => {
                const row = document.createElement(at === 0 ? "b" : "div");
                row.textContent = line;
                return row;
            }));
            element.hidden = false;
            const {offsetWidth: width, offsetHeight: height} = element;
            element.style.left = Math.max(4, Math.min(x + 14, window.innerWidth - width - 6)) + "px";
            element.style.top = (y + 18 + height > window.innerHeight ? y - height - 8 : y + 18) + "px";
        },
        hide() { element.hidden = true; },
    };
}

function commandLines(data, i) {
    const kind = data.kinds[data.kind[i]];
    const lines = [`${kind.name}, CID ${data.cid[i]}, ${queueName(data.sqid[i])}`];
    const place = `NSID ${data.nsid[i]}, SLBA ${formatCount(data.slba[i])}`;
    if (data.bytes[i] > 0) lines.push(`${place}, ${formatBytes(data.bytes[i])}`);
    lines.push(data.end_ns[i] < 0 ? "never completed" : "latency " + formatTime(data.latency[i]));
    const stages = data.stageNames.map((name, s) => [name, data.stages[s][i]]).filter(([, ns]) => ns > 0);
    for (const [name, ns] of stages) lines.push(`${name}: ${formatTime(ns)}`);
    if (data.status[i] !== 0) lines.push("status: " + statusName(data, i));
    return lines;
}

// What is at (x, y) of the canvas: {command}, {track, ns} of an area, {mark}, {gutter: track}, or null.
function ganttAt(app, x, y) {
    const {data, view, gantt, marks} = app;
    const {left, width} = gantt.area();
    const pixelNs = (view.t1 - view.t0) / width;
    const ns = view.t0 + (x - left) * pixelNs;
    if (y < kAxisHeight + kPhaseRow + kMarkRow) {
        const mark = x >= left && y > kAxisHeight + kPhaseRow ? markNear(marks, view, ns, width) : null;
        return mark && {mark};
    }
    const track = gantt.tracks.find(t => y >= t.y && y < t.y + t.height);
    if (!track) return null;
    if (x < left) return {gutter: track};
    if (track.area) return {track, ns, pixelNs};
    const n = Math.floor((y - track.y) / track.laneHeight);
    if (n >= track.lanes) return null;
    const reach = 2 * pixelNs;
    const at = firstEndingAfter(data, track.items, track.first[n], track.first[n + 1], ns - reach);
    if (at >= track.first[n + 1]) return null;
    const i = track.items[at];
    return data.begin_ns[i] <= ns + reach ? {command: i} : null;
}

// The slowest command of an area's pixel.
function slowestAt({data}, {track, ns, pixelNs}) {
    let best = -1;
    for (let n = 0; n < track.lanes; ++n) {
        const to = track.first[n + 1];
        for (let at = firstEndingAfter(data, track.items, track.first[n], to, ns); at < to; ++at) {
            const i = track.items[at];
            if (data.begin_ns[i] > ns + pixelNs) break;
            if (best < 0 || !(data.latency[i] <= data.latency[best])) best = i;
        }
    }
    return best;
}

function areaLines({data}, {track, ns, pixelNs}) {
    const level = levelFor(track.levels, pixelNs);
    const part = Math.min(level.parts - 1, Math.max(0, Math.floor((ns - data.firstNs) / level.width)));
    const kinds = data.stages.length + 1;
    const lines = [`${queueName(track.sqid)}: ${level.least[part]} to ${level.most[part]} in flight`];
    const times = Array.from({length: kinds}, (_, k) => level.time[part * kinds + k]);
    const sum = times.reduce((a, b) => a + b, 0);
    if (sum > 0) lines.push("mean " + formatShort(sum / level.width) + " in " + formatTime(level.width));
    times.forEach((time, k) => {
        if (time > sum / 100) lines.push(`${data.stageNames[k] || "not known"}: ${formatShare(time / sum)}`);
    });
    if (level.worst[part] > 0) lines.push("slowest: " + formatTime(level.worst[part]));
    lines.push("click: the slowest; zoom in: each command");
    return lines;
}

function connectGantt(app) {
    const {data, view, gantt, tip} = app;
    const canvas = gantt.surface.canvas;
    const hover = (x, y, event) => {
        const found = ganttAt(app, x, y);
        const command = found && found.command !== undefined ? found.command : -1;
        if (command !== gantt.hovered) { gantt.hovered = command; gantt.redraw(); }
        canvas.style.cursor = found ? "pointer" : "";
        let lines = null;
        if (command >= 0) lines = commandLines(data, command);
        else if (found && found.mark) lines = [`${found.mark.kind} at ${formatExact(found.mark.ns)}`, found.mark.text];
        else if (found && found.track) lines = areaLines(app, found);
        else if (found && found.gutter) lines = ["click: lanes at full height, or all in view"];
        if (lines) tip.show(lines, event.clientX, event.clientY); else tip.hide();
    };
    const leave = () => {
        tip.hide();
        if (gantt.hovered >= 0) { gantt.hovered = -1; gantt.redraw(); }
    };
    const click = (x, y) => {
        const found = ganttAt(app, x, y);
        if (!found) view.select(-1);
        else if (found.gutter) { found.gutter.expanded = !found.gutter.expanded; gantt.redraw(); }
        else if (found.command !== undefined) view.select(found.command);
        else if (found.track) view.select(slowestAt(app, found));
        else if (found.mark) view.around(found.mark.ns, (view.t1 - view.t0) / 4);
    };
    navigateTime(canvas, view, gantt.area, {hover, leave, click, scroll: gantt.scroll});
    for (const what of ["window", "selection", "filter", "theme", "colour"]) view.on(what, gantt.redraw);
}
