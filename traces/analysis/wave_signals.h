// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace analysis {

/// What signals of a controller's waveform are (docs/traces.md), as far as an analysis wants them.
enum class Wave : std::uint8_t {
    kCc,
    kCsts,
    kResetController,
    kResetFunction,
    kResetConventional,
    kResetSubsystem,
    kResetPowerOff,
    kPowerState,
    kHealthWarning,
    kHealthTemperature,
    kHealthSpare,
    kHealthUsed,
    kFetched,
    kFetchedSqid,
    kFetchedCid,
    kFetchedOpcode,
    kCompleted,
    kCompletedSqid,
    kCompletedCid,
    kCompletedOpcode,
    kCompletedStatus,
    kRejected,
    kMediaRead,
    kMediaProgram,
    kMediaDestage,
    kMediaCache,
    kMediaFlush,
    kMediaDeallocate,
    kCollected,
    kFolded,
    kRefreshed,
    kLevelled,
    kFailed,
    kWornOut,
    kMsixSent,
    kIntx,
    kAsyncEvent,
    kAsyncDw0,
    kLint,
    kLintRule,
    kLintQid,
    kLintCid,
    kFault,
    kFaultSqid,
    kFaultCid,
    kDeviceWaves,  // how many those are; of each queue:
    kSqDoorbell = kDeviceWaves,
    kSqHead,
    kSqSize,
    kCqDoorbell,
    kInFlight,
    kVector,  ///< a message of one vector; by its number, not by queue
    kStep,    // of each lane:
    kOpcode,
    kCid,
    kNsid,
    kLba,
    kBlocks,
    kStatus,
    kNone,
};
inline constexpr auto kDeviceWaves = static_cast<std::size_t>(Wave::kDeviceWaves);
inline constexpr auto kLaneWaves =
    static_cast<std::size_t>(Wave::kNone) - static_cast<std::size_t>(Wave::kStep);

[[nodiscard]] constexpr Wave operator+(Wave wave, std::size_t by) {
    return static_cast<Wave>(static_cast<std::size_t>(wave) + by);
}
inline constexpr std::size_t kResetKinds = 5;
static_assert(Wave::kResetController + (kResetKinds - 1) == Wave::kResetPowerOff);

/// Does it mark an instant, and has no value?
[[nodiscard]] constexpr bool is_event(Wave wave) {
    return (wave >= Wave::kResetController && wave <= Wave::kResetPowerOff) ||
           wave == Wave::kFetched || wave == Wave::kCompleted || wave == Wave::kRejected ||
           wave == Wave::kMsixSent || wave == Wave::kAsyncEvent || wave == Wave::kLint ||
           wave == Wave::kFault || wave == Wave::kSqDoorbell || wave == Wave::kCqDoorbell ||
           wave == Wave::kVector;
}

/// "nvme0.queues.io3.slots.s2.step", taken apart.
struct WaveName {
    Wave wave = Wave::kNone;  ///< kNone: none of these
    std::string_view scope;   ///< of the controller: "nvme0"
    std::uint16_t queue = 0;  ///< where it is of a queue
    std::uint16_t lane = 0;   ///< where it is of a lane
};
[[nodiscard]] WaveName wave_name(std::string_view path);

/// The name of a signal of the controller as a whole, without its scope.
[[nodiscard]] std::string_view name_of(Wave wave);

}  // namespace analysis
