// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>

namespace nvme_vp {

/// SIGINT, SIGTERM and SIGHUP are kept until stopped_within() takes them, from here on.
void hold_stop_signals();
/// Waits for one of them, and takes it. False: none has come.
[[nodiscard]] bool stopped_within(std::chrono::milliseconds time);
/// Whether one has come that nobody has taken yet.
[[nodiscard]] bool stop_is_pending();

}  // namespace nvme_vp
