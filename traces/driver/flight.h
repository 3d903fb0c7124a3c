// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/status.h"
#include "models/util/time.h"

namespace driver {

/// A command that the controller has, as the host sent it.
struct Flight {
    util::TimePs fetched = 0;
    std::uint16_t sqid = 0;
    nvme::spec::SubmissionEntry sqe{};
    bool aborted = false;  ///< the host has asked for it

    [[nodiscard]] std::uint8_t opcode() const { return static_cast<std::uint8_t>(sqe.cdw0); }
    [[nodiscard]] bool is(nvme::spec::AdminOpcode which) const {
        return sqid == 0 && opcode() == static_cast<std::uint8_t>(which);
    }
    [[nodiscard]] bool is(nvme::spec::NvmOpcode which) const {
        return sqid != 0 && opcode() == static_cast<std::uint8_t>(which);
    }
    /// It waits for something to happen, and nobody for it.
    [[nodiscard]] bool waits_for_events() const {
        return is(nvme::spec::AdminOpcode::kAsyncEventRequest);
    }
};

/// By queue << 16 | identifier: there is one of each at a time.
using Flights = std::map<std::uint32_t, Flight>;
constexpr std::uint32_t flight_key(std::uint16_t sqid, std::uint16_t cid) {
    return std::uint32_t{sqid} << 16 | cid;
}

/// The end of one.
struct Landing {
    util::TimePs ps = 0;
    Flight flight{};
    nvme::spec::StatusCode status{};
    std::uint32_t dw0 = 0;

    [[nodiscard]] bool good() const { return status == nvme::spec::StatusCode::kSuccess; }
};

}  // namespace driver
