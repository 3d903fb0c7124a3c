// SPDX-License-Identifier: Apache-2.0
// What the numbers of a waveform mean, from the tables that the controller itself goes by.
#include <cstddef>
#include <string>
#include <string_view>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/status.h"
#include "models/observe/lint_rules.h"
#include "models/observe/vcd/vcd_device.h"
#include "models/observe/vcd/vcd_steps.h"
#include "models/observe/vcd/vcd_views.h"

namespace observe {

namespace {

/// As GTKWave writes a value of so many bits in base 16: that is what it looks up.
std::string line(unsigned width, unsigned value, std::string_view name) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text;
    for (unsigned digit = (width + 3) / 4; digit-- != 0;) text += kDigits[value >> 4 * digit & 15];
    return text.append(1, ' ').append(name).append(1, '\n');
}

template <typename E>
std::string words(unsigned width) {
    std::string lines;
    for (std::size_t i = 0; i < Words<E>::names.size(); ++i)
        lines += line(width, static_cast<unsigned>(i), Words<E>::names[i]);
    return lines;
}

// What has no name stays a number.
std::string opcodes(std::uint16_t sqid) {
    std::string lines;
    for (unsigned opcode = 0; opcode < 256; ++opcode)
        if (const auto* row = nvme::spec::format_of(sqid, static_cast<std::uint8_t>(opcode)))
            lines += line(8, opcode, row->name);
    return lines;
}

std::string statuses() {
    std::string lines;
    for (const nvme::spec::StatusName& status : nvme::spec::kStatusNames)
        lines += line(11, static_cast<unsigned>(status.code), status.name);
    return lines;
}

std::string rules() {
    std::string lines;
    for (std::size_t i = 0; i < kLintRules; ++i)
        lines += line(8, static_cast<unsigned>(i), word_of(static_cast<LintRule>(i)));
    return lines;
}

std::string power_states() {
    std::string lines;
    for (unsigned i = 0; i < 32; ++i) lines += line(5, i, "PS" + std::to_string(i));
    return lines;
}

}  // namespace

std::vector<VcdFilter> vcd_filters() {
    return {
        {"admin_opcode", opcodes(0)},
        {"io_opcode", opcodes(1)},
        {"status", statuses()},
        {"state", words<VcdState>(3)},
        {"step", words<VcdStep>(3)},
        {"power", power_states()},
        {"rule", rules()},
        {"shn", "0 none\n1 normal\n2 abrupt\n"},
        {"shst", "0 normal operation\n1 occurring\n2 complete\n"},
        {"event_type",
         "0 Error\n1 SMART / Health\n2 Notice\n3 Immediate\n6 I/O Command Set\n7 Vendor "
         "Specific\n"},
    };
}

}  // namespace observe
