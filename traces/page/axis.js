// The time axis: round times, at least 90 pixels apart.

function roundStep(least) {
    const power = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map(n => n * power).find(step => step >= least * 0.999);
}

// Where the digits that tick labels share would fill the axis, labels count from `base` and begin with +.
function timeTicks(t0, t1, width) {
    const step = roundStep((t1 - t0) * 90 / Math.max(width, 90));
    const ticks = [];
    const first = Math.ceil(t0 / step), last = Math.floor(t1 / step);
    const largest = Math.max(Math.abs(t0), Math.abs(t1));
    const relative = largest / step > 1e5;
    const base = relative ? Math.floor(t0 / (step * 100)) * step * 100 : 0;
    const [name, size] = timeUnit(relative ? Math.max(step * 10, 1) : largest);
    const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
    for (let n = first; n <= last; ++n) {
        const label = ((n * step - base) / size).toFixed(digits) + " " + name;
        ticks.push({ns: n * step, label: (relative ? "+" : "") + label});
    }
    return {ticks, step, base: relative ? formatExact(base) : ""};
}

function drawTimeAxis(context, theme, view, left, top, width, height) {
    const {ticks, base} = timeTicks(view.t0, view.t1, width);
    context.fillStyle = theme.band;
    context.fillRect(0, top, left + width, height);
    context.fillStyle = theme.faint;
    context.textAlign = "right";
    context.fillText(base, left - 6, top + height / 2);
    context.textAlign = "left";
    context.strokeStyle = theme.line;
    context.beginPath();
    for (const tick of ticks) {
        const x = left + (tick.ns - view.t0) / (view.t1 - view.t0) * width;
        context.moveTo(Math.round(x) + 0.5, top + height - 6);
        context.lineTo(Math.round(x) + 0.5, top + height);
        context.fillText(tick.label, x + 4, top + height / 2);
    }
    context.moveTo(0, top + height - 0.5);
    context.lineTo(left + width, top + height - 0.5);
    context.stroke();
    return ticks;
}
