// What is looked at, shared by all parts of the page: one window of time, one selected command, one
// filter. Who changes it tells the view, and the view tells everybody.

const kShortestWindowNs = 1;

function makeView(data) {
    const listeners = {window: [], selection: [], filter: [], theme: [], colour: [], pointer: []};
    const earlier = [];
    let lastChange = 0;
    // Air at both ends, so that the first and the last thing are not at the border.
    const margin = (data.lastNs - data.firstNs) * 0.01;
    const view = {
        t0: data.firstNs - margin, t1: data.lastNs + margin,
        whole: [data.firstNs - margin, data.lastNs + margin],
        selected: -1,
        mask: null,      // Uint8Array: 1 for each command that the filter takes; null: all
        filterText: "",
        colour: "stage",
        pointer: NaN,    // the time under the pointer; NaN: it is nowhere
    };
    const tell = what => { for (const listener of listeners[what]) listener(); };
    view.on = (what, listener) => listeners[what].push(listener);
    view.tell = tell;

    // Changes that follow each other closely, a turn of the wheel, are one step for back().
    view.setWindow = (t0, t1) => {
        const now = Date.now();
        if (now - lastChange > 600) earlier.push([view.t0, view.t1]);
        lastChange = now;
        if (earlier.length > 200) earlier.shift();
        place(t0, t1);
    };
    view.back = () => {
        const last = earlier.pop();
        if (last) place(...last);
        lastChange = 0;
    };
    const place = (t0, t1) => {
        if (!(t1 > t0)) return;
        const [first, last] = view.whole;
        const width = Math.min(Math.max(t1 - t0, kShortestWindowNs), last - first);
        if (t1 - t0 !== width) t0 = (t0 + t1 - width) / 2;
        view.t0 = Math.min(Math.max(t0, first), last - width);
        view.t1 = view.t0 + width;
        tell("window");
    };
    view.zoom = (factor, around = (view.t0 + view.t1) / 2) => {
        // The time under the pointer stays there, also when the window cannot become smaller.
        const width = Math.max((view.t1 - view.t0) * factor, kShortestWindowNs);
        const part = (around - view.t0) / (view.t1 - view.t0);
        view.setWindow(around - part * width, around + (1 - part) * width);
    };
    view.pan = ns => view.setWindow(view.t0 + ns, view.t1 + ns);
    view.around = (ns, width) => view.setWindow(ns - width / 2, ns + width / 2);
    view.isWhole = () => view.t0 <= view.whole[0] && view.t1 >= view.whole[1];

    view.point = ns => { view.pointer = ns; tell("pointer"); };
    view.select = i => {
        view.selected = Number.isInteger(i) && i >= 0 && i < data.count ? i : -1;
        tell("selection");
    };
    // Shows the command in the middle, with as much again on both sides.
    view.goTo = i => {
        if (i < 0 || i >= data.count) return;
        const width = Math.max(data.lifeEnd[i] - data.begin_ns[i], 10);
        view.setWindow(data.begin_ns[i] - width, data.lifeEnd[i] + width);
    };
    view.setFilter = (text, test) => {
        view.filterText = text;
        view.mask = null;
        if (test) {
            view.mask = new Uint8Array(data.count);
            for (let i = 0; i < data.count; ++i) view.mask[i] = test(i) ? 1 : 0;
        }
        tell("filter");
    };
    // Whether a command is in the window, at least partly, and taken by the filter.
    view.shows = i => data.begin_ns[i] <= view.t1 && data.lifeEnd[i] >= view.t0 && (!view.mask || view.mask[i] === 1);
    return view;
}

// Runs `draw` before the next frame, once, however often it is asked for.
function onceAFrame(draw) {
    let waiting = false;
    return () => {
        if (waiting) return;
        waiting = true;
        requestAnimationFrame(() => { waiting = false; draw(); });
    };
}

// Runs `work` when it has not been asked for during `ms`.
function whenQuiet(work, ms) {
    let timer = 0;
    return () => { clearTimeout(timer); timer = setTimeout(work, ms); };
}
