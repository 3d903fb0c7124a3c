// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/platform/fake_endpoint.h"

#include <cstring>

#include "platform/modules/payload.h"

namespace platform {

void FakeEndpoint::put32(std::vector<unsigned char>& bytes, std::size_t offset,
                         std::uint32_t value) {
    std::memcpy(&bytes[offset], &value, sizeof(value));
}

std::uint32_t FakeEndpoint::get32(const std::vector<unsigned char>& bytes, std::size_t offset) {
    std::uint32_t value = 0;
    std::memcpy(&value, &bytes[offset], sizeof(value));
    return value;
}

FakeEndpoint::FakeEndpoint(const sc_core::sc_module_name& name)
    : sc_module(name),
      config("config"),
      bar0("bar0"),
      bar4("bar4"),
      dma("dma"),
      perst_n("perst_n"),
      intx("intx"),
      config_bytes(4096),
      bar0_bytes(kBar0Bytes),
      bar4_bytes(kBar4Bytes) {
    config.register_b_transport(this, &FakeEndpoint::config_transport);
    config.register_transport_dbg(this, &FakeEndpoint::config_debug);
    bar0.register_b_transport(this, &FakeEndpoint::bar0_transport);
    bar4.register_b_transport(this, &FakeEndpoint::bar4_transport);
    put32(config_bytes, 0x00, 0x5678'1234);
    put32(config_bytes, 0x10, 0x4);  // 64-bit memory BAR at 0
}

tlm::tlm_response_status FakeEndpoint::dma_access(tlm::tlm_command command, std::uint64_t gpa,
                                                  void* data, unsigned length) {
    tlm::tlm_generic_payload trans;
    sc_core::sc_time delay;
    prepare(trans, command, gpa, data, length);
    dma->b_transport(trans, delay);
    return trans.get_response_status();
}

void FakeEndpoint::config_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time&) {
    access(trans, config_bytes);
    put32(config_bytes, 0x00, 0x5678'1234);
    put32(config_bytes, 0x10, (get32(config_bytes, 0x10) & ~(kBar0Bytes - 1)) | 0x4);
    put32(config_bytes, 0x20, get32(config_bytes, 0x20) & ~(kBar4Bytes - 1));
    if (trans.is_write() && trans.is_response_ok()) after_config_write(trans.get_address());
}

unsigned FakeEndpoint::config_debug(tlm::tlm_generic_payload& trans) {
    access(trans, config_bytes);
    return trans.is_response_ok() ? trans.get_data_length() : 0;
}

void FakeEndpoint::bar0_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    delay += bar0_delay;
    trans.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    if (memory_space_enabled()) access(trans, bar0_bytes);
    if (trans.is_write() && trans.is_response_ok()) after_bar0_write(trans.get_address());
}

void FakeEndpoint::bar4_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time&) {
    trans.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    if (memory_space_enabled()) access(trans, bar4_bytes);
}

void FakeEndpoint::access(tlm::tlm_generic_payload& trans, std::vector<unsigned char>& bytes) {
    const std::uint64_t offset = trans.get_address();
    const bool inside = offset < bytes.size() && fits(offset, footprint(trans), bytes.size());
    trans.set_response_status(inside ? transfer(trans, &bytes[offset])
                                     : tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

}  // namespace platform
