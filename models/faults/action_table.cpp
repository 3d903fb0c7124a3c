// SPDX-License-Identifier: Apache-2.0
#include "models/faults/action_table.h"

namespace faults {
namespace {

/// Everything that selects commands.
constexpr std::uint32_t kCommands = kQueue | kCommandMatch | kBlocks | kFrequency;
constexpr std::uint32_t kEvents = kCommands | kAt | kDelayBy;

// clang-format off
constexpr ActionInfo kActions[] = {
    // action                     place                 groups                                    required
    {Action::kExpect,             Place::kExpectation,  kCommands | kBounds,                      0},
    {Action::kDrop,               Place::kCommand,      kCommands,                                0},
    {Action::kDelay,              Place::kCommand,      kCommands | kDelayBy,                     kDelayBy},
    {Action::kHold,               Place::kCommand,      kCommands | kAt,                          0},
    {Action::kComplete,           Place::kCommand,      kCommands | kStatus,                      0},
    {Action::kRewriteCommand,     Place::kEntry,        kCommands | kSet | kSetOffset,            kSet},
    {Action::kReplaceData,        Place::kData,         kCommands | kSet | kSetOffset,            kSet},
    {Action::kFlipData,           Place::kData,         kCommands | kSet | kSetOffset,            kSet},
    {Action::kDmaError,           Place::kData,         kCommands | kDma | kSetOffset,            0},
    {Action::kDropCompletion,     Place::kCompletion,   kCommands,                                0},
    {Action::kDelayCompletion,    Place::kCompletion,   kCommands | kDelayBy,                     kDelayBy},
    {Action::kHoldCompletion,     Place::kCompletion,   kCommands | kAt,                          0},
    {Action::kRewriteCompletion,  Place::kCompletion,   kCommands | kSet | kSetOffset,            kSet},
    {Action::kLoseInterrupt,      Place::kInterrupt,    kVector | kFrequency,                     0},
    {Action::kDuplicateInterrupt, Place::kInterrupt,    kVector | kFrequency,                     0},
    {Action::kDelayInterrupt,     Place::kInterrupt,    kVector | kFrequency | kDelayBy,          kDelayBy},
    {Action::kLoseDoorbell,       Place::kDoorbell,     kQueue | kDoorbellKind | kFrequency,      0},
    {Action::kDelayDoorbell,      Place::kDoorbell,     kQueue | kDoorbellKind | kFrequency | kDelayBy, kDelayBy},
    {Action::kForgeRegister,      Place::kRegister,     kRegisterPlace | kValue | kFrequency,     0},
    {Action::kOverrideMqes,       Place::kRegister,     kValue | kFrequency,                      kValue},
    {Action::kOverrideVendorId,   Place::kRegister,     kValue | kFrequency,                      kValue},
    {Action::kOverrideDeviceId,   Place::kRegister,     kValue | kFrequency,                      kValue},
    {Action::kDelayReady,         Place::kReady,        kEdge | kFrequency | kDelayBy,            kDelayBy},
    {Action::kNeverReady,         Place::kReady,        kEdge | kFrequency,                       0},
    {Action::kReadError,          Place::kMediaRead,    kBlocks | kFrequency | kRewritten,        0},
    {Action::kWriteError,         Place::kMediaWrite,   kBlocks | kFrequency,                     0},
    {Action::kRaiseInterrupt,     Place::kEvent,        kEvents | kVector,                        kVector},
    {Action::kFatalStatus,        Place::kEvent,        kEvents,                                  0},
    {Action::kRemove,             Place::kEvent,        kEvents | kDuration,                      0},
    {Action::kInsert,             Place::kEvent,        kEvents,                                  0},
    {Action::kLinkDown,           Place::kEvent,        kEvents | kDuration,                      0},
    {Action::kLinkUp,             Place::kEvent,        kEvents,                                  0},
    {Action::kLinkRetrain,        Place::kEvent,        kEvents | kDuration | kLinkSpeed,         0},
    {Action::kPowerCut,           Place::kEvent,        kEvents | kDuration,                      0},
    {Action::kPowerOn,            Place::kEvent,        kEvents,                                  0},
    {Action::kAsyncEvent,         Place::kEvent,        kEvents | kAsync,                         0},
    {Action::kHealth,             Place::kEvent,        kEvents | kHealthState,                   kHealthState},
};
// clang-format on
constexpr bool in_order() {
    for (std::size_t i = 0; i < std::size(kActions); ++i)
        if (kActions[i].action != static_cast<Action>(i)) return false;
    return std::size(kActions) == util::EnumNames<Action>::names.size();
}
static_assert(in_order());

}  // namespace

const ActionInfo& info_of(Action action) {
    return kActions[static_cast<std::size_t>(action)];
}

Place place_of(const Rule& rule) {
    if (rule.action == Action::kDmaError && rule.dma == DmaAccess::kSqeFetch) return Place::kFetch;
    if (rule.action == Action::kDmaError && rule.dma == DmaAccess::kCqeWrite)
        return Place::kCompletion;
    return info_of(rule.action).place;
}

std::string_view name_of(Action action) {
    return util::EnumNames<Action>::names[static_cast<std::size_t>(action)];
}

bool is_event(Action action) {
    return info_of(action).place == Place::kEvent;
}

}  // namespace faults
