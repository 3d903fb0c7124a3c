// The timeline: phases, marks, and below them every queue with a lane for each command in flight. Where
// commands are narrower than a few pixels a queue is an area instead: how many were in flight, coloured
// by what they were waiting for, drawn from the levels of detail.

const kGutter = 132, kAxisHeight = 22;
const kLeastTrack = 34, kExpandedLane = 18, kTallestLane = 14, kTrackGap = 6;

function makeGantt(app, canvas) {
    const {data, view, theme, marks} = app;
    const lane = new Uint16Array(data.count);
    const tracks = data.byQueue.map(queue => ({
        sqid: queue.sqid, expanded: false,
        all: queue.items,  // in the order of time; `items` of makeLanes() has them by lane
        levels: makeLevels(data, queue.items), ...makeLanes(data, queue.items, lane),
    }));
    const gantt = {tracks, lane, top: 0, hovered: -1};
    const head = kAxisHeight + kPhaseRow + kMarkRow;
    const surface = makeSurface(canvas, draw);
    gantt.surface = surface;
    gantt.redraw = surface.redraw;
    gantt.area = () => ({left: kGutter, width: Math.max(canvas.clientWidth - kGutter, 1)});

    // An expanded queue takes what it needs. The others share the rest; what one with few lanes does not
    // need is for those with more.
    function layOut(height) {
        let room = height - head, sharing = tracks.length;
        for (const track of tracks) {
            if (!track.expanded) continue;
            track.laneHeight = kExpandedLane;
            track.height = track.lanes * kExpandedLane;
            room -= track.height + kTrackGap;
            --sharing;
        }
        for (const track of tracks.slice().sort((a, b) => a.lanes - b.lanes)) {
            if (track.expanded) continue;
            const fair = Math.max(kLeastTrack, room / sharing-- - kTrackGap);
            track.height = Math.max(kLeastTrack, Math.min(fair, track.lanes * kTallestLane));
            track.laneHeight = Math.min(kTallestLane, fair / track.lanes);
            room -= track.height + kTrackGap;
        }
        let y = head;
        for (const track of tracks) {
            track.y = y;
            y += track.height + kTrackGap;
        }
        gantt.top = Math.max(0, Math.min(gantt.top, y - height));
        for (const track of tracks) track.y -= gantt.top;
    }
    gantt.scroll = pixels => { gantt.top += pixels; gantt.redraw(); };

    // Whether the commands of a track are too narrow to be told apart: the sooner, the thinner the lanes.
    function asArea(track, pixelNs) {
        const from = firstBeginningAt(data, track.all, 0, track.all.length, view.t0);
        const to = firstBeginningAt(data, track.all, from, track.all.length, view.t1);
        const columns = (view.t1 - view.t0) / pixelNs;
        const narrow = track.laneHeight < 3 ? 10 : 4;
        return (to - from) / track.lanes > columns / narrow && track.levels[0].width <= pixelNs * 1.5;
    }

    function colourOf(i) {
        if (view.mask && view.mask[i] === 0) return theme.pixel.dim;
        if (view.colour === "opcode") return theme.pixel.kinds[data.kind[i] % theme.pixel.kinds.length];
        if (view.colour === "latency") return theme.pixel.latency[app.latencyStep(data.latency[i])];
        return theme.pixel.stages[data.dominant[i]];
    }

    function drawArea(track, pixels, ratio, pixelNs) {
        const left = Math.round(kGutter * ratio), kinds = data.stages.length + 1;
        const bottom = Math.round((track.y + track.height) * ratio), tall = Math.round(track.height * ratio);
        const level = levelFor(track.levels, pixelNs);
        const most = track.lanes;
        const sums = new Float64Array(kinds);
        for (let x = left; x < pixels.width; ++x) {
            const ns = view.t0 + (x - left) * pixelNs - data.firstNs;
            if (ns + pixelNs <= 0) continue;
            const from = Math.max(0, Math.floor(ns / level.width));
            const to = Math.min(level.parts, Math.max(from + 1, Math.floor((ns + pixelNs) / level.width)));
            if (from >= to) continue;
            let peak = 0, worst = 0;
            sums.fill(0);
            for (let part = from; part < to; ++part) {
                peak = Math.max(peak, level.most[part]);
                worst = Math.max(worst, level.worst[part]);
                for (let k = 0; k < kinds; ++k) sums[k] += level.time[part * kinds + k];
            }
            if (peak === 0) continue;
            const scale = tall / most;
            pixels.rect(x, bottom - Math.max(1, Math.round(peak * scale)), x + 1, bottom, theme.pixel.most);
            if (view.mask) continue;
            const perDepth = scale / ((to - from) * level.width);
            if (view.colour !== "stage") {
                const mean = sums.reduce((a, b) => a + b, 0) * perDepth;
                const slow = theme.pixel.latency[app.latencyStep(worst)];
                const colour = view.colour === "latency" ? slow : theme.pixel.unknown;
                pixels.rect(x, bottom - Math.max(1, Math.round(mean)), x + 1, bottom, colour);
                continue;
            }
            let height = 0;
            for (let k = 0; k < kinds; ++k) {
                if (sums[k] === 0) continue;
                const next = height + sums[k] * perDepth;
                pixels.rect(x, bottom - Math.round(next), x + 1, bottom - Math.round(height), theme.pixel.stages[k]);
                height = next;
            }
        }
    }

    // On the area, which then is only its outline, the commands that the filter takes.
    function drawMatches(track, pixels, ratio, pixelNs) {
        const left = Math.round(kGutter * ratio), laneTall = track.height / track.lanes * ratio;
        for (const i of track.matches) {
            if (data.begin_ns[i] > view.t1 || data.lifeEnd[i] < view.t0) continue;
            const x0 = left + Math.max(0, Math.floor((data.begin_ns[i] - view.t0) / pixelNs));
            const x1 = left + Math.ceil((data.lifeEnd[i] - view.t0) / pixelNs);
            const y0 = Math.floor(track.y * ratio + lane[i] * laneTall);
            pixels.rect(x0, y0, Math.max(x1, x0 + 2), y0 + Math.max(2, Math.floor(laneTall)), colourOf(i));
        }
    }
    view.on("filter", () => {
        for (const track of tracks) track.matches = view.mask ? track.all.filter(i => view.mask[i] === 1) : [];
    });

    function drawLanes(track, pixels, ratio, pixelNs, labels) {
        const left = Math.round(kGutter * ratio);
        const gap = track.laneHeight >= 4 ? 1 : 0;
        for (let n = 0; n < track.lanes; ++n) {
            const y0 = Math.round((track.y + n * track.laneHeight) * ratio);
            const y1 = Math.max(y0 + 1, Math.round((track.y + (n + 1) * track.laneHeight) * ratio) - gap);
            if (y1 <= head * ratio || y0 >= pixels.height) continue;
            const to = track.first[n + 1];
            let painted = -1;
            for (let at = firstEndingAfter(data, track.items, track.first[n], to, view.t0); at < to; ++at) {
                const i = track.items[at];
                if (data.begin_ns[i] > view.t1) break;
                const x0 = left + Math.max(-1, Math.floor((data.begin_ns[i] - view.t0) / pixelNs));
                const x1 = left + Math.min(pixels.width, Math.ceil((data.lifeEnd[i] - view.t0) / pixelNs));
                if (x1 <= painted) continue;
                painted = x1;
                drawCommand(i, pixels, Math.max(x0, left), y0, Math.max(x1, x0 + 1), y1, pixelNs, left);
                if (labels.length < 400 && x1 - x0 > 46 * ratio && track.laneHeight >= 11)
                    labels.push({i, x0: Math.max(x0, left) / ratio, x1: x1 / ratio, y: (y0 + y1) / 2 / ratio});
            }
        }
    }

    function drawCommand(i, pixels, x0, y0, x1, y1, pixelNs, left) {
        const known = data.dominant[i] < data.stages.length;
        if (x1 - x0 < 4 || view.colour !== "stage" || !known || (view.mask && view.mask[i] === 0)) {
            pixels.rect(x0, y0, x1, y1, colourOf(i));
            return;
        }
        pixels.rect(x0, y0, x1, y1, theme.pixel.unknown);
        let ns = data.begin_ns[i];
        for (let s = 0; s < data.stages.length; ++s) {
            const length = data.stages[s][i];
            if (!(length > 0)) continue;
            const from = left + Math.floor(Math.max(-1, (ns - view.t0) / pixelNs));
            ns += length;
            const to = left + Math.min(pixels.width, Math.floor((ns - view.t0) / pixelNs));
            pixels.rect(Math.max(from, x0), y0, Math.max(to, Math.max(from, x0) + 1), y1, theme.pixel.stages[s]);
        }
    }

    function draw({pixels, ratio, width, height, context}) {
        layOut(height);
        const pixelNs = (view.t1 - view.t0) / (Math.max(width - kGutter, 1) * ratio);
        pixels.clear(theme.pixel.ground);
        const labels = [];
        for (const track of tracks) {
            track.area = asArea(track, pixelNs);
            if (track.y > height || track.y + track.height < head) continue;
            if (track.area) {
                drawArea(track, pixels, ratio, pixelNs);
                if (view.mask) drawMatches(track, pixels, ratio, pixelNs);
            } else drawLanes(track, pixels, ratio, pixelNs, labels);
            const line = Math.round((track.y + track.height + kTrackGap / 2) * ratio);
            pixels.rect(0, line, pixels.width, line + 1, theme.pixel.line);
        }
        overPixels(surface);
        for (const label of labels) drawLabel(context, label);
        outline(context, gantt.hovered, theme.faint, 1);
        outline(context, view.selected, theme.select, 2);
        drawGutter(context, height);
        context.fillStyle = theme.ground;
        context.fillRect(0, 0, width, head);
        drawPhases(context, theme, view, data.report.phases, kGutter, kAxisHeight + 2, width - kGutter);
        drawTimeAxis(context, theme, view, kGutter, 0, width - kGutter, kAxisHeight);
        drawMarks(context, theme, view, marks, kGutter, kAxisHeight + kPhaseRow, width - kGutter, height);
        context.fillStyle = theme.faint;
        context.textAlign = "right";
        context.fillText("driver", kGutter - 8, kAxisHeight + kPhaseRow / 2 + 1);
        context.fillText("marks", kGutter - 8, kAxisHeight + kPhaseRow + kMarkRow / 2);
        context.textAlign = "left";
    }

    function drawLabel(context, {i, x0, x1, y}) {
        context.fillStyle = view.mask && view.mask[i] === 0 ? theme.faint : "#10151c";
        const name = data.kinds[data.kind[i]].name;
        const text = `${name} ${data.cid[i]}  ${formatTime(data.latency[i])}`;
        context.fillText(fitted(context, text, x1 - x0 - 6), x0 + 3, y + 0.5);
    }

    function drawGutter(context, height) {
        context.fillStyle = theme.ground;
        context.fillRect(0, head, kGutter, height - head);
        for (const track of tracks) {
            const y = Math.max(track.y, head) + 10;
            if (y > height + 20 || track.y + track.height < head) continue;
            context.fillStyle = theme.text;
            context.fillText((track.expanded ? "▾ " : "▸ ") + queueName(track.sqid), 8, y);
            context.fillStyle = theme.faint;
            context.fillText(`${formatShort(track.items.length)} cmds, ${track.lanes} lanes`, 8, y + 14, kGutter - 14);
        }
        context.fillStyle = theme.line;
        context.fillRect(kGutter - 1, head, 1, height - head);
    }

    function outline(context, i, colour, thick) {
        if (i < 0) return;
        const track = tracks.find(t => t.sqid === data.sqid[i]);
        if (!track || track.area) return;
        const scale = gantt.area().width / (view.t1 - view.t0);
        const x0 = Math.max(kGutter - 3, kGutter + (data.begin_ns[i] - view.t0) * scale);
        const x1 = Math.min(surface.width + 3, kGutter + (data.lifeEnd[i] - view.t0) * scale);
        if (x1 < kGutter || x0 > surface.width) return;
        context.strokeStyle = colour;
        context.lineWidth = thick;
        const y = track.y + lane[i] * track.laneHeight;
        context.strokeRect(x0 - 1, y - 1, Math.max(x1 - x0, 1) + 2, Math.max(track.laneHeight, 2) + 1);
    }
    return gantt;
}
