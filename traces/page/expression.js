// The filter: `opcode == Read && latency > 1ms && (queue == 3 || status != 0)`. It is read here and
// becomes a function of a command's place; nothing of it is ever executed as script.

const kToken = new RegExp("\\s*(?:" + [
    "(&&|\\|\\||==|!=|<=|>=|[<>!()~])",                             // 1: a sign
    "\"([^\"]*)\"", "'([^']*)'",                                    // 2, 3: a text
    "(0x[0-9a-f]+|\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)([a-zµ%]*)",      // 4, 5: a number and its unit
    "([a-z_][\\w/-]*)",                                             // 6: a name
].join("|") + ")", "iy");
const kNumberUnits = {"": 1, ns: 1, us: 1e3, "µs": 1e3, ms: 1e6, s: 1e9, k: 1e3, m: 1e6, kib: 1024, mib: 1 << 20,
                      kb: 1e3, mb: 1e6, b: 1};

function tokensOf(text) {
    const tokens = [];
    kToken.lastIndex = 0;
    while (text.slice(kToken.lastIndex).trim() !== "") {
        const at = kToken.lastIndex;
        const match = kToken.exec(text);
        if (!match) throw new Error(`cannot read "${text.slice(at).trim().slice(0, 20)}"`);
        if (match[1]) tokens.push({sign: match[1]});
        else if (match[4] !== undefined) tokens.push({number: numberOf(match[4], match[5])});
        else if (match[6]) tokens.push({name: match[6]});
        else tokens.push({text: match[2] !== undefined ? match[2] : match[3]});
    }
    return tokens;
}

function numberOf(digits, unit) {
    const size = kNumberUnits[unit.toLowerCase()];
    if (size === undefined) throw new Error(`"${digits}${unit}": units are ns, us, ms, s, KiB, MiB, k, M`);
    return Number(digits) * size;
}

// Returns the function; an empty text gives null: all commands. Throws an Error that says what is wrong.
// `fields` are by name (columns.js): value(i) is a number, text(i) what people call it.
function compileFilter(text, fields) {
    const tokens = tokensOf(text);
    if (tokens.length === 0) return null;
    let at = 0;
    const take = sign => at < tokens.length && tokens[at].sign === sign && ++at > 0;

    const either = () => {
        let left = both();
        while (take("||")) { const a = left, b = both(); left = i => a(i) || b(i); }
        return left;
    };
    const both = () => {
        let left = single();
        while (take("&&")) { const a = left, b = single(); left = i => a(i) && b(i); }
        return left;
    };
    const single = () => {
        if (take("!")) { const inner = single(); return i => !inner(i); }
        if (!take("(")) return comparison();
        const inner = either();
        if (!take(")")) throw new Error("a ) is missing");
        return inner;
    };
    const comparison = () => {
        const name = (tokens[at] || {}).name;
        if (!name) throw new Error("a field is expected: " + [...fields.keys()].join(", "));
        const field = fields.get(name.toLowerCase());
        if (!field) throw new Error(`no field "${name}"; there are ${[...fields.keys()].join(", ")}`);
        const sign = (tokens[++at] || {}).sign;
        if (!["==", "!=", "<", "<=", ">", ">=", "~"].includes(sign)) return i => field.value(i) > 0;
        const operand = tokens[++at] || {};
        ++at;
        return compare(field, sign, operand);
    };

    const whole = either();
    if (at < tokens.length) throw new Error("&& or || is expected after the first comparison");
    return whole;
}

// What is not known of a command compares as false, whatever the sign.
function compare(field, sign, operand) {
    const known = i => !Number.isNaN(field.value(i));
    const words = operand.text !== undefined ? operand.text : operand.name;
    if (sign === "~") {
        const part = String(words !== undefined ? words : operand.number).toLowerCase();
        return i => field.text(i).toLowerCase().includes(part);
    }
    if (words !== undefined) {
        if (sign !== "==" && sign !== "!=") throw new Error(`${sign} needs a number, not "${words}"`);
        const wanted = words.toLowerCase();
        const called = field.name || field.text;
        return i => known(i) && (called(i).toLowerCase() === wanted) === (sign === "==");
    }
    const n = operand.number, value = field.value;
    if (n === undefined) throw new Error(`a value is expected after ${sign}`);
    switch (sign) {
        case "==": return i => value(i) === n;
        case "!=": return i => known(i) && value(i) !== n;
        case "<": return i => value(i) < n;
        case "<=": return i => value(i) <= n;
        case ">": return i => value(i) > n;
        default: return i => value(i) >= n;
    }
}
