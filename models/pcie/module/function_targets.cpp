// SPDX-License-Identifier: Apache-2.0
// The target sockets of a function. A refused access changes nothing.
#include "models/pcie/module/function.h"
#include "models/pcie/module/read_ahead.h"
#include "models/util/register_access.h"

namespace pcie {
using tlm::tlm_generic_payload;
using util::check_access;
using util::TimePs;

namespace {

HostWrite host_write(const tlm_generic_payload& tx, Space space, TimePs at) {
    return {at, space, static_cast<std::uint8_t>(tx.get_data_length()),
            static_cast<std::uint32_t>(tx.get_address()), util::load(tx)};
}

}  // namespace

void Function::bar0_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    const TimePs at = endpoint_.arrival(time_.to_ps(delay));
    if (!endpoint_.responding()) return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (!endpoint_.memory_enabled(at)) {
        device_.on_access_refused(static_cast<std::uint32_t>(tx.get_address()),
                                  tx.get_data_length(), tx.is_write());
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    if (const auto bad = check_access(tx, bar0_size_, 8); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    if (tx.is_write()) return write_bar0(tx, at);
    read_bar0(tx, at);
}

void Function::write_bar0(tlm_generic_payload& tx, TimePs at) {
    if (endpoint_.under_way().empty() && at <= now()) return pass_on(tx);
    HostWrite write = host_write(tx, Space::kBar0, at);
    write.at = endpoint_.effect(write);
    if (write.at <= now()) return pass_on(tx);
    if (device_.accepts_write(write.offset, write.size)) {
        endpoint_.write(write);
        return tx.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    const bool good_size = write.size == 4 || write.size == 8;
    tx.set_response_status(good_size ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                     : tlm::TLM_BURST_ERROR_RESPONSE);
}

void Function::read_bar0(tlm_generic_payload& tx, TimePs at) {
    if (endpoint_.under_way().empty()) return pass_on(tx);
    ReadAhead ahead(endpoint_.under_way(), at);
    tx.set_extension(&ahead);
    pass_on(tx);
    tx.clear_extension(&ahead);
}

void Function::pass_on(tlm_generic_payload& tx) {
    sc_core::sc_time now;
    regs->b_transport(tx, now);
}

void Function::write_device(const HostWrite& write) {
    std::uint64_t value = write.value;
    posted_.set_command(tlm::TLM_WRITE_COMMAND);
    posted_.set_address(write.offset);
    posted_.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    posted_.set_data_length(write.size);
    posted_.set_streaming_width(write.size);
    posted_.set_byte_enable_ptr(nullptr);
    posted_.set_dmi_allowed(false);
    posted_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    pass_on(posted_);
}

void Function::bar4_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    const TimePs at = endpoint_.arrival(time_.to_ps(delay));
    if (!endpoint_.responding() || !endpoint_.memory_enabled(at))
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (const auto bad = check_access(tx, bar4_size_, 8); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    const unsigned size = tx.get_data_length();
    if (size != 4 && size != 8) return tx.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    if (!endpoint_.msix().access_ok(tx.get_address(), size))
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (tx.is_read())
        util::store(tx, endpoint_.read_bar4(tx.get_address(), size, at));
    else if (tx.is_write())
        endpoint_.write(host_write(tx, Space::kBar4, at));
    tx.set_response_status(tlm::TLM_OK_RESPONSE);
}

void Function::config_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    const TimePs at = endpoint_.arrival(time_.to_ps(delay));
    if (!endpoint_.responding()) return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (const auto bad = check_access(tx, ConfigSpace::kSize, 4); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    const unsigned size = tx.get_data_length();
    if (size == 3) return tx.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    if (!ConfigSpace::access_ok(tx.get_address(), size))
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    const auto offset = static_cast<std::uint16_t>(tx.get_address());
    if (tx.is_read())
        util::store(tx, endpoint_.read_config(offset, size, at));
    else if (tx.is_write())
        endpoint_.write(host_write(tx, Space::kConfig, at));
    tx.set_response_status(tlm::TLM_OK_RESPONSE);
}

unsigned Function::bar0_debug(tlm_generic_payload& tx) {
    return regs->transport_dbg(tx);
}

unsigned Function::bar4_debug(tlm_generic_payload& tx) {
    return util::debug_read(tx, bar4_size_, [this](std::uint64_t at) {
        return static_cast<std::uint32_t>(endpoint_.msix().read(at, 4));
    });
}

unsigned Function::config_debug(tlm_generic_payload& tx) {
    return util::debug_read(tx, ConfigSpace::kSize, [this](std::uint64_t at) {
        return endpoint_.config_space().read(static_cast<std::uint16_t>(at), 4);
    });
}

}  // namespace pcie
