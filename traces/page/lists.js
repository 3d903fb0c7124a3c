// Small tables: groups of commands, the slowest ones, marks, queues. A click on a heading sorts.

function element(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
}

// `columns`: {title, value(row), text(row), right}; `pick(row)` is called for the row that is clicked.
function smallTable(parent, columns, rows, pick) {
    if (rows.length === 0) { parent.append(absentNote()); return; }
    const table = element("table"), head = element("tr"), body = element("tbody");
    let by = null, down = false;
    const fill = () => {
        const sorted = rows.slice();
        if (by) sorted.sort((a, b) => {
            const x = by.value(a), y = by.value(b);
            return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
        });
        body.replaceChildren(...sorted.map(row => {
            const line = element("tr");
            for (const column of columns) {
                const text = column.text ? column.text(row) : column.value(row);
                const cell = element("td", text, column.right ? "right" : "");
                if (column.colour) cell.style.boxShadow = `inset 4px 0 ${column.colour(row)}`;
                line.append(cell);
            }
            if (pick) { line.classList.add("pick"); line.addEventListener("click", () => pick(row)); }
            return line;
        }));
    };
    for (const column of columns) {
        const cell = element("th", column.title, column.right ? "right" : "");
        cell.addEventListener("click", () => { down = by === column ? !down : !!column.right; by = column; fill(); });
        head.append(cell);
    }
    const top = element("thead");
    top.append(head);
    table.append(top, body);
    fill();
    parent.append(table);
}

function timeColumn(title, value) {
    return {title, value, text: row => formatTime(value(row)), right: true};
}

// What the filter would be to see the commands of a group.
function groupFilter(group) {
    switch (group.by) {
        case "opcode": return `opcode == "${group.key}"`;
        case "queue": return `queue == ${group.key}`;
        case "namespace": return `nsid == ${group.key}`;
        case "size": return `bytes == ${group.key}`;
        default: return "";
    }
}

function fillGroups(app, parent) {
    const {data} = app;
    const stages = data.stageNames.map((name, s) => timeColumn("mean " + name, group => {
        const ns = (group.stage_mean_ns || [])[s];
        return ns >= 0 ? ns : NaN;
    }));
    const keyText = ({by, key}) => (by === "size" && Number(key) >= 0 ? formatBytes(Number(key)) : String(key));
    smallTable(parent, [
        {title: "by", value: g => String(g.by)},
        {title: "key", value: g => String(g.key), text: keyText},
        {title: "commands", value: g => g.count, text: g => formatCount(g.count), right: true},
        {title: "errors", value: g => g.errors, text: g => formatCount(g.errors), right: true},
        ...["min", "mean", "p50", "p90", "p99", "p999", "p9999", "max"].map(name =>
            timeColumn({p999: "p99.9", p9999: "p99.99"}[name] || name, g => g[name + "_ns"])),
        ...stages,
    ], data.report.groups || [], group => app.filter.set(groupFilter(group)));
}

function fillSlowest(app, parent) {
    const {data, view} = app;
    const rows = (data.report.slowest || []).filter(slow => slow.index >= 0 && slow.index < data.count);
    smallTable(parent, [
        timeColumn("latency", slow => data.latency[slow.index]),
        {title: "command", value: slow => data.kinds[data.kind[slow.index]].name},
        {title: "queue", value: slow => data.sqid[slow.index], right: true},
        {title: "CID", value: slow => data.cid[slow.index], right: true},
        {title: "begin", value: slow => data.begin_ns[slow.index],
            text: slow => formatExact(data.begin_ns[slow.index]), right: true},
        {title: "longest stage", value: slow => data.stageNames[data.dominant[slow.index]] || "–"},
        {title: "its part", value: slow => longestPart(data, slow.index),
            text: slow => formatShare(longestPart(data, slow.index)), right: true},
        {title: "story", value: slow => (slow.story || []).map(step => step.text).join(" · ")},
    ], rows, slow => { view.select(slow.index); view.goTo(slow.index); });
}

function longestPart(data, i) {
    const stage = data.stages[data.dominant[i]];
    return stage ? stage[i] / (data.lifeEnd[i] - data.begin_ns[i]) : NaN;
}

function fillMarks(app, parent) {
    const {data, view, marks} = app;
    const left = data.report.marks_left_out;
    if (left > 0) parent.append(element("p", `${formatCount(left)} more marks are not in the report.`, "absent"));
    smallTable(parent, [
        {title: "time", value: mark => mark.ns, text: mark => formatExact(mark.ns), right: true},
        {title: "kind", value: mark => mark.kind, colour: mark => markColour(mark.kind)},
        {title: "what", value: mark => mark.text},
    ], marks, mark => view.around(mark.ns, Math.min(view.t1 - view.t0, (view.whole[1] - view.whole[0]) / 20)));
}
