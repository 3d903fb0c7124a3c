// How numbers are written, everywhere on the page. Times come in nanoseconds.

const kTimeUnits = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]];

// The unit in which a time of this size reads best.
function timeUnit(ns) {
    const size = Math.abs(ns);
    return kTimeUnits.find(unit => size >= unit[1]) || kTimeUnits[3];
}

function trimZeros(text) {
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

// Four significant digits: "62.31 µs". What is not known is a dash.
function formatTime(ns) {
    if (!Number.isFinite(ns) || ns === undefined) return "–";
    if (ns === 0) return "0 ns";
    const [name, size] = timeUnit(ns);
    const value = ns / size;
    const text = Math.abs(value) >= 1000 ? value.toFixed(0) : trimZeros(value.toPrecision(4));
    return text + " " + name;
}

// All digits, to the picosecond: "1 234 567.891 ns".
function formatExact(ns) {
    if (!Number.isFinite(ns)) return "–";
    const [whole, part] = ns.toFixed(3).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, "\u2009");
    return grouped + (part === "000" ? "" : "." + part) + " ns";
}

function formatCount(n) {
    if (!Number.isFinite(n)) return "–";
    return Math.round(n).toString().replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

// "1.25 M", for axes and headings; with a unit "1.25 MB/s".
function formatShort(n, unit) {
    const named = typeof unit === "string" ? unit : "";  // plots give other things
    if (!Number.isFinite(n)) return "–";
    const [name, size] = [["G", 1e9], ["M", 1e6], ["k", 1e3]].find(prefix => Math.abs(n) >= prefix[1]) || ["", 1];
    const value = n / size;
    const text = trimZeros(Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
    return (text + " " + name + named).trimEnd();
}

function formatBytes(n) {
    for (const [name, size] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 1024]])
        if (n >= size && n % (size / 4) === 0) return n / size + " " + name;
    return formatCount(n) + " B";
}

function formatShare(part) {
    return Number.isFinite(part) ? (part * 100).toFixed(part < 0.1 ? 1 : 0) + " %" : "–";
}

function queueName(sqid) {
    return sqid === 0 ? "Admin queue" : "Queue " + sqid;
}

function formatHex(n, digits) {
    return n.toString(16).padStart(digits, "0") + "h";
}
