// SPDX-License-Identifier: Apache-2.0
// What the numbers of a waveform mean, from the tables that the controller itself goes by.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/status.h"
#include "models/observe/lint_rules.h"
#include "models/observe/vcd/vcd_device.h"
#include "models/observe/vcd/vcd_nand.h"
#include "models/observe/vcd/vcd_steps.h"
#include "models/observe/vcd/vcd_views.h"

namespace observe {

namespace {

using Names = std::vector<std::pair<unsigned, std::string>>;

template <typename E>
Names words() {
    Names names;
    for (std::size_t i = 0; i < Words<E>::names.size(); ++i)
        names.emplace_back(static_cast<unsigned>(i), Words<E>::names[i]);
    return names;
}

// What has no name stays a number.
Names opcodes(std::uint16_t sqid) {
    Names names;
    for (unsigned opcode = 0; opcode < 256; ++opcode)
        if (const auto* row = nvme::spec::format_of(sqid, static_cast<std::uint8_t>(opcode)))
            names.emplace_back(opcode, row->name);
    return names;
}

Names statuses() {
    Names names;
    for (const nvme::spec::StatusName& status : nvme::spec::kStatusNames)
        names.emplace_back(static_cast<unsigned>(status.code), status.name);
    return names;
}

Names rules() {
    Names names;
    for (std::size_t i = 0; i < kLintRules; ++i)
        names.emplace_back(static_cast<unsigned>(i), word_of(static_cast<LintRule>(i)));
    return names;
}

Names power_states() {
    Names names;
    for (unsigned i = 0; i < 32; ++i) names.emplace_back(i, "PS" + std::to_string(i));
    return names;
}

}  // namespace

std::vector<VcdFilter> vcd_filters() {
    return {
        {"admin_opcode", 8, opcodes(0)},
        {"io_opcode", 8, opcodes(1)},
        {"status", 11, statuses()},
        {"state", 3, words<VcdState>()},
        {"step", 3, words<VcdStep>()},
        {"die", 2, words<VcdDie>()},
        {"power", 5, power_states()},
        {"rule", 8, rules()},
        {"shn", 2, {{0, "none"}, {1, "normal"}, {2, "abrupt"}}},
        {"shst", 2, {{0, "normal operation"}, {1, "occurring"}, {2, "complete"}}},
        {"event_type",
         3,
         {{0, "Error"},
          {1, "SMART / Health"},
          {2, "Notice"},
          {3, "Immediate"},
          {6, "I/O Command Set"},
          {7, "Vendor Specific"}}},
    };
}

}  // namespace observe
