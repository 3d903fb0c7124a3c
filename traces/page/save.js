// What leaves the page as a file: the table as CSV, plots as SVG or PNG, canvases as PNG.

function csvField(text) {
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

// The commands of the table, in its order. Numbers as in the report; what is not known is empty.
function tableAsCsv({columns, table}) {
    const shown = columns.filter(column => !column.hidden);
    const isTime = column => ["begin", "end", "latency"].includes(column.key) || column.stage !== undefined;
    const lines = [shown.map(column => csvField(column.key + (isTime(column) ? "_ns" : ""))).join(",")];
    for (const i of table.rows)
        lines.push(shown.map(column => {
            const value = column.key === "opcode" ? column.name(i) : column.value(i);
            return typeof value === "string" ? csvField(value) : Number.isFinite(value) ? String(value) : "";
        }).join(","));
    return lines.join("\n") + "\n";
}

function download(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function svgAsPng(svg) {
    return new Promise((resolve, reject) => {
        const image = new Image();
        image.onload = () => {
            const canvas = document.createElement("canvas");
            canvas.width = kVectorWidth * 2;
            canvas.height = kVectorHeight * 2;
            canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
            canvas.toBlob(resolve, "image/png");
        };
        image.onerror = () => reject(new Error("the browser cannot draw the plot"));
        image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    });
}

function makeSave(app) {
    const save = {};
    save.csvText = () => tableAsCsv(app);
    save.csv = () => download("commands.csv", new Blob([save.csvText()], {type: "text/csv"}));
    save.plotSvg = id => {
        const {view, theme, series, distribution, latency} = app;
        const overTime = series.plots.find(plot => plot.id === id);
        if (overTime) return plotAsSvg(overTime, view.t0, view.t1, timeLabels(view.t0, view.t1, 800), theme);
        const plot = distribution.plots.find(other => other.id === id);
        return plot ? plotAsSvg(plot, latency.low, latency.high, powerLabels(latency.low, latency.high), theme) : "";
    };
    save.plotBlob = async (id, kind) => {
        const svg = save.plotSvg(id);
        return kind === "svg" ? new Blob([svg], {type: "image/svg+xml"}) : svgAsPng(svg);
    };
    save.plot = async (id, kind) => download(`${id}.${kind}`, await save.plotBlob(id, kind));
    save.canvas = (name, canvas) => canvas.toBlob(blob => download(name + ".png", blob), "image/png");
    return save;
}
