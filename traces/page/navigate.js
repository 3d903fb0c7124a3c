// Moving through time is the same on everything that has time from left to right: the wheel zooms at the
// pointer, dragging pans, Shift and dragging chooses a span, a double click zooms in.

// `area` returns {left, width}, in CSS pixels, of what shows the window. `on` may have hover(x, y, event),
// leave(), click(x, y, event), scroll(pixels): vertical moves; each is optional.
function navigateTime(element, view, area, on = {}) {
    const timeAt = x => {
        const {left, width} = area();
        return view.t0 + (x - left) / width * (view.t1 - view.t0);
    };
    const where = event => {
        const box = element.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
    };
    element.addEventListener("wheel", event => {
        event.preventDefault();
        const [x] = where(event);
        const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
        const nsPerPixel = (view.t1 - view.t0) / area().width;
        if (event.altKey && on.scroll) on.scroll(event.deltaY * unit);
        else if (event.shiftKey) view.pan((event.deltaY || event.deltaX) * unit * nsPerPixel);
        else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) view.pan(event.deltaX * unit * nsPerPixel);
        else if (x < area().left && on.scroll) on.scroll(event.deltaY * unit);
        else view.zoom(Math.exp(event.deltaY * unit * 0.002), timeAt(x));
    }, {passive: false});

    // The time under the pointer, also when that is elsewhere on the page.
    const line = document.createElement("div");
    line.className = "pointer";
    line.hidden = true;
    element.parentElement.append(line);
    let here = false;
    view.on("pointer", () => {
        const {left, width} = area();
        const part = (view.pointer - view.t0) / (view.t1 - view.t0);
        line.hidden = !(part >= 0 && part <= 1);
        if (line.hidden) return;
        line.style.left = element.offsetLeft + left + part * width + "px";
        line.dataset.text = here ? formatExact(view.pointer) : "";
        line.classList.toggle("flip", part > 0.8);
    });

    const band = document.createElement("div");
    band.className = "band";
    band.hidden = true;
    element.parentElement.append(band);
    let drag = null;
    element.addEventListener("pointerdown", event => {
        if (event.button !== 0) return;
        const [x, y] = where(event);
        drag = {x, y, lastX: x, lastY: y, span: event.shiftKey, moved: false};
        element.setPointerCapture(event.pointerId);
    });
    element.addEventListener("pointermove", event => {
        const [x, y] = where(event);
        here = true;
        view.point(x >= area().left ? timeAt(x) : NaN);
        if (!drag) { if (on.hover) on.hover(x, y, event); return; }
        if (!drag.moved && Math.abs(x - drag.x) + Math.abs(y - drag.y) < 4) return;
        drag.moved = true;
        if (on.leave) on.leave();
        if (drag.span) {
            band.hidden = false;
            band.style.left = element.offsetLeft + Math.min(x, drag.x) + "px";
            band.style.width = Math.abs(x - drag.x) + "px";
            band.dataset.text = formatTime(Math.abs(timeAt(x) - timeAt(drag.x)));
        } else {
            view.pan((drag.lastX - x) / area().width * (view.t1 - view.t0));
            if (on.scroll) on.scroll(drag.lastY - y);
        }
        drag.lastX = x;
        drag.lastY = y;
    });
    element.addEventListener("pointerup", event => {
        if (!drag) return;
        const [x, y] = where(event);
        const {x: from, span, moved} = drag;
        drag = null;
        band.hidden = true;
        if (moved && span) view.setWindow(timeAt(Math.min(x, from)), timeAt(Math.max(x, from)));
        else if (!moved && on.click) on.click(x, y, event);
    });
    element.addEventListener("pointercancel", () => { drag = null; band.hidden = true; });
    element.addEventListener("pointerleave", () => {
        here = false;
        view.point(NaN);
        if (on.leave && !drag) on.leave();
    });
    element.addEventListener("dblclick", event => view.zoom(0.25, timeAt(where(event)[0])));
    return timeAt;
}
