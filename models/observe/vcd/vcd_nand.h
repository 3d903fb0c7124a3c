// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/observe/media_events.h"
#include "models/observe/vcd/vcd_scope.h"

namespace observe {

/// What a die does.
enum class VcdDie : std::uint8_t { kIdle, kRead, kProgram, kErase };
template <>
struct Words<VcdDie> {
    static constexpr std::array<std::string_view, 4> names{"idle", "read", "program", "erase"};
};

/// Each die and each channel of the flash. What a die has to do is told when it is asked for; a
/// read of the host that comes later goes first, and what it holds up goes on behind it: so the
/// work of a die is kept here until it is done.
class VcdNand final : public VcdAlarm {
public:
    VcdNand(const VcdScope& scope, std::size_t channels, std::size_t dies);

    void record(const NandWork& e);
    /// The power is gone, and with it all work.
    void stop();

    /// Something begins or ends at a die or a channel.
    void due(std::uint64_t payload) override;

private:
    struct Span {
        util::TimePs begin, end;
        VcdDie what;
    };
    struct Unit {
        VcdSignal signal = VcdSignal::kNone;
        std::vector<Span> fixed;  // reads, transfers, and what was done before a read came
        std::vector<Span> later;  // work in its order, which reads hold up
        util::TimePs alarm = util::kNever;
    };
    static void pass(Unit& die, util::TimePs begin, util::TimePs end);
    void show(std::size_t unit);

    VcdWriter& writer_;
    const std::size_t channels_;
    std::vector<Unit> units_;  // the channels, then the dies
};

}  // namespace observe
