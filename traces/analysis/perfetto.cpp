// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/perfetto.h"

#include <cmath>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/status.h"
#include "traces/analysis/words.h"

namespace analysis {
using util::TimePs;

namespace {

/// The process of marks and counters; a queue's is its identifier.
constexpr unsigned kController = 100'000;

std::string quoted(const std::string& text) {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    return nlohmann::json(text).dump(-1, ' ', false, kReplace);
}

/// The format counts in microseconds.
std::string us(TimePs ps) {
    return fixed(static_cast<double>(ps) / 1e6, 6);
}

class Writer {
public:
    explicit Writer(const Analysis& analysis) : a_(analysis) {}

    std::string write() {
        name_process(kController, "controller");
        for (const auto& [sqid, queue] : a_.queues)
            name_process(sqid, sqid == 0 ? "admin queue" : "queue " + std::to_string(sqid));
        for (const Command& command : a_.commands)
            if (command.completed()) show(command);
        for (const Mark& mark : a_.marks)
            begin("i", mark.ps, kController, 0)
                .append(",\"s\":\"g\",\"name\":" + quoted(mark.kind + ": " + mark.text) + "}");
        const Series& s = a_.series;
        count("depth", s.depth);
        count("IOPS", s.iops);
        count("link up", s.link_up);
        count("link down", s.link_down);
        count("media", s.media);
        count("decoder", s.decoder);
        return text_ + "\n],\"displayTimeUnit\":\"ns\"}\n";
    }

private:
    /// An event that wants its name and an end.
    std::string& begin(const char* phase, TimePs at, unsigned process, std::size_t lane) {
        text_ += first_ ? "\n" : ",\n";
        first_ = false;
        return text_.append("{\"ph\":\"")
            .append(phase)
            .append("\",\"ts\":")
            .append(us(at))
            .append(",\"pid\":")
            .append(std::to_string(process))
            .append(",\"tid\":")
            .append(std::to_string(lane));
    }
    void name_process(unsigned process, const std::string& name) {
        begin("M", 0, process, 0)
            .append(",\"name\":\"process_name\",\"args\":{\"name\":" + quoted(name) + "}}");
    }
    void slice(TimePs from, TimePs length, const Command& c, std::size_t lane,
               std::string_view name, const std::string& more) {
        begin("X", from, c.sqid, lane)
            .append(",\"dur\":" + us(length) + ",\"name\":\"")
            .append(name)
            .append("\"" + more + "}");
    }
    /// The first lane of its queue that is free again.
    std::size_t lane_of(const Command& command) {
        std::vector<TimePs>& busy = lanes_[command.sqid];
        std::size_t lane = 0;
        while (lane < busy.size() && busy[lane] > command.begin_ps) ++lane;
        if (lane == busy.size()) busy.push_back(0);
        busy[lane] = command.end_ps;
        return lane;
    }
    void show(const Command& c) {
        const std::size_t lane = lane_of(c);
        const auto status = static_cast<nvme::spec::StatusCode>(c.status);
        slice(
            c.begin_ps, c.end_ps - c.begin_ps, c, lane, nvme::spec::command_name(c.sqid, c.opcode),
            ",\"args\":{\"cid\":" + std::to_string(c.cid) + ",\"nsid\":" + std::to_string(c.nsid) +
                ",\"slba\":" + std::to_string(c.slba) + ",\"blocks\":" + std::to_string(c.blocks) +
                ",\"status\":" + quoted(nvme::spec::status_name(status)) + "}");
        TimePs at = c.begin_ps;
        for (std::size_t s = 0; s <= static_cast<std::size_t>(Stage::kCompletion); ++s) {
            if (c.stage_ns[s] <= 0) continue;
            const auto length =
                static_cast<TimePs>(std::llround(static_cast<double>(c.stage_ns[s]) * 1e3));
            const TimePs fits = at + length > c.end_ps ? c.end_ps - at : length;
            slice(at, fits, c, lane, kStageNames[s], "");
            at += fits;
        }
    }
    void count(const char* name, const std::vector<double>& values) {
        for (std::size_t i = 0; i < values.size(); ++i)
            begin("C", a_.begin_ps + a_.series.step_ps * i, kController, 0)
                .append(",\"name\":\"")
                .append(name)
                .append("\",\"args\":{\"value\":")
                .append(fixed(values[i], 3) + "}}");
    }

    const Analysis& a_;
    std::string text_ = "{\"traceEvents\":[";
    bool first_ = true;
    std::map<std::uint16_t, std::vector<TimePs>> lanes_;  // by queue: busy until
};

}  // namespace

std::string perfetto_json(const Analysis& analysis) {
    return Writer(analysis).write();
}

}  // namespace analysis
