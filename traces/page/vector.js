// A line plot as SVG, made from its data: for reports that are printed, and drawn once more for PNG.

const kVectorWidth = 960, kVectorHeight = 320;
const kVectorArea = {left: 66, top: 34, right: 16, bottom: 34};

function xmlText(text) {
    return String(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
}

// At most two points for each pixel, the least and the greatest value: the line looks the same.
function thinned(points, pixels) {
    if (points.length <= pixels * 2) return points;
    const kept = [], size = points.length / pixels;
    for (let at = 0; at < pixels; ++at) {
        const piece = points.slice(Math.floor(at * size), Math.floor((at + 1) * size));
        const least = piece.reduce((a, b) => (b[1] < a[1] ? b : a)),
            most = piece.reduce((a, b) => (b[1] > a[1] ? b : a));
        kept.push(...(least[0] <= most[0] ? [least, most] : [most, least]));
    }
    return kept;
}

// `plot`: {title, names, rows}; x from `from` to `to`, with ticks {v, label}.
function plotAsSvg(plot, from, to, ticks, theme) {
    const {left, top, right, bottom} = kVectorArea;
    const wide = kVectorWidth - left - right, tall = kVectorHeight - top - bottom;
    const rows = plot.rows.filter(row => row[0] >= from && row[0] <= to);
    let most = 0;
    for (const row of rows) for (const value of row.slice(1)) if (value > most) most = value;
    const step = roundStep(Math.max(most, 1e-9) / 4);
    most = Math.ceil(Math.max(most, 1e-9) / step) * step;
    const x = value => (left + (value - from) / (to - from) * wide).toFixed(1);
    const y = value => (top + (1 - value / most) * tall).toFixed(1);
    const out = [`<svg xmlns="http:` + `//www.w3.org/2000/svg" width="${kVectorWidth}" height="${kVectorHeight}" ` +
        `font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="${theme.ground}"/>`,
        `<text x="${left}" y="20" fill="${theme.text}" font-weight="bold">${xmlText(plot.title)}</text>`];
    for (let value = 0; value <= most * 1.001; value += step)
        out.push(`<path d="M${left} ${y(value)}h${wide}" stroke="${theme.line}"/><text x="${left - 6}" ` +
            `y="${y(value)}" dy="4" text-anchor="end" fill="${theme.faint}">${formatShort(value)}</text>`);
    for (const tick of ticks)
        if (tick.v >= from && tick.v <= to)
            out.push(`<path d="M${x(tick.v)} ${top + tall}v5" stroke="${theme.faint}"/><text x="${x(tick.v)}" ` +
                `y="${kVectorHeight - 12}" text-anchor="middle" fill="${theme.faint}">${xmlText(tick.label)}</text>`);
    plot.names.forEach((name, at) => {
        const colour = name === "all" ? theme.faint : theme.kindColour(plot.names[0] === "all" ? at - 1 : at);
        const points = rows.map(row => [row[0], row[at + 1]]).filter(point => Number.isFinite(point[1]));
        const line = thinned(points, wide).map(point => x(point[0]) + "," + y(point[1])).join(" ");
        out.push(`<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
            `<text x="${kVectorWidth - right - 110 * (plot.names.length - at - 1)}" y="20" text-anchor="end" ` +
            `fill="${colour}">${xmlText(name)}</text>`);
    });
    return out.join("") + "</svg>";
}
