// Level of detail of one queue: what happens in each of 2^k equal parts of the run, and again in half
// as many, and so on. A pixel that stands for thousands of commands is drawn from two or three parts.

// The finest parts hold few enough commands to be drawn one by one when a part is wider than a pixel.
function partsFor(commands) {
    let parts = 1024;
    while (parts < commands / 4 && parts < 1 << 17) parts *= 2;
    return parts;
}

function emptyLevel(parts, kinds, width) {
    return {parts, width, time: new Float32Array(parts * kinds), least: new Uint16Array(parts),
            most: new Uint16Array(parts), worst: new Float32Array(parts)};
}

// `time`: nanoseconds of all commands in each stage (the last one: in none that is known); `least` and
// `most`: commands in flight; `worst`: the longest latency of those that ended.
function makeLevels(data, items) {
    const kinds = data.stages.length + 1;
    const parts = partsFor(items.length);
    const finest = emptyLevel(parts, kinds, (data.lastNs - data.firstNs) / parts);
    addStages(data, items, finest, kinds);
    addInFlight(data, items, finest);
    const levels = [finest];
    while (levels[levels.length - 1].parts > 64)
        levels.push(halved(levels[levels.length - 1], kinds));
    return levels;
}

function addStages(data, items, level, kinds) {
    const {stages, begin_ns: begin, end_ns: end, lifeEnd, latency, firstNs} = data;
    const last = level.parts - 1;
    const add = (from, to, kind) => {
        let part = Math.min(last, Math.floor((from - firstNs) / level.width));
        while (from < to) {
            const border = part >= last ? to : Math.min(to, firstNs + (part + 1) * level.width);
            level.time[part * kinds + kind] += border - from;
            if (part >= last) return;
            from = border;
            ++part;
        }
    };
    for (const i of items) {
        let at = begin[i];
        for (let s = 0; s < stages.length; ++s) {
            const ns = stages[s][i];
            if (!(ns > 0)) continue;
            add(at, at + ns, s);
            at += ns;
        }
        if (at < lifeEnd[i]) add(at, lifeEnd[i], kinds - 1);
        if (end[i] < 0) continue;
        const part = Math.min(last, Math.max(0, Math.floor((end[i] - firstNs) / level.width)));
        if (latency[i] > level.worst[part]) level.worst[part] = latency[i];
    }
}

function addInFlight(data, items, level) {
    const begins = Float64Array.from(items, i => data.begin_ns[i]);
    const ends = Float64Array.from(items, i => data.lifeEnd[i]).sort();
    let depth = 0, b = 0, e = 0;
    for (let part = 0; part < level.parts; ++part) {
        const border = part === level.parts - 1 ? Infinity : data.firstNs + (part + 1) * level.width;
        let least = depth, most = depth;
        while (true) {
            const begin = b < begins.length ? begins[b] : Infinity;
            const end = e < ends.length ? ends[e] : Infinity;
            if (Math.min(begin, end) >= border) break;
            if (begin <= end) { ++depth; ++b; } else { --depth; ++e; }
            if (depth < least) least = depth;
            if (depth > most) most = depth;
        }
        level.least[part] = least;
        level.most[part] = most;
    }
}

function halved(fine, kinds) {
    const coarse = emptyLevel(fine.parts / 2, kinds, fine.width * 2);
    for (let part = 0; part < coarse.parts; ++part) {
        const a = part * 2, b = a + 1;
        for (let k = 0; k < kinds; ++k)
            coarse.time[part * kinds + k] = fine.time[a * kinds + k] + fine.time[b * kinds + k];
        coarse.least[part] = Math.min(fine.least[a], fine.least[b]);
        coarse.most[part] = Math.max(fine.most[a], fine.most[b]);
        coarse.worst[part] = Math.max(fine.worst[a], fine.worst[b]);
    }
    return coarse;
}

// The coarsest level whose parts are not wider than `ns`; the finest if there is none.
function levelFor(levels, ns) {
    let best = levels[0];
    for (const level of levels) if (level.width <= ns) best = level;
    return best;
}
