// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "models/nvme/controller/status.h"

namespace platform {

/// What CC and CSTS say together: "enabled, ready".
[[nodiscard]] std::string state_words(const nvme::ControllerStatus& status);
/// "reservation: Write Exclusive".
[[nodiscard]] std::string reservation_words(nvme::spec::ReservationType type);
/// A Host Identifier as its bytes.
[[nodiscard]] std::string host_words(const nvme::RegistrantStatus& registrant);
/// Numbers in ascending order: "0, 2-5".
[[nodiscard]] std::string ranges(const std::vector<unsigned>& numbers);

}  // namespace platform
