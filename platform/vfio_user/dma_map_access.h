// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tlm>

#include "platform/vfio_user/dma_map.h"

namespace platform::vfio_user {

/// transport_dbg() on memory that a foreign process has shared: how many bytes were accessed.
[[nodiscard]] unsigned debug_access(const DmaMap& memory, tlm::tlm_generic_payload& trans);

/// get_direct_mem_ptr() on it: the whole mapping. False: there is no direct way to the address.
[[nodiscard]] bool direct_access(const DmaMap& memory, const tlm::tlm_generic_payload& trans,
                                 tlm::tlm_dmi& dmi);

}  // namespace platform::vfio_user
