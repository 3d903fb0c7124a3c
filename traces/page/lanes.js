// One lane for each slot in flight: a command gets the lowest lane that is free when its life begins,
// and keeps it to its end, so commands of one lane never overlap.

// The smallest of many numbers. `keys` decide, `values` follow them.
class Heap {
    constructor() { this.keys = []; this.values = []; }
    get size() { return this.keys.length; }
    push(key, value) {
        let at = this.keys.length;
        while (at > 0) {
            const up = (at - 1) >> 1;
            if (this.keys[up] <= key) break;
            this.put(at, this.keys[up], this.values[up]);
            at = up;
        }
        this.put(at, key, value);
    }
    // Takes the smallest out; returns its value.
    pop() {
        const first = this.values[0];
        const key = this.keys.pop(), value = this.values.pop();
        const size = this.keys.length;
        if (size === 0) return first;
        let at = 0;
        for (;;) {
            let down = at * 2 + 1;
            if (down >= size) break;
            if (down + 1 < size && this.keys[down + 1] < this.keys[down]) ++down;
            if (this.keys[down] >= key) break;
            this.put(at, this.keys[down], this.values[down]);
            at = down;
        }
        this.put(at, key, value);
        return first;
    }
    put(at, key, value) { this.keys[at] = key; this.values[at] = value; }
}

// Lane n holds items[first[n]] to items[first[n + 1] - 1], in the order of time. `lane` is written for
// each command: all queues share that array.
function makeLanes(data, queueItems, lane) {
    const busy = new Heap(), free = new Heap();
    let lanes = 0;
    for (const i of queueItems) {
        while (busy.size > 0 && busy.keys[0] <= data.begin_ns[i]) {
            const freed = busy.pop();
            free.push(freed, freed);
        }
        lane[i] = free.size > 0 ? free.pop() : lanes++;
        busy.push(data.lifeEnd[i], lane[i]);
    }
    const first = new Uint32Array(lanes + 1);
    for (const i of queueItems) ++first[lane[i] + 1];
    for (let n = 0; n < lanes; ++n) first[n + 1] += first[n];
    const items = new Uint32Array(queueItems.length);
    const next = first.slice();
    for (const i of queueItems) items[next[lane[i]]++] = i;
    return {lanes, first, items};
}

// The place of the first command of items[from..to) that ends after `ns`.
function firstEndingAfter(data, items, from, to, ns) {
    while (from < to) {
        const middle = (from + to) >> 1;
        if (data.lifeEnd[items[middle]] > ns) to = middle; else from = middle + 1;
    }
    return from;
}

// The place of the first command of items[from..to) that begins at `ns` or later.
function firstBeginningAt(data, items, from, to, ns) {
    while (from < to) {
        const middle = (from + to) >> 1;
        if (data.begin_ns[items[middle]] >= ns) to = middle; else from = middle + 1;
    }
    return from;
}
