// The keyboard. The same list is the help.

function makeKeys(app) {
    const {view} = app;
    const width = () => view.t1 - view.t0;
    const keys = [
        ["w", "zoom in", () => view.zoom(0.6)], ["s", "zoom out", () => view.zoom(1 / 0.6)],
        ["a", "earlier", () => view.pan(-width() * 0.2)], ["d", "later", () => view.pan(width() * 0.2)],
        ["ArrowUp", "zoom in", () => view.zoom(0.6)], ["ArrowDown", "zoom out", () => view.zoom(1 / 0.6)],
        ["ArrowLeft", "earlier", () => view.pan(-width() * 0.2)],
        ["ArrowRight", "later", () => view.pan(width() * 0.2)],
        ["0", "the whole run", () => view.setWindow(...view.whole)],
        ["Backspace", "the window before", () => view.back()],
        ["f", "show the selected command", () => view.goTo(view.selected)],
        ["[", "previous command of the lane", () => app.step(-1)], ["]", "next command of the lane", () => app.step(1)],
        ["Escape", "select nothing", () => { view.select(-1); app.help.close(); }],
        ["c", "colours: stage, opcode, latency", () => app.nextColour()],
        ["/", "filter", () => app.filter.focus()],
        ["1 … 6", "panels", null],
        ["t", "dark or light", () => app.theme.toggle()],
        ["e", "save the table as CSV", () => app.save.csv()],
        ["?", "this list", () => (app.help.open ? app.help.close() : app.help.showModal())],
    ];
    const works = new Map(keys.map(([key, , work]) => [key, work]));
    document.addEventListener("keydown", event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target.closest("input, select, textarea")) {
            if (event.key === "Escape") event.target.blur();
            return;
        }
        if (/^[1-6]$/.test(event.key)) { app.tabs.show(Number(event.key) - 1); return; }
        const work = works.get(event.key);
        if (!work) return;
        event.preventDefault();
        work();
    });
    const list = element("dl");
    for (const [key, text] of keys) list.append(element("dt", key), element("dd", text));
    const pointer = [
        ["wheel", "zoom at the pointer"], ["drag", "pan"], ["Shift and drag", "choose a span of time"],
        ["Shift and wheel", "pan"], ["Alt and wheel", "scroll queues"],
        ["double click", "zoom in; in a table: go there"],
    ];
    for (const [key, text] of pointer)
        list.append(element("dt", key), element("dd", text));
    app.help.querySelector(".keys").append(list);
}
