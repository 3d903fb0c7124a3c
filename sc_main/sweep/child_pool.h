// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nvme_vp {

/// A run of this program in a process of its own.
struct ChildWork {
    std::vector<std::string> words;  ///< behind the name of the program
    std::string log;                 ///< what it says goes there
};

/// Of a child that was killed because the user has stopped this program, or because of an error, or
/// of which nobody knows how it has ended.
inline constexpr int kKilled = -1;

/// Runs `count` children, up to `most` at a time, in the order of their numbers. work(number, slot)
/// says what a child is; children that run at the same time have different slots, from 0 on.
/// ended(number, code) hears of each that has been started: its exit code, 128 and a signal, or
/// kKilled. False: the user has stopped it (stop_signals.h). Throws std::system_error, also when a
/// child is lost, and what work() and ended() throw.
[[nodiscard]] bool run_children(
    std::size_t count, unsigned most,
    const std::function<ChildWork(std::size_t number, unsigned slot)>& work,
    const std::function<void(std::size_t number, int code)>& ended);

/// So many at a time as the user has said; 0: as many as this machine has processors.
[[nodiscard]] unsigned children_at_a_time(std::uint32_t parallel);

}  // namespace nvme_vp
