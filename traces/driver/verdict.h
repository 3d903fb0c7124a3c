// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace driver {

/// What became of something that a driver has to do, or may do.
enum class Verdict : std::uint8_t {
    kDone,
    kWrong,         ///< against what the specification demands
    kNotDone,       ///< there was the occasion, and the driver did not
    kNotExercised,  ///< there was no occasion
    kNotNeeded,     ///< with this controller, or in this configuration
    kUnknown,       ///< the trace does not hold what would tell
};
inline constexpr std::size_t kVerdicts = static_cast<std::size_t>(Verdict::kUnknown) + 1;

constexpr std::string_view word_of(Verdict verdict) {
    constexpr std::string_view kWords[kVerdicts] = {"done",          "WRONG",      "not done",
                                                    "not exercised", "not needed", "unknown"};
    return kWords[static_cast<std::size_t>(verdict)];
}

struct Outcome {
    Verdict verdict = Verdict::kNotExercised;
    std::string how;  ///< what was seen, in words; may be empty
};

/// A step or a behaviour, and what became of it.
struct Item {
    std::string_view id;       ///< stable, for scripts
    std::string_view says;     ///< what the driver does
    std::string_view section;  ///< of the specification: number and title
    bool every_driver = true;  ///< needs it; else usual drivers have it
    std::string_view fault{};  ///< the action of a fault plan that exercises it; may be empty
    Outcome outcome{};
};

}  // namespace driver
