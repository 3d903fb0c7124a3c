// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "models/observe/latency_histogram.h"
#include "models/observe/trace.h"

namespace observe {

/// What a controller has done for its host, counted from its events, live or from a recorded trace:
/// commands by opcode, and how long each was with the controller.
class CommandStatistics final : public TraceSink {
public:
    struct OfOpcode {
        std::uint64_t errors = 0;
        LatencyHistogram latency;  ///< from fetched to posted, of all; errors too
    };

    void record(const CommandCompleted& e) override;
    void record(const DataBuffer& e) override;
    using TraceSink::record;

    /// Calls visit(admin, opcode, OfOpcode) for each that has completed, admin commands first.
    template <typename Visit>
    void for_each(Visit visit) const {
        for (const bool admin : {true, false})
            for (std::size_t opcode = 0; opcode < kOpcodes; ++opcode)
                if (const auto& found = of(admin)[opcode])
                    visit(admin, static_cast<std::uint8_t>(opcode), *found);
    }
    /// Bytes of the data buffers of commands, whether they succeeded or not.
    [[nodiscard]] std::uint64_t bytes_to_host() const { return bytes_[1]; }
    [[nodiscard]] std::uint64_t bytes_from_host() const { return bytes_[0]; }

private:
    static constexpr std::size_t kOpcodes = 256;
    using ByOpcode = std::array<std::unique_ptr<OfOpcode>, kOpcodes>;

    [[nodiscard]] const ByOpcode& of(bool admin) const { return by_opcode_[admin ? 0 : 1]; }

    std::array<ByOpcode, 2> by_opcode_;  // admin, I/O
    std::array<std::uint64_t, 2> bytes_{};
};

}  // namespace observe
