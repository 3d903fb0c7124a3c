// What stands around the pictures: panels, the filter's field, the choice of colours, the splitter.

function makeTabs(app) {
    const buttons = [...document.querySelectorAll("nav button")], panels = [...document.querySelectorAll(".panel")];
    const show = at => {
        buttons.forEach((button, n) => button.setAttribute("aria-selected", String(n === at)));
        panels.forEach((panel, n) => { panel.hidden = n !== at; });
        app.series.resize();
        app.distribution.resize();
        app.latency.surface.redraw();
        app.table.show();
    };
    buttons.forEach((button, at) => button.addEventListener("click", () => show(at)));
    return {show};
}

function makeFilter(app) {
    const input = document.getElementById("filter"), problem = document.getElementById("filter-error");
    const fields = filterFields(app.columns);
    let error = "";
    const apply = () => {
        try {
            const test = compileFilter(input.value, fields);
            error = "";
            app.view.setFilter(input.value, test);
        } catch (wrong) {
            error = wrong.message;
        }
        problem.textContent = error;
        input.classList.toggle("wrong", error !== "");
    };
    input.addEventListener("input", whenQuiet(apply, 250));
    input.addEventListener("change", apply);
    return {
        set: text => { input.value = text; apply(); },
        focus: () => { input.focus(); input.select(); },
        error: () => error,
    };
}

// Colours of the timeline, and what they mean.
function connectColours(app) {
    const {view, theme, data} = app;
    const choice = document.getElementById("colour"), legend = document.getElementById("legend");
    const show = () => {
        let entries = data.stageNames.map((name, s) => [name, theme.stages[s]]).concat([["not known", theme.unknown]]);
        if (view.colour === "opcode")
            entries = data.kinds.slice(0, 8).map((kind, at) => [kind.name, theme.kindColour(at)]);
        if (view.colour === "latency")
            entries = [0, 0.25, 0.5, 0.75, 1].map(part =>
                [formatTime(10 ** app.latencyAt(part)), theme.latency[Math.round(part * 63)]]);
        legend.replaceChildren(...entries.map(([name, colour]) => {
            const entry = element("span", name), patch = element("i");
            patch.style.background = colour;
            entry.prepend(patch);
            return entry;
        }));
    };
    const set = () => { view.colour = choice.value; show(); view.tell("colour"); };
    choice.addEventListener("change", set);
    app.nextColour = () => { choice.selectedIndex = (choice.selectedIndex + 1) % choice.options.length; set(); };
    view.on("theme", show);
    show();
}

// The border between the timeline and the panels can be dragged.
function connectSplitter(app) {
    const bar = document.getElementById("splitter"), top = document.getElementById("timeline");
    bar.addEventListener("pointerdown", event => bar.setPointerCapture(event.pointerId));
    bar.addEventListener("pointermove", event => {
        if (!bar.hasPointerCapture(event.pointerId)) return;
        const box = top.parentElement.getBoundingClientRect();
        top.style.flexBasis = Math.max(80, Math.min(box.height - 120, event.clientY - box.top)) + "px";
    });
    bar.addEventListener("pointerup", () => app.distribution.resize());
}
