// Latency over time: a dot for each command, or, where dots would hide each other, a map of how many.

const kMostDots = 30000, kLatencyLeft = 64, kLatencyFoot = 18;

function makeLatency(app, canvas) {
    const {data, view, theme} = app;
    const byBegin = Uint32Array.from({length: data.count}, (_, i) => i);
    let sorted = true;
    for (let i = 1; i < data.count && sorted; ++i) sorted = data.begin_ns[i] >= data.begin_ns[i - 1];
    if (!sorted) byBegin.sort((a, b) => data.begin_ns[a] - data.begin_ns[b]);
    let low = Infinity, high = -Infinity;
    for (let i = 0; i < data.count; ++i) {
        if (!(data.latency[i] >= 0)) continue;
        low = Math.min(low, data.logLatency[i]);
        high = Math.max(high, data.logLatency[i]);
    }
    if (!(low < high)) { low = low === Infinity ? 3 : low - 1; high = low + 2; }
    const latency = {mode: "auto", low: low - 0.02, high: high + 0.02};
    const area = () => ({left: kLatencyLeft, width: Math.max(canvas.clientWidth - kLatencyLeft, 1)});

    const surface = makeSurface(canvas, ({pixels, ratio, width, height, context}) => {
        pixels.clear(theme.pixel.ground);
        const left = Math.round(kLatencyLeft * ratio), tall = Math.round((height - kLatencyFoot) * ratio);
        const scale = (pixels.width - left) / (view.t1 - view.t0);
        const from = firstBeginningAt(data, byBegin, 0, data.count, view.t0);
        const to = firstBeginningAt(data, byBegin, from, data.count, view.t1);
        if (latency.mode === "dots" || (latency.mode === "auto" && to - from <= kMostDots))
            dots(pixels, from, to, left, tall, scale, Math.round((to - from < 3000 ? 3 : 2) * ratio));
        else heat(pixels, from, to, left, tall, scale, Math.max(2, Math.round(3 * ratio)));
        overPixels(surface);
        axes(context, width, height);
    });
    const partOf = power => 1 - (power - latency.low) / (latency.high - latency.low);
    const yOf = (i, tall) => Math.round(partOf(data.logLatency[i]) * (tall - 1));

    const error = packed("#d33f49");
    function dots(pixels, from, to, left, tall, scale, size) {
        for (let at = from; at < to; ++at) {
            const i = byBegin[at];
            if (!(data.latency[i] >= 0) || (view.mask && view.mask[i] === 0)) continue;
            const x = left + Math.round((data.begin_ns[i] - view.t0) * scale), y = yOf(i, tall);
            const colour = data.status[i] !== 0 ? error : theme.pixel.kinds[data.kind[i] % theme.pixel.kinds.length];
            pixels.rect(x, y, x + size, Math.min(y + size, tall), colour);
        }
    }

    function heat(pixels, from, to, left, tall, scale, cell) {
        const columns = Math.ceil((pixels.width - left) / cell), lines = Math.ceil(tall / cell);
        const counts = new Uint32Array(columns * lines);
        let most = 1;
        for (let at = from; at < to; ++at) {
            const i = byBegin[at];
            if (!(data.latency[i] >= 0) || (view.mask && view.mask[i] === 0)) continue;
            const column = Math.floor((data.begin_ns[i] - view.t0) * scale / cell);
            const place = Math.floor(yOf(i, tall) / cell) * columns + Math.min(column, columns - 1);
            if (++counts[place] > most) most = counts[place];
        }
        const step = 63 / Math.log(most + 1);
        for (let line = 0, place = 0; line < lines; ++line)
            for (let column = 0; column < columns; ++column, ++place) {
                if (counts[place] === 0) continue;
                const colour = theme.pixel.heat[Math.min(63, 6 + Math.round(Math.log(counts[place]) * step))];
                pixels.rect(left + column * cell, line * cell, left + (column + 1) * cell, (line + 1) * cell, colour);
            }
    }

    function axes(context, width, height) {
        const tall = height - kLatencyFoot;
        context.fillStyle = theme.ground;
        context.fillRect(0, 0, kLatencyLeft, height);
        context.strokeStyle = theme.line;
        context.textAlign = "right";
        context.beginPath();
        for (let power = Math.ceil(latency.low); power <= latency.high; ++power) {
            const y = Math.round(partOf(power) * tall) + 0.5;
            context.moveTo(kLatencyLeft, y);
            context.lineTo(width, y);
            context.fillStyle = theme.faint;
            context.fillText(formatTime(10 ** power), kLatencyLeft - 6, Math.max(y, 7));
        }
        context.stroke();
        context.textAlign = "left";
        drawTimeAxis(context, theme, view, kLatencyLeft, tall, width - kLatencyLeft, kLatencyFoot);
    }

    // The command whose dot is nearest, within 8 pixels; -1 if there is none.
    latency.nearest = (x, y) => {
        const {left, width} = area(), tall = canvas.clientHeight - kLatencyFoot;
        const scale = width / (view.t1 - view.t0), reach = 8 / scale, ns = view.t0 + (x - left) / scale;
        let best = -1, least = 64;
        let at = firstBeginningAt(data, byBegin, 0, data.count, ns - reach);
        for (; at < data.count && data.begin_ns[byBegin[at]] <= ns + reach; ++at) {
            const i = byBegin[at];
            if (!(data.latency[i] >= 0) || (view.mask && view.mask[i] === 0)) continue;
            const away = ((data.begin_ns[i] - ns) * scale) ** 2 + (yOf(i, tall) - y) ** 2;
            if (away < least) { least = away; best = i; }
        }
        return best;
    };
    const hover = (x, y, event) => {
        const i = latency.nearest(x, y);
        if (i >= 0) app.tip.show(commandLines(data, i), event.clientX, event.clientY); else app.tip.hide();
    };
    navigateTime(canvas, view, area, {hover, leave: app.tip.hide, click: (x, y) => view.select(latency.nearest(x, y))});
    latency.setMode = mode => { latency.mode = mode; surface.redraw(); };
    for (const what of ["window", "filter", "theme"]) view.on(what, surface.redraw);
    latency.surface = surface;
    return latency;
}
