// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "platform/driver/host_driver.h"
#include "platform/runner/run_result.h"

namespace platform {

/// Asks the device what it is and has. The driver has brought it up; called from an SC_THREAD.
/// Namespaces that cannot be identified are missing.
[[nodiscard]] DeviceListing list_device(HostDriver& driver);

}  // namespace platform
