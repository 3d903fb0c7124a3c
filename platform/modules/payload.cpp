// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/payload.h"

#include <algorithm>
#include <cstring>

namespace platform {

namespace {

bool enabled(const tlm::tlm_generic_payload& trans, unsigned index) {
    const unsigned char* enables = trans.get_byte_enable_ptr();
    return enables == nullptr || enables[index % trans.get_byte_enable_length()] != 0;
}

bool well_formed_enables(const tlm::tlm_generic_payload& trans) {
    return trans.get_byte_enable_ptr() == nullptr || trans.get_byte_enable_length() != 0;
}

}  // namespace

void prepare(tlm::tlm_generic_payload& trans, tlm::tlm_command command, std::uint64_t address,
             void* data, unsigned length) {
    trans.set_command(command);
    trans.set_address(address);
    trans.set_data_ptr(static_cast<unsigned char*>(data));
    trans.set_data_length(length);
    trans.set_streaming_width(length);
    trans.set_byte_enable_ptr(nullptr);
    trans.set_byte_enable_length(0);
    trans.set_dmi_allowed(false);
    trans.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

unsigned footprint(const tlm::tlm_generic_payload& trans) {
    return std::min(trans.get_data_length(), trans.get_streaming_width());
}

tlm::tlm_response_status transfer(tlm::tlm_generic_payload& trans, unsigned char* target) {
    const unsigned length = trans.get_data_length();
    const unsigned width = trans.get_streaming_width();
    if (length == 0 || width == 0) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (!well_formed_enables(trans)) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;

    unsigned char* data = trans.get_data_ptr();
    const bool read = trans.is_read();
    if (!read && !trans.is_write()) return tlm::TLM_OK_RESPONSE;
    if (width >= length && trans.get_byte_enable_ptr() == nullptr) {
        read ? std::memcpy(data, target, length) : std::memcpy(target, data, length);
        return tlm::TLM_OK_RESPONSE;
    }
    for (unsigned i = 0; i < length; ++i) {
        if (!enabled(trans, i)) continue;
        unsigned char& place = target[i % width];
        read ? void(data[i] = place) : void(place = data[i]);
    }
    return tlm::TLM_OK_RESPONSE;
}

void fill(tlm::tlm_generic_payload& trans, unsigned char value) {
    if (!well_formed_enables(trans)) return;
    unsigned char* data = trans.get_data_ptr();
    for (unsigned i = 0; i < trans.get_data_length(); ++i) {
        if (enabled(trans, i)) data[i] = value;
    }
}

}  // namespace platform
