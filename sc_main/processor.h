// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace nvme_vp {

/// The processors of the host that this process may run on, in ascending order.
[[nodiscard]] std::vector<unsigned> usable_processors();
/// This thread, and what it starts from here on, runs on one alone. Empty, or why it cannot.
[[nodiscard]] std::string run_on_processor(unsigned processor);

}  // namespace nvme_vp
