// The selected command: its life as a bar, every field with its name in the specification, and its story
// if it is one of the slowest.

function makeDetails(app, parent) {
    const {data, view, theme, columns} = app;
    const stories = new Map((data.report.slowest || []).map(slow => [slow.index, slow.story || []]));

    function lifeBar(i) {
        const bar = element("div", undefined, "life");
        const whole = data.lifeEnd[i] - data.begin_ns[i];
        data.stages.forEach((stage, s) => {
            if (!(stage[i] > 0)) return;
            const piece = element("i");
            piece.style.width = stage[i] / whole * 100 + "%";
            piece.style.background = theme.stages[s];
            piece.title = `${data.stageNames[s]} ${formatTime(stage[i])}`;
            bar.append(piece);
        });
        return bar;
    }

    function field(list, name, text, colour) {
        const title = element("dt", name);
        if (colour) title.style.boxShadow = `inset 4px 0 ${colour}`, title.style.paddingLeft = "9px";
        list.append(title, element("dd", text));
    }

    function show() {
        const i = view.selected;
        if (i < 0) {
            parent.replaceChildren(element("p", "Click a command to see all of it.", "absent"));
            return;
        }
        const kind = data.kinds[data.kind[i]];
        const title = element("h2", `${kind.name}, CID ${data.cid[i]}`);
        const buttons = element("p");
        const previous = () => app.step(-1), next = () => app.step(1);
        const works = [["show", () => view.goTo(i)], ["‹ previous", previous], ["next ›", next]];
        for (const [text, work] of works) {
            const button = element("button", text);
            button.addEventListener("click", work);
            buttons.append(button, " ");
        }
        const whole = data.lifeEnd[i] - data.begin_ns[i];
        const list = element("dl"), stages = element("dl");
        for (const column of columns) {
            if (column.hidden) continue;
            if (column.stage === undefined) {
                field(list, column.spec, column.absent ? "not in this trace" : column.text(i));
                continue;
            }
            const ns = data.stages[column.stage][i];
            const text = ns < 0 ? "not in this trace" : `${formatTime(ns)} (${formatShare(ns / whole)})`;
            field(stages, column.title, text, theme.stages[column.stage]);
        }
        const queue = (data.report.queues || []).find(q => q.sqid === data.sqid[i]);
        if (queue) field(list, "Completion Queue Identifier (CQID)", String(queue.cqid ?? "not in this trace"));
        parent.replaceChildren(title, buttons, lifeBar(i), stages, element("h3", "Entry"), list);
        const story = stories.get(i);
        if (!story) return;
        const steps = element("ol", undefined, "story");
        for (const step of story) {
            const line = element("li", step.text);
            line.prepend(element("b", "+" + formatTime(step.ns - data.begin_ns[i])), " ");
            steps.append(line);
        }
        parent.append(element("h3", "One of the slowest: its story"), steps);
    }
    view.on("selection", show);
    view.on("theme", show);
    show();
}
