// What a command has: one list for the table, the filter, the details and CSV. `value` is a number in
// the units of the report, `text` is for people; `spec` is the name in the NVMe specification.

function statusName(data, i) {
    const status = data.status[i];
    const name = data.statuses[status];
    return `${name || "status"} (SCT ${status >> 8}h, SC ${formatHex(status & 0xff, 2)})`;
}

function makeColumns(data) {
    const number = (key, title, spec, array, extra) =>
        ({key, title, spec, value: i => array[i], text: i => formatCount(array[i]), width: 74, right: true, ...extra});
    const time = (key, title, spec, value, extra) =>
        ({key, title: title, spec, value, text: i => formatTime(value(i)), width: 84, right: true, ...extra});
    const known = array => i => (array[i] < 0 ? NaN : array[i]);
    const columns = [
        number("index", "#", "Place in the order of fetch", {}, {value: i => i, text: i => formatCount(i), width: 66}),
        number("queue", "queue", "Submission Queue Identifier (SQID)", data.sqid, {width: 54}),
        number("cid", "CID", "Command Identifier (CID)", data.cid, {width: 58, text: i => String(data.cid[i])}),
        {key: "opcode", title: "opcode", spec: "Opcode (OPC)", value: i => data.opcode[i], width: 150,
         name: i => data.kinds[data.kind[i]].name,
         text: i => `${data.kinds[data.kind[i]].name} (${formatHex(data.opcode[i], 2)})`},
        time("latency", "latency", "Latency: fetch to completion posted", i => data.latency[i]),
        {key: "status", title: "status", spec: "Status Field (SF)", value: i => (data.end_ns[i] < 0 ? NaN : data.status[i]), width: 130,
         name: i => String(data.statuses[data.status[i]] || ""),
         text: i => (data.end_ns[i] < 0 ? "never completed" : data.status[i] === 0 ? "success" : statusName(data, i))},
        number("nsid", "NSID", "Namespace Identifier (NSID)", data.nsid,
            {width: 50, text: i => formatNsid(data.nsid[i])}),
        number("slba", "SLBA", "Starting LBA (SLBA)", data.slba,
            {width: 110, value: i => (data.blocks[i] > 0 ? data.slba[i] : NaN),
             text: i => (data.blocks[i] > 0 ? formatCount(data.slba[i]) : "–")}),
        number("blocks", "blocks", "Number of Logical Blocks (NLB, 1 added)", data.blocks, {width: 58}),
        number("bytes", "bytes", "Bytes of data", data.bytes, {text: i => formatBytes(data.bytes[i]), width: 70}),
        time("begin", "begin", "Begin of the first known stage", i => data.begin_ns[i],
            {text: i => formatExact(data.begin_ns[i]), width: 126}),
        time("end", "end", "Completion queue entry posted", known(data.end_ns),
            {text: i => formatExact(known(data.end_ns)(i)), width: 126}),
        ...data.stages.map((array, s) => time(data.stageNames[s].toLowerCase(), data.stageNames[s],
            "Stage: " + data.stageNames[s], known(array), {stage: s})),
        time("fetched", "fetched", "Fetched", i => data.fetched(i), {hidden: true}),
        {key: "error", hidden: true, value: i => (data.end_ns[i] >= 0 && data.status[i] !== 0 ? 1 : 0),
            text: i => String(data.end_ns[i] >= 0 && data.status[i] !== 0)},
        {key: "completed", hidden: true, value: i => (data.end_ns[i] < 0 ? 0 : 1),
            text: i => String(data.end_ns[i] >= 0)},
        {key: "admin", hidden: true, value: i => (data.sqid[i] === 0 ? 1 : 0), text: i => String(data.sqid[i] === 0)},
    ];
    for (const column of columns) {
        const member = {queue: "sqid", begin: "begin_ns", end: "end_ns", latency: "end_ns"}[column.key] || column.key;
        if (data.has[member] !== false) continue;
        column.absent = true;
        column.text = () => "–";
        column.value = () => NaN;
    }
    return columns;
}

function formatNsid(nsid) {
    return nsid === 0xffffffff ? "FFFFFFFFh" : String(nsid);
}

// The fields that a filter may name; some have two names.
function filterFields(columns) {
    const fields = new Map(columns.map(column => [column.key, column]));
    for (const [alias, key] of [["sqid", "queue"], ["lba", "slba"], ["size", "bytes"], ["namespace", "nsid"], ["ended", "end"]])
        if (!fields.has(alias)) fields.set(alias, fields.get(key));
    return fields;
}
