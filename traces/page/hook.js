// window.nvmeTracePage: the page for programs, which are its tests, and for a browser's console. See
// docs/page.md.

function makeHook(app) {
    const {view, data, table, gantt} = app;
    const frame = () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const hook = {
        ready: false,
        count: data.count,
        window: () => [view.t0, view.t1],
        setWindow: async (t0, t1) => { view.setWindow(t0, t1); await frame(); },
        select: async i => { view.select(i); await frame(); },
        selected: () => view.selected,
        // The middle of a command on the timeline, in pixels of the browser's window; null: it is not there.
        place: i => {
            const track = gantt.tracks.find(other => other.sqid === data.sqid[i]);
            const {left, width} = gantt.area(), box = gantt.surface.canvas.getBoundingClientRect();
            const ns = (Math.max(data.begin_ns[i], view.t0) + Math.min(data.lifeEnd[i], view.t1)) / 2;
            if (!track || track.area || ns < view.t0 || ns > view.t1) return null;
            return {x: box.left + left + (ns - view.t0) / (view.t1 - view.t0) * width,
                    y: box.top + track.y + (gantt.lane[i] + 0.5) * track.laneHeight};
        },
        filter: text => { app.filter.set(text); return {error: app.filter.error(), rows: table.rows.length}; },
        sort: (key, down) => { table.sort(key, down); return Array.from(table.rows.slice(0, 10)); },
        column: (key, i) => app.columns.find(column => column.key === key).value(i),
        csv: () => app.save.csvText(),
        svg: id => app.save.plotSvg(id),
        png: async id => (await app.save.plotBlob(id, "png")).size,
        tab: async at => { app.tabs.show(at); await frame(); },
        theme: name => { if (name) app.theme.set(name); return app.theme.name; },
        // Zooms in and out again and tells how long frames took, in milliseconds: of drawing the timeline,
        // and from one to the next.
        frames: async steps => {
            const draws = [], gaps = [];
            view.setWindow(...view.whole);
            await frame();
            let last = performance.now();
            for (let n = 0; n < steps; ++n) {
                view.zoom(n < steps / 2 ? 0.8 : 1 / 0.8, data.firstNs + (data.lastNs - data.firstNs) * 0.4);
                await new Promise(resolve => requestAnimationFrame(resolve));
                draws.push(gantt.surface.drawMs);
                gaps.push(performance.now() - last);
                last = performance.now();
            }
            const of = values => {
                values.sort((a, b) => a - b);
                return {median: values[values.length >> 1], worst: values[values.length - 1]};
            };
            return {draw: of(draws), frame: of(gaps)};
        },
    };
    return hook;
}
