// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/params/power_states.h"

#include <charconv>
#include <optional>

namespace nvme {
namespace {

constexpr std::size_t kMostStates = 32;
constexpr std::uint32_t kMostMilliwatts = 655'350;       // MP in units of 0.01 W
constexpr std::uint32_t kMostMicroseconds = 10'000'000;  // as every latency parameter: 10 s
constexpr std::uint32_t kMostMbPerS = 10'000'000;        // as the controller's memory
constexpr std::uint32_t kFineMilliwatts = 6'553;         // MP, IDLP, ACTP in units of 0.0001 W

/// Takes what is before the next `separator` off the front of `text`, without spaces around it.
std::string_view next_part(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    return part;
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t most) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > most)
        return std::nullopt;
    return value;
}

/// Stores one "key=value" or flag; empty, or what is allowed.
std::string assign(PowerState& state, std::string_view field) {
    if (field == "nops") {
        state.non_operational = true;
        return {};
    }
    std::string_view rest = field;
    const std::string_view key = next_part(rest, '=');
    const auto take = [rest](auto& target, std::uint32_t most) -> std::string {
        const auto value = number(rest, most);
        if (!value) return "must be 0 to " + std::to_string(most);
        target = static_cast<std::remove_reference_t<decltype(target)>>(*value);
        return {};
    };
    if (key == "mp") return take(state.max_power_mw, kMostMilliwatts);
    if (key == "idlp") return take(state.idle_power_mw, kMostMilliwatts);
    if (key == "enlat") return take(state.entry_us, kMostMicroseconds);
    if (key == "exlat") return take(state.exit_us, kMostMicroseconds);
    if (key == "actp") return take(state.active_power_mw, kMostMilliwatts);
    if (key == "apw") return take(state.workload, 2);
    if (key == "rmax") return take(state.most_read_mb_s, kMostMbPerS);
    if (key == "wmax") return take(state.most_write_mb_s, kMostMbPerS);
    if (key == "rrt") return take(state.read_throughput, kMostStates - 1);
    if (key == "rrl") return take(state.read_latency, kMostStates - 1);
    if (key == "rwt") return take(state.write_throughput, kMostStates - 1);
    if (key == "rwl") return take(state.write_latency, kMostStates - 1);
    return "must be mp, idlp, actp, apw, enlat, exlat, rrt, rrl, rwt, rwl, rmax or wmax with a "
           "value, or nops";
}

/// The finer scale where the value needs it and has room in it. [NVMe-Base-2.0 5.17.2.1, Power
/// State Descriptor, MXPS and IPS]
bool fine(std::uint32_t milliwatts) {
    return milliwatts % 10 != 0 && milliwatts <= kFineMilliwatts;
}
std::uint16_t scaled(std::uint32_t milliwatts) {
    return static_cast<std::uint16_t>(fine(milliwatts) ? milliwatts * 10 : milliwatts / 10);
}

}  // namespace

PowerTable parse_power_states(std::string_view text) {
    PowerTable table;
    const auto complain = [&](const std::string& what) { table.problems.push_back(what); };
    for (std::size_t index = 0; !text.empty() || index == 0; ++index) {
        std::string_view state_text = next_part(text, ';');
        const std::string who = "state " + std::to_string(index);
        PowerState state;
        while (!state_text.empty()) {
            const std::string_view field = next_part(state_text, ',');
            const std::string wrong = assign(state, field);
            if (!wrong.empty()) complain(who + ": " + std::string(field) + ": " + wrong);
        }
        if (state.workload == 0) complain(who + ": apw must be 1 or 2");
        if (state.active_power_mw > state.max_power_mw) complain(who + ": actp must not exceed mp");
        if (state.max_power_mw == 0) complain(who + ": mp must be given, and not 0");
        if (index == 0 && state.non_operational) complain("state 0 must be operational");
        if (index != 0 && state.max_power_mw > table.states.back().max_power_mw)
            complain(who + ": mp must not exceed that of the state before");
        table.states.push_back(state);
    }
    const std::size_t count = table.states.size();
    if (count > kMostStates) complain("there must be 1 to 32 states");
    for (const PowerState& s : table.states)
        for (const std::uint8_t rank :
             {s.read_throughput, s.read_latency, s.write_throughput, s.write_latency})
            if (rank >= count)
                complain("rrt, rrl, rwt and rwl must be less than the number of states");
    if (!table.problems.empty()) table.states.clear();
    return table;
}

spec::PowerStateDescriptor describe(const PowerState& state) {
    constexpr std::uint8_t kMxps = 1 << 0, kNops = 1 << 1;
    spec::PowerStateDescriptor d{};
    d.mp = scaled(state.max_power_mw);
    d.flags = static_cast<std::uint8_t>((fine(state.max_power_mw) ? kMxps : 0) |
                                        (state.non_operational ? kNops : 0));
    d.enlat = state.entry_us;
    d.exlat = state.exit_us;
    d.rrt = state.read_throughput;
    d.rrl = state.read_latency;
    d.rwt = state.write_throughput;
    d.rwl = state.write_latency;
    if (state.idle_power_mw != 0) {
        d.idlp = scaled(state.idle_power_mw);
        d.ips = static_cast<std::uint8_t>((fine(state.idle_power_mw) ? 1 : 2) << 6);
    }
    if (state.active_power_mw != 0) {
        d.actp = scaled(state.active_power_mw);
        d.apws =
            static_cast<std::uint8_t>((fine(state.active_power_mw) ? 1 : 2) << 6 | state.workload);
    }
    return d;
}

}  // namespace nvme
