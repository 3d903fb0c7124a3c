// Columns of a report: base64 of little-endian arrays, decoded into typed arrays.

const kColumnTypes = {
    sqid: Uint16Array, cid: Uint16Array, opcode: Uint8Array, nsid: Uint32Array, status: Uint16Array,
    slba: Float64Array, blocks: Uint32Array, bytes: Uint32Array, begin_ns: Float64Array, end_ns: Float64Array,
};

// `length` values; those that the text lacks are 0.
function decodeColumn(text, Type, length) {
    const values = new Type(length);
    if (typeof text !== "string") return values;
    const bytes = new Uint8Array(values.buffer);
    // In pieces: a column of a million commands is 11 million characters. A multiple of 4 characters is
    // a whole number of bytes.
    const piece = 1 << 18;
    for (let from = 0, at = 0; from < text.length && at < bytes.length; from += piece) {
        const decoded = atob(text.slice(from, from + piece));
        const end = Math.min(decoded.length, bytes.length - at);
        for (let i = 0; i < end; ++i) bytes[at + i] = decoded.charCodeAt(i);
        at += end;
    }
    return values;
}

// All columns of report.commands, and which of them the report has.
function decodeCommands(report) {
    const commands = report.commands || {};
    const count = Math.max(0, Math.floor(Number(commands.count) || 0));
    const columns = {count, has: {}};
    for (const [name, Type] of Object.entries(kColumnTypes)) {
        columns.has[name] = typeof commands[name] === "string";
        columns[name] = decodeColumn(commands[name], Type, count);
    }
    if (!columns.has.end_ns) columns.end_ns.fill(-1);
    const given = Array.isArray(commands.stage_ns) ? commands.stage_ns : [];
    columns.stages = (report.stages || []).map((name, i) => {
        if (typeof given[i] === "string") return decodeColumn(given[i], Float32Array, count);
        return new Float32Array(count).fill(-1);
    });
    return columns;
}
