// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/report_json.h"

#include <cstring>
#include <optional>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/status.h"

namespace analysis {

namespace {

using Json = nlohmann::ordered_json;

std::string base64(const std::vector<unsigned char>& bytes) {
    constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto at = [&](std::size_t j) {
            return i + j < bytes.size() ? std::uint32_t{bytes[i + j]} : 0u;
        };
        const std::uint32_t three = at(0) << 16 | at(1) << 8 | at(2);
        text += kDigits[three >> 18 & 63];
        text += kDigits[three >> 12 & 63];
        text += i + 1 < bytes.size() ? kDigits[three >> 6 & 63] : '=';
        text += i + 2 < bytes.size() ? kDigits[three & 63] : '=';
    }
    return text;
}

/// A column of little-endian values, in base 64.
template <typename Of>
std::string column(const std::vector<Command>& commands, Of of) {
    using T = std::invoke_result_t<Of, const Command&>;
    std::vector<unsigned char> bytes(commands.size() * sizeof(T));
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const T value = of(commands[i]);
        std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
    return base64(bytes);
}

/// null: it is not in the trace.
template <typename T>
Json known(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

class Writer {
public:
    explicit Writer(const Analysis& analysis) : a_(analysis) {}

    [[nodiscard]] Json write() const {
        Json root;
        root["format"] = 1;
        root["meta"] = {{"file", a_.file},         {"origin_ps", std::to_string(a_.begin_ps)},
                        {"end_ns", ns(a_.end_ps)}, {"complete", a_.complete},
                        {"note", a_.note},         {"details", a_.details},
                        {"events", a_.events}};
        root["stages"] = kStageNames;
        root["queues"] = queues();
        root["commands"] = commands();
        root["opcodes"] = opcodes();
        root["statuses"] = statuses();
        root["groups"] = groups();
        root["series"] = series();
        root["marks"] = marks();
        root["marks_left_out"] = a_.marks_left_out;
        root["limits"] = a_.limits;
        root["use"] = use();
        root["little"] = {{"mean_depth", a_.little.mean_depth},
                          {"iops", a_.little.iops},
                          {"mean_latency_ns", a_.little.mean_latency_ns},
                          {"product", a_.little.product},
                          {"holds_within", a_.little.off_by}};
        root["slowest"] = slowest();
        root["findings"] = findings();
        root["phases"] = phases();
        return root;
    }

private:
    /// Since the begin of the trace.
    [[nodiscard]] double ns(util::TimePs ps) const {
        return ps >= a_.begin_ps ? to_ns(ps - a_.begin_ps) : -to_ns(a_.begin_ps - ps);
    }
    [[nodiscard]] Json queues() const;
    [[nodiscard]] Json commands() const;
    [[nodiscard]] Json opcodes() const;
    [[nodiscard]] Json statuses() const;
    [[nodiscard]] Json groups() const;
    [[nodiscard]] Json series() const;
    [[nodiscard]] Json marks() const;
    [[nodiscard]] Json use() const;
    [[nodiscard]] Json slowest() const;
    [[nodiscard]] Json findings() const;
    [[nodiscard]] Json phases() const;

    const Analysis& a_;
};

Json Writer::queues() const {
    Json list = Json::array();
    for (const auto& [sqid, q] : a_.queues)
        list.push_back({{"sqid", q.sqid},
                        {"cqid", known(q.cqid)},
                        {"size", q.size},
                        {"commands", q.commands},
                        {"most_in_flight", q.most_in_flight},
                        {"doorbells", q.doorbells},
                        {"interrupts", known(q.interrupts)}});
    return list;
}

Json Writer::commands() const {
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
    const auto make = [&](auto of) { return column(a_.commands, of); };
    Json table;
    table["count"] = a_.commands.size();
    table["sqid"] = make([](const Command& c) { return c.sqid; });
    table["cid"] = make([](const Command& c) { return c.cid; });
    table["opcode"] = make([](const Command& c) { return c.opcode; });
    table["nsid"] = make([](const Command& c) { return c.nsid; });
    table["status"] = make([](const Command& c) { return c.status; });
    table["slba"] = make([](const Command& c) { return static_cast<double>(c.slba); });
    table["blocks"] = make([](const Command& c) { return c.blocks; });
    table["bytes"] = make([](const Command& c) { return c.bytes; });
    table["begin_ns"] = make([&](const Command& c) { return ns(c.begin_ps); });
    table["end_ns"] = make([&](const Command& c) { return c.completed() ? ns(c.end_ps) : -1.0; });
    Json stages = Json::array();
    for (std::size_t s = 0; s < kStages; ++s)
        stages.push_back(make([&](const Command& c) { return c.stage_ns[s]; }));
    table["stage_ns"] = std::move(stages);
    return table;
}

Json Writer::opcodes() const {
    Json io = Json::object();
    Json admin = Json::object();
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        const auto byte = static_cast<std::uint8_t>(opcode);
        if (const auto* format = nvme::spec::nvm_format(byte))
            io[std::to_string(opcode)] = format->name;
        if (const auto* format = nvme::spec::admin_format(byte))
            admin[std::to_string(opcode)] = format->name;
    }
    return {{"io", io}, {"admin", admin}};
}

Json Writer::statuses() const {
    std::map<std::uint16_t, std::string> names;
    for (const Command& command : a_.commands)
        if (command.completed() && names.count(command.status) == 0)
            names[command.status] =
                nvme::spec::status_name(static_cast<nvme::spec::StatusCode>(command.status));
    Json object = Json::object();
    for (const auto& [status, name] : names) object[std::to_string(status)] = name;
    return object;
}

Json Writer::groups() const {
    constexpr const char* kNames[] = {"p50_ns", "p90_ns", "p99_ns", "p999_ns", "p9999_ns"};
    Json list = Json::array();
    for (const Group& group : a_.groups) {
        Json g{{"by", group.by},          {"key", group.key},     {"count", group.count},
               {"errors", group.errors},  {"bytes", group.bytes}, {"min_ns", to_ns(group.min_ps)},
               {"mean_ns", group.mean_ns}};
        for (std::size_t p = 0; p < kPercentiles.size(); ++p)
            g[kNames[p]] = to_ns(group.percentiles[p]);
        g["max_ns"] = to_ns(group.max_ps);
        g["stage_mean_ns"] = group.stage_mean_ns;
        g["histogram"] = {{"edges_ns", group.edges_ns}, {"counts", group.counts}};
        list.push_back(std::move(g));
    }
    return list;
}

Json Writer::series() const {
    const Series& s = a_.series;
    std::vector<double> t;
    for (std::size_t i = 0; i < s.iops.size(); ++i)
        t.push_back(to_ns(s.step_ps) * static_cast<double>(i));
    return {{"step_ns", to_ns(s.step_ps)},
            {"t_ns", t},
            {"iops", s.iops},
            {"read_mb_s", s.read_mb_s},
            {"write_mb_s", s.write_mb_s},
            {"depth", s.depth},
            {"link_up", s.link_up},
            {"link_down", s.link_down},
            {"media", s.media},
            {"decoder", s.decoder},
            {"doorbells", s.doorbells},
            {"interrupts", s.interrupts}};
}

Json Writer::marks() const {
    Json list = Json::array();
    for (const Mark& mark : a_.marks)
        list.push_back({{"ns", ns(mark.ps)}, {"kind", mark.kind}, {"text", mark.text}});
    return list;
}

Json Writer::use() const {
    const auto known = [](double value) { return value < 0 ? Json() : Json(value); };
    return {{"link_up", known(a_.use.link_up)},
            {"link_down", known(a_.use.link_down)},
            {"decoder", known(a_.use.decoder)},
            {"media", known(a_.use.media)},
            {"media_accesses", a_.use.media_accesses},
            {"most_media_accesses", a_.use.most_media_accesses},
            {"channels", a_.use.channels},
            {"dies", a_.use.dies}};
}

Json Writer::slowest() const {
    Json list = Json::array();
    for (const Story& story : a_.slowest) {
        Json lines = Json::array();
        for (const StoryLine& line : story.lines)
            lines.push_back({{"ns", ns(line.ps)}, {"text", line.text}});
        list.push_back({{"index", story.index}, {"story", std::move(lines)}});
    }
    return list;
}

Json Writer::findings() const {
    Json list = Json::array();
    for (const Finding& finding : a_.findings)
        list.push_back({{"rule", finding.rule},
                        {"ns", ns(finding.ps)},
                        {"queue", finding.queue < 0 ? Json() : Json(finding.queue)},
                        {"text", finding.text}});
    return list;
}

Json Writer::phases() const {
    Json list = Json::array();
    for (const Phase& phase : a_.phases)
        list.push_back(
            {{"name", phase.name}, {"begin_ns", ns(phase.begin_ps)}, {"end_ns", ns(phase.end_ps)}});
    return list;
}

}  // namespace

// A trace may hold a vendor's reasons, and a damaged one anything.
std::string report_json(const Analysis& analysis) {
    constexpr auto kReplace = Json::error_handler_t::replace;
    return Writer(analysis).write().dump(-1, ' ', false, kReplace) + "\n";
}

}  // namespace analysis
