// Colours, dark and light. What CSS draws takes them from page.css; these are for what canvases draw.

const kStageColours = {
    light: ["#7f8ea3", "#3f7cc4", "#2aa198", "#e07b39", "#4f9d49", "#a765b0", "#d8ab1e", "#b59a83"],
    dark: ["#77879e", "#4b8fdd", "#2fb3a8", "#ea8848", "#5db457", "#b877c2", "#e0b838", "#96806d"],
};
const kKindColours = ["#3f7cc4", "#e07b39", "#4f9d49", "#a765b0", "#d8ab1e", "#2aa198", "#c94f5d", "#7f8ea3"];
const kMarkColours = {
    reset: "#d33f49", state: "#3f7cc4", gc: "#a765b0", power: "#2aa198", fault: "#d33f49", aer: "#d8ab1e",
    lint: "#e0609e", refusal: "#e07b39", phase: "#7f8ea3", health: "#4f9d49", flush: "#5b6bd6",
};
const kSurfaces = {
    light: {ground: "#ffffff", band: "#f4f6f9", line: "#dde2e9", text: "#1d2530", faint: "#66717f", dim: "#e4e8ed",
            unknown: "#aab4c0", most: "#e9edf2", select: "#111111", heat: ["#eef3fa", "#08306b"]},
    dark: {ground: "#14181e", band: "#191e26", line: "#2c343f", text: "#e3e8ef", faint: "#8f9bab", dim: "#232a33",
           unknown: "#5b6675", most: "#222933", select: "#ffffff", heat: ["#1b2430", "#ffd86b"]},
};
// From quick to slow.
const kLatencyStops = ["#3b4cc0", "#3f9fb0", "#6cbf5a", "#e8c33a", "#e8702a", "#b40426"];

function rgbOf(hex) {
    return [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
}
// As a pixel of a little-endian RGBA buffer.
function packed(hex) {
    const [r, g, b] = rgbOf(hex);
    return (255 << 24 | b << 16 | g << 8 | r) >>> 0;
}
function mixed(a, b, part) {
    const other = rgbOf(b);
    return "#" + rgbOf(a).map((v, i) => Math.round(v + (other[i] - v) * part).toString(16).padStart(2, "0")).join("");
}
function rampOf(stops, steps) {
    return Array.from({length: steps}, (_, i) => {
        const at = i / (steps - 1) * (stops.length - 1);
        const left = Math.min(Math.floor(at), stops.length - 2);
        return mixed(stops[left], stops[left + 1], at - left);
    });
}

function makeTheme(view, stages) {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = {name: system.matches ? "dark" : "light"};
    const latencyRamp = rampOf(kLatencyStops, 64);
    const apply = () => {
        document.documentElement.dataset.theme = theme.name;
        Object.assign(theme, kSurfaces[theme.name]);
        const own = kStageColours[theme.name];
        theme.stages = Array.from({length: stages}, (_, i) => own[i % own.length]);
        theme.kinds = kKindColours;
        theme.latency = latencyRamp;
        theme.heatRamp = rampOf(theme.heat, 64);
        theme.pixel = {
            ground: packed(theme.ground), band: packed(theme.band), line: packed(theme.line), dim: packed(theme.dim),
            unknown: packed(theme.unknown), most: packed(theme.most),
            stages: [...theme.stages, theme.unknown].map(packed), kinds: kKindColours.map(packed),
            latency: latencyRamp.map(packed), heat: theme.heatRamp.map(packed),
        };
    };
    theme.kindColour = kind => kKindColours[kind % kKindColours.length];
    theme.set = name => {
        theme.name = name === "dark" ? "dark" : "light";
        apply();
        view.tell("theme");
    };
    theme.toggle = () => theme.set(theme.name === "dark" ? "light" : "dark");
    // The system's wish, until the switch has been used, and again when the wish changes.
    system.addEventListener("change", () => theme.set(system.matches ? "dark" : "light"));
    apply();
    return theme;
}
