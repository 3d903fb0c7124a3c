// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/faults/rule.h"

namespace faults {

/// Where in the device an action is looked for. Of the rules of one place, the first one in the
/// plan that applies decides; rules of different places may meet the same command.
enum class Place : std::uint8_t {
    kExpectation,
    kEntry,    ///< changes of the submission queue entry
    kCommand,  ///< whether and when it is executed
    kData,
    kCompletion,
    kFetch,  ///< the read of submission queue entries
    kInterrupt,
    kDoorbell,
    kRegister,
    kReady,
    kMediaRead,
    kMediaWrite,
    kEvent,
};
inline constexpr std::size_t kPlaces = static_cast<std::size_t>(Place::kEvent) + 1;

/// Fields that go together; an action uses a set of groups.
enum Group : std::uint32_t {
    kQueue = 1u << 0,
    kCommandMatch = 1u << 1,
    kBlocks = 1u << 2,
    kFrequency = 1u << 3,
    kAt = 1u << 4,
    kDelayBy = 1u << 5,
    kDuration = 1u << 6,
    kStatus = 1u << 7,
    kSet = 1u << 8,
    kVector = 1u << 9,
    kDoorbellKind = 1u << 10,
    kRegisterPlace = 1u << 11,
    kValue = 1u << 12,
    kDma = 1u << 13,
    kEdge = 1u << 14,
    kRewritten = 1u << 15,
    kAsync = 1u << 16,
    kBounds = 1u << 17,
    kSetOffset = 1u << 18,
    kAlways = 1u << 19,
    kHealthState = 1u << 20,
    kLinkSpeed = 1u << 21,
};

struct ActionInfo {
    Action action;
    Place place;
    std::uint32_t groups;
    std::uint32_t required;  ///< groups of which a field must be given
};

/// The row of an action.
const ActionInfo& info_of(Action action);
/// dma_error's place depends on which access it is.
Place place_of(const Rule& rule);

}  // namespace faults
