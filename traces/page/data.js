// What all parts of the page know of the commands: the columns of the report, and what follows from
// them. Nothing here changes once it is made.

function makeData(report) {
    const commands = decodeCommands(report);
    const {count, begin_ns: begin, end_ns: end, stages} = commands;
    const meta = report.meta || {};
    let lastNs = Number(meta.end_ns) || 0;
    let firstNs = 0;
    for (let i = 0; i < count; ++i) {
        if (end[i] > lastNs) lastNs = end[i];
        if (begin[i] < firstNs) firstNs = begin[i];
    }
    if (lastNs <= firstNs) lastNs = firstNs + 1;

    // A life goes on after the completion has been posted, until the host has seen it.
    const lifeEnd = new Float64Array(count);
    // As everywhere: from the fetch of the entry to the posting of its completion.
    const untilFetch = stages[(report.stages || []).indexOf("doorbell")];
    const fetched = i => begin[i] + Math.max(untilFetch ? untilFetch[i] : 0, 0);
    const latency = new Float64Array(count);
    const logLatency = new Float32Array(count);
    const dominant = new Uint8Array(count);  // the longest stage; stages.length where none is known
    for (let i = 0; i < count; ++i) {
        let sum = 0, longest = 0, which = stages.length;
        for (let s = 0; s < stages.length; ++s) {
            const ns = stages[s][i];
            if (!(ns > 0)) continue;
            sum += ns;
            if (ns > longest) { longest = ns; which = s; }
        }
        const answered = end[i] >= 0;
        latency[i] = answered ? end[i] - fetched(i) : NaN;
        logLatency[i] = Math.log10(Math.max(latency[i], 1));
        lifeEnd[i] = answered ? Math.max(end[i], begin[i] + sum) : lastNs;
        dominant[i] = which;
    }

    const kinds = kindsOf(commands, report.opcodes || {});
    return {report, meta, fetched, ...commands, stageNames: (report.stages || []).map(String), firstNs, lastNs, lifeEnd,
            latency, logLatency, dominant, ...kinds, byQueue: commandsByQueue(commands),
            statuses: report.statuses || {}};
}

// An opcode means one thing in an admin queue and another in an I/O queue: a kind is the pair. `kind`
// has the place of each command's kind in `kinds`, which begins with the most frequent one.
function kindsOf({count, sqid, opcode}, names) {
    const counts = new Map();
    for (let i = 0; i < count; ++i) {
        const code = opcode[i] + (sqid[i] === 0 ? 256 : 0);
        counts.set(code, (counts.get(code) || 0) + 1);
    }
    const codes = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
    const place = new Uint16Array(512);
    const kinds = codes.map((code, at) => {
        place[code] = at;
        const admin = code >= 256;
        const value = code % 256;
        const name = ((admin ? names.admin : names.io) || {})[value];
        return {admin, opcode: value, name: String(name || "opcode " + formatHex(value, 2)), count: counts.get(code)};
    });
    const kind = new Uint16Array(count);
    for (let i = 0; i < count; ++i) kind[i] = place[opcode[i] + (sqid[i] === 0 ? 256 : 0)];
    return {kinds, kind};
}

// For each submission queue its commands, in the order in which their lives begin.
function commandsByQueue({count, sqid, begin_ns: begin}) {
    const sizes = new Map();
    for (let i = 0; i < count; ++i) sizes.set(sqid[i], (sizes.get(sqid[i]) || 0) + 1);
    const queues = new Map();
    for (const id of [...sizes.keys()].sort((a, b) => a - b))
        queues.set(id, {items: new Uint32Array(sizes.get(id)), used: 0, sorted: true});
    for (let i = 0; i < count; ++i) {
        const queue = queues.get(sqid[i]);
        if (queue.used > 0 && begin[queue.items[queue.used - 1]] > begin[i]) queue.sorted = false;
        queue.items[queue.used++] = i;
    }
    for (const queue of queues.values())
        if (!queue.sorted) queue.items.sort((a, b) => begin[a] - begin[b]);
    return [...queues].map(([id, queue]) => ({sqid: id, items: queue.items}));
}
