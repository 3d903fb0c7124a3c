// The table of commands: those that the filter takes, in the window if that is wished, sorted by any
// column. Only the rows in sight exist as elements, so a million of them scroll as a hundred do.

const kRowHeight = 22, kTallestScroll = 8e6;  // browsers limit the height of an element

function makeTable(app, parent) {
    const {data, view, columns} = app;
    const shown = columns.filter(column => !column.hidden);
    const scroller = parent.querySelector(".scroller"), head = parent.querySelector(".head");
    const space = parent.querySelector(".space"), body = parent.querySelector(".rows");
    const note = document.getElementById("row-count"), inWindow = document.getElementById("in-window");
    const table = {rows: new Uint32Array(0), by: "index", down: false};
    const width = shown.reduce((sum, column) => sum + column.width + 12, 0);
    head.style.width = body.style.width = space.style.width = width + "px";

    for (const column of shown) {
        const cell = document.createElement("button");
        cell.style.width = column.width + "px";
        cell.className = column.right ? "right" : "";
        cell.dataset.key = column.key;
        cell.title = column.spec;
        // Numbers begin with the largest: what is slow or big is what one looks for.
        cell.addEventListener("click", () => {
            const first = column.key !== "index" && !!column.right;
            table.sort(column.key, table.by === column.key ? !table.down : first);
        });
        head.append(cell);
    }

    table.choose = () => {
        const chosen = new Uint32Array(data.count);
        const everywhere = !inWindow.checked || view.isWhole();
        let n = 0;
        for (let i = 0; i < data.count; ++i)
            if (everywhere ? !view.mask || view.mask[i] === 1 : view.shows(i)) chosen[n++] = i;
        table.rows = chosen.slice(0, n);
        order();
        note.textContent = `${formatCount(n)} of ${formatCount(data.count)} commands`;
        show();
    };

    // Unknown values come last, whatever the direction; equal ones in the order of fetch.
    function order() {
        if (table.by === "index" && !table.down) return;
        const {value} = shown.find(column => column.key === table.by);
        const sign = table.down ? -1 : 1;
        const keys = new Float64Array(data.count);
        for (const i of table.rows) {
            const key = value(i) * sign;
            keys[i] = key === key ? key : Infinity;
        }
        table.rows.sort((a, b) => keys[a] - keys[b] || a - b);
    }
    table.sort = (key, down) => {
        if (!shown.some(column => column.key === key)) return;
        table.by = key;
        table.down = !!down;
        table.choose();
        scroller.scrollTop = 0;
    };

    function show() {
        if (!parent.offsetParent) return;
        for (const cell of head.children) {
            const column = shown.find(c => c.key === cell.dataset.key);
            cell.textContent = column.title + (table.by === column.key ? (table.down ? " ▾" : " ▴") : "");
        }
        const full = table.rows.length * kRowHeight, tall = Math.min(full, kTallestScroll);
        space.style.height = tall + "px";
        // Where the scroll bar cannot be as tall as the rows, its position is a share of them.
        const inSight = scroller.clientHeight, room = Math.max(1, tall - inSight);
        const offset = full > tall ? scroller.scrollTop / room * (full - inSight) : scroller.scrollTop;
        const first = Math.max(0, Math.floor(offset / kRowHeight)), count = Math.ceil(inSight / kRowHeight) + 1;
        body.style.transform = `translateY(${scroller.scrollTop - (offset - first * kRowHeight)}px)`;
        const lines = [];
        for (let at = first; at < Math.min(first + count, table.rows.length); ++at) lines.push(line(table.rows[at]));
        body.replaceChildren(...lines);
    }
    function line(i) {
        const row = document.createElement("div");
        row.className = "row" + (i === view.selected ? " selected" : "") + (data.status[i] !== 0 ? " error" : "");
        row.dataset.index = i;
        for (const column of shown) {
            const cell = document.createElement("span");
            cell.style.width = column.width + "px";
            if (column.right) cell.className = "right";
            cell.textContent = column.text(i);
            row.append(cell);
        }
        return row;
    }

    table.show = onceAFrame(show);
    // Brings the selected command into sight, if it is among the rows.
    table.reveal = () => {
        table.show();
        const at = view.selected < 0 ? -1 : table.rows.indexOf(view.selected);
        if (at < 0) return;
        const full = table.rows.length * kRowHeight, tall = Math.min(full, kTallestScroll);
        const y = full > tall ? at / table.rows.length * tall : at * kRowHeight;
        if (Math.abs(y - scroller.scrollTop - scroller.clientHeight / 2) > scroller.clientHeight / 2 - kRowHeight)
            scroller.scrollTop = y - scroller.clientHeight / 2;
    };
    scroller.addEventListener("scroll", table.show);
    new ResizeObserver(table.show).observe(scroller);
    const indexOf = event => { const row = event.target.closest(".row"); return row ? Number(row.dataset.index) : -1; };
    body.addEventListener("click", event => view.select(indexOf(event)));
    body.addEventListener("dblclick", event => view.goTo(indexOf(event)));
    inWindow.addEventListener("change", table.choose);
    view.on("filter", table.choose);
    view.on("window", whenQuiet(() => { if (inWindow.checked) table.choose(); }, 120));
    view.on("selection", table.reveal);
    return table;
}
