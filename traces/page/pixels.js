// A picture of plain rectangles in memory: a hundred thousand of them cost a few milliseconds, which
// the canvas's own rectangles do not.

class Pixels {
    constructor(context) { this.context = context; this.width = this.height = 0; }

    // Sizes are in pixels of the device. The contents are lost.
    resize(width, height) {
        if (width === this.width && height === this.height) return;
        this.width = width;
        this.height = height;
        this.image = this.context.createImageData(Math.max(width, 1), Math.max(height, 1));
        this.words = new Uint32Array(this.image.data.buffer);
    }
    clear(colour) { this.words.fill(colour); }

    // Whole pixels from (x0, y0) up to but without (x1, y1), clipped.
    rect(x0, y0, x1, y1, colour) {
        x0 = Math.max(x0, 0);
        x1 = Math.min(x1, this.width);
        y0 = Math.max(y0, 0);
        y1 = Math.min(y1, this.height);
        if (x0 >= x1) return;
        const {words, width} = this;
        // fill() is worth its call only for long rows.
        const wide = x1 - x0 >= 24;
        for (let row = y0 * width; y0 < y1; ++y0, row += width) {
            if (wide) words.fill(colour, row + x0, row + x1);
            else for (let at = row + x0; at < row + x1; ++at) words[at] = colour;
        }
    }
    show() { this.context.putImageData(this.image, 0, 0); }
}

// A canvas that fills its place on the page, sharp on every display. `draw` gets it with its sizes in
// CSS pixels, when it has to be drawn anew.
function makeSurface(canvas, draw) {
    const context = canvas.getContext("2d");
    const surface = {canvas, context, pixels: new Pixels(context), width: 0, height: 0, ratio: 1};
    surface.redraw = onceAFrame(() => {
        if (canvas.clientWidth === 0 || canvas.clientHeight === 0) return;
        surface.ratio = window.devicePixelRatio || 1;
        surface.width = canvas.clientWidth;
        surface.height = canvas.clientHeight;
        const width = Math.round(surface.width * surface.ratio), height = Math.round(surface.height * surface.ratio);
        if (canvas.width !== width) canvas.width = width;
        if (canvas.height !== height) canvas.height = height;
        surface.pixels.resize(width, height);
        context.setTransform(1, 0, 0, 1, 0, 0);
        const began = performance.now();
        draw(surface);
        surface.drawMs = performance.now() - began;
    });
    new ResizeObserver(surface.redraw).observe(canvas);
    return surface;
}

// Text and lines are measured in CSS pixels, after the rectangles have been shown.
function overPixels(surface) {
    surface.pixels.show();
    surface.context.setTransform(surface.ratio, 0, 0, surface.ratio, 0, 0);
    surface.context.font = "11px system-ui, sans-serif";
    surface.context.textBaseline = "middle";
    surface.context.textAlign = "left";
    return surface.context;
}
