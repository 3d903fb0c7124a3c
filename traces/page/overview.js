// The whole run in one strip: commands in flight, marks, and the window, which can be dragged, resized,
// or drawn anew.

function makeOverview(app, canvas) {
    const {data, view, theme, marks, gantt} = app;
    const area = () => ({left: kGutter, width: Math.max(canvas.clientWidth - kGutter, 1)});
    const [first, last] = view.whole;
    const xOf = ns => kGutter + (ns - first) / (last - first) * area().width;
    const nsOf = x => first + (x - kGutter) / area().width * (last - first);
    let shape = null;  // in flight over all queues, for each pixel; made anew when the width changes

    function inFlight(width) {
        if (shape && shape.length === width) return shape;
        shape = new Float64Array(width);
        const pixelNs = (last - first) / width;
        for (const {levels} of gantt.tracks) {
            const level = levelFor(levels, pixelNs), kinds = data.stages.length + 1;
            for (let x = 0; x < width; ++x) {
                const part = Math.floor((first + (x + 0.5) * pixelNs - data.firstNs) / level.width);
                if (part < 0 || part >= level.parts) continue;
                for (let k = 0; k < kinds; ++k) shape[x] += level.time[part * kinds + k] / level.width;
            }
        }
        return shape;
    }

    const surface = makeSurface(canvas, ({context, ratio, width, height}) => {
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.font = "11px system-ui, sans-serif";
        context.textBaseline = "middle";
        context.fillStyle = theme.ground;
        context.fillRect(0, 0, width, height);
        const depth = inFlight(Math.round(area().width));
        const most = depth.reduce((a, b) => Math.max(a, b), 1);
        context.fillStyle = theme.unknown;
        depth.forEach((value, x) => {
            const tall = value / most * (height - 8);
            context.fillRect(kGutter + x, height - tall, 1, tall);
        });
        let lastX = -1;
        for (const mark of marks) {
            const x = Math.round(xOf(mark.ns));
            if (x === lastX) continue;
            lastX = x;
            context.fillStyle = markColour(mark.kind);
            context.fillRect(x, 0, 2, 6);
        }
        const x0 = xOf(view.t0), x1 = Math.max(xOf(view.t1), x0 + 2);
        context.fillStyle = theme.ground;
        context.globalAlpha = 0.6;
        context.fillRect(kGutter, 0, x0 - kGutter, height);
        context.fillRect(x1, 0, width - x1, height);
        context.globalAlpha = 1;
        context.strokeStyle = theme.stages[1];
        context.lineWidth = 1.5;
        context.strokeRect(x0, 0.75, x1 - x0, height - 1.5);
        context.fillStyle = theme.faint;
        context.fillText("in flight, whole run", 8, height / 2);
    });

    let drag = null;
    canvas.addEventListener("pointerdown", event => {
        const x = event.offsetX, x0 = xOf(view.t0), x1 = xOf(view.t1);
        let what = "new";
        if (Math.abs(x - x0) < 5 && !view.isWhole()) what = "begin";
        else if (Math.abs(x - x1) < 5 && !view.isWhole()) what = "end";
        else if (x > x0 && x < x1 && !view.isWhole()) what = "move";
        drag = {what, from: x, t0: view.t0, t1: view.t1};
        canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", event => {
        if (!drag) return;
        const by = nsOf(event.offsetX) - nsOf(drag.from);
        if (drag.what === "move") view.setWindow(drag.t0 + by, drag.t1 + by);
        else if (drag.what === "begin") view.setWindow(Math.min(drag.t0 + by, drag.t1 - 1), drag.t1);
        else if (drag.what === "end") view.setWindow(drag.t0, Math.max(drag.t1 + by, drag.t0 + 1));
        else if (Math.abs(event.offsetX - drag.from) > 3)
            view.setWindow(nsOf(Math.min(event.offsetX, drag.from)), nsOf(Math.max(event.offsetX, drag.from)));
    });
    canvas.addEventListener("pointerup", () => { drag = null; });
    canvas.addEventListener("dblclick", () => view.setWindow(...view.whole));
    canvas.addEventListener("wheel", event => {
        event.preventDefault();
        view.zoom(Math.exp(event.deltaY * 0.002));
    }, {passive: false});
    view.on("window", surface.redraw);
    view.on("theme", surface.redraw);
    return surface;
}
