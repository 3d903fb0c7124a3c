// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/csv.h"

#include "models/nvme/spec/command_formats.h"
#include "traces/analysis/words.h"

namespace analysis {

namespace {

/// Picoseconds as nanoseconds, exactly.
void append_ns(std::string& text, util::TimePs ps) {
    const std::string fraction = std::to_string(ps % 1000);
    text.append(std::to_string(ps / 1000)).append(1, '.');
    text.append(3 - fraction.size(), '0').append(fraction);
}

}  // namespace

std::string commands_csv(const Analysis& analysis) {
    std::string text =
        "sqid,cid,opcode,name,nsid,slba,blocks,bytes,status,fetched_ns,end_ns,latency_ns";
    for (const std::string_view stage : kStageNames) text.append(",").append(stage).append("_ns");
    text += '\n';
    for (const Command& c : analysis.commands) {
        text += std::to_string(c.sqid) + ',' + std::to_string(c.cid) + ',' + hex(c.opcode) + ',';
        text += nvme::spec::command_name(c.sqid, c.opcode);
        text += ',' + std::to_string(c.nsid) + ',';
        if (c.blocks != 0) text += std::to_string(c.slba);
        text += ',' + std::to_string(c.blocks) + ',' + std::to_string(c.bytes) + ',';
        if (c.completed()) text += hex(c.status);
        text += ',';
        append_ns(text, c.fetched_ps);
        text += ',';
        if (c.completed()) append_ns(text, c.end_ps);
        text += ',';
        if (c.completed()) append_ns(text, c.latency_ps());
        for (const float ns : c.stage_ns) {
            text += ',';
            if (ns >= 0) text += fixed(static_cast<double>(ns), 3);
        }
        text += '\n';
    }
    return text;
}

}  // namespace analysis
