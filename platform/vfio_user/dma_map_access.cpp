// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/dma_map_access.h"

#include <algorithm>
#include <cstring>

namespace platform::vfio_user {

unsigned debug_access(const DmaMap& memory, tlm::tlm_generic_payload& trans) {
    if (trans.is_read() == trans.is_write()) return 0;
    const std::uint64_t address = trans.get_address();
    const DmaMap::Mapping* mapping = memory.find(address);
    if (mapping == nullptr || mapping->at(address) == nullptr || trans.get_data_length() == 0)
        return 0;
    if (!(trans.is_write() ? mapping->writable : mapping->readable)) return 0;
    const auto count = static_cast<unsigned>(
        std::min<std::uint64_t>(trans.get_data_length() - 1, mapping->last - address) + 1);
    void* const data = mapping->at(address);
    if (trans.is_write())
        std::memcpy(data, trans.get_data_ptr(), count);
    else
        std::memcpy(trans.get_data_ptr(), data, count);
    return count;
}

bool direct_access(const DmaMap& memory, const tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) {
    dmi.init();
    const DmaMap::Mapping* mapping = memory.find(trans.get_address());
    if (mapping == nullptr || mapping->memory.data() == nullptr) {
        dmi.set_start_address(trans.get_address());
        dmi.set_end_address(trans.get_address());
        return false;
    }
    dmi.set_start_address(mapping->first);
    dmi.set_end_address(mapping->last);
    dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(mapping->memory.data()));
    if (mapping->readable && mapping->writable)
        dmi.allow_read_write();
    else if (mapping->readable)
        dmi.allow_read();
    else
        dmi.allow_write();
    return true;
}

}  // namespace platform::vfio_user
