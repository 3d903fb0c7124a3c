// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace nvme_vp {

/// What SystemC and the models report: information is dropped, the rest goes to standard error.
/// (The kernel's banner is switched off before this can be called, see quiet_kernel.cpp.)
void quieten_kernel();

}  // namespace nvme_vp
