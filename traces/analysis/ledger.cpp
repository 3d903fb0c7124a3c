// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/ledger.h"

#include <limits>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/opcodes.h"

namespace analysis {
namespace spec = nvme::spec;

namespace {

std::uint32_t saturated(std::uint64_t value) {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

std::size_t Ledger::begin_command(const Command& command) {
    QueueFacts& facts = result_.queues[command.sqid];
    facts.sqid = command.sqid;
    ++facts.commands;
    result_.commands.push_back(command);
    return result_.commands.size() - 1;
}

void Ledger::end_command(Command& command, std::uint64_t buffers) {
    const bool moves = spec::data_transfer(command.opcode) != spec::DataTransfer::kNone;
    command.bytes = saturated(
        buffers_ || !moves ? buffers : std::uint64_t{command.blocks} * options_.block_bytes);
    if (!command.is_io()) return;
    const util::TimePs end = since_begin(command.end_ps);
    ended_.add(end, 1);
    depth_.add_interval(since_begin(command.fetched_ps), end, 1);
    const bool to_host =
        spec::data_transfer(command.opcode) == spec::DataTransfer::kControllerToHost;
    if (command.bytes != 0) (to_host ? read_ : written_).add(end, command.bytes);
    if (command.opcode == static_cast<std::uint8_t>(spec::NvmOpcode::kFlush))
        marks_.flushed(command.end_ps, command.latency_ps());
}

void Ledger::begin_anew(util::TimePs now) {
    result_ = {};
    result_.begin_ps = result_.end_ps = now;
    result_.events = 1;  // the begin is known
    marks_.forget_counts();
    for (TimeSeries* const series :
         {&ended_, &read_, &written_, &depth_, &rung_, &signalled_, &levels_over_time_})
        *series = {};
    up_ = {};
    down_ = {};
    media_ = {};
    decoder_ = {};
}

}  // namespace analysis
