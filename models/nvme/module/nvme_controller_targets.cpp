// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "models/nvme/module/nvme_controller.h"

// The target sockets of NvmeController. Each attribute of a transaction is honoured or refused with
// the response that IEEE 1666 names for it; a refused access changes nothing.
namespace nvme {
using pcie::Space;
using tlm::tlm_generic_payload;
using util::TimePs;

namespace {

/// Checks what all three targets have in common. `widest` is the largest access in bytes.
tlm::tlm_response_status check(const tlm_generic_payload& tx, std::uint64_t space,
                               unsigned widest) {
    const std::uint64_t length = tx.get_data_length();
    if (tx.get_address() >= space || length > space - tx.get_address())
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    if (tx.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length == 0 || length > widest || tx.get_streaming_width() < length)
        return tlm::TLM_BURST_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

std::uint64_t load(const tlm_generic_payload& tx) {
    std::uint64_t value = 0;
    std::memcpy(&value, tx.get_data_ptr(), tx.get_data_length());
    return value;
}

void store(tlm_generic_payload& tx, std::uint64_t value) {
    std::memcpy(tx.get_data_ptr(), &value, tx.get_data_length());
}

pcie::HostWrite host_write(const tlm_generic_payload& tx, Space space, TimePs at) {
    return {at, space, static_cast<std::uint8_t>(tx.get_data_length()),
            static_cast<std::uint32_t>(tx.get_address()), load(tx)};
}

/// Debug reads of any length and alignment, assembled from dwords, up to the end of the space.
/// Debug writes are not taken: every register here has side effects.
template <typename ReadDword>
unsigned debug_read(tlm_generic_payload& tx, std::uint64_t space, ReadDword read_dword) {
    if (!tx.is_read() || tx.get_address() >= space) return 0;
    const auto length = static_cast<unsigned>(
        std::min<std::uint64_t>(tx.get_data_length(), space - tx.get_address()));
    for (unsigned i = 0; i < length; ++i) {
        const std::uint64_t at = tx.get_address() + i;
        const std::uint32_t dword = read_dword(at & ~std::uint64_t{3});
        tx.get_data_ptr()[i] = static_cast<unsigned char>(dword >> 8 * (at & 3));
    }
    return length;
}

constexpr std::uint64_t kBar0Size = 64 * 1024;

}  // namespace

void NvmeController::bar0_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    const TimePs at = arrival(delay);
    if (!responding()) return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (!config_space_at(at).memory_enabled()) {
        record_refusal(tx, observe::AccessRefusal::kMemorySpace);
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    }
    if (const auto bad = check(tx, kBar0Size, 8); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    const auto response = bar0_access(tx, at);
    tx.set_response_status(response);
    if (response != tlm::TLM_OK_RESPONSE) record_refusal(tx, observe::AccessRefusal::kUndefined);
}

void NvmeController::record_refusal(const tlm_generic_payload& tx, observe::AccessRefusal why) {
    core_->state().record([&] {
        return observe::AccessRefused{now(), static_cast<std::uint32_t>(tx.get_address()),
                                      static_cast<std::uint8_t>(tx.get_data_length()),
                                      tx.is_write(), why};
    });
}

tlm::tlm_response_status NvmeController::bar0_access(tlm_generic_payload& tx, TimePs at) {
    const unsigned size = tx.get_data_length();
    if (size != 4 && size != 8) return tlm::TLM_BURST_ERROR_RESPONSE;
    bool ok = true;
    if (tx.is_read()) {
        const auto value = read_bar0(tx.get_address(), size, at);
        ok = value.has_value();
        if (ok) store(tx, *value);
    } else if (tx.is_write()) {
        ok = Controller::write_ok(tx.get_address(), size);
        if (ok) take(host_write(tx, Space::kBar0, at));
    }
    return ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

void NvmeController::bar4_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    const TimePs at = arrival(delay);
    if (!responding() || !config_space_at(at).memory_enabled())
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    const std::uint64_t space = pcie::Msix::bar_size(params_.msix_vectors);
    if (const auto bad = check(tx, space, 8); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    const unsigned size = tx.get_data_length();
    if (size != 4 && size != 8) return tx.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    if (!msix_.access_ok(tx.get_address(), size))
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (tx.is_read()) {
        store(tx, read_bar4(tx.get_address(), size, at));
    } else if (tx.is_write()) {
        take(host_write(tx, Space::kBar4, at));
    }
    tx.set_response_status(tlm::TLM_OK_RESPONSE);
}

void NvmeController::config_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    const TimePs at = arrival(delay);
    if (!responding()) return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (const auto bad = check(tx, pcie::ConfigSpace::kSize, 4); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    const unsigned size = tx.get_data_length();
    if (size == 3) return tx.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    if (!pcie::ConfigSpace::access_ok(tx.get_address(), size))
        return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (tx.is_read())
        store(tx, read_config(static_cast<std::uint16_t>(tx.get_address()), size, at));
    else if (tx.is_write())
        take(host_write(tx, Space::kConfig, at));
    tx.set_response_status(tlm::TLM_OK_RESPONSE);
}

std::uint32_t NvmeController::read_config(std::uint16_t offset, unsigned size, TimePs at) {
    const std::uint32_t value = config_space_at(at).read(offset, size);
    FaultHooks* const faults = core_->faults();
    if (faults == nullptr) return value;
    return static_cast<std::uint32_t>(
        faults->on_register_read(FaultHooks::Space::kConfig, offset, size, value));
}

unsigned NvmeController::bar0_debug(tlm_generic_payload& tx) {
    return debug_read(tx, kBar0Size, [this](std::uint64_t at) {
        return static_cast<std::uint32_t>(core_->read(at, 4).value_or(0));
    });
}

unsigned NvmeController::bar4_debug(tlm_generic_payload& tx) {
    return debug_read(tx, pcie::Msix::bar_size(params_.msix_vectors), [this](std::uint64_t at) {
        return static_cast<std::uint32_t>(msix_.read(at, 4));
    });
}

unsigned NvmeController::config_debug(tlm_generic_payload& tx) {
    return debug_read(tx, pcie::ConfigSpace::kSize, [this](std::uint64_t at) {
        return config_space_.read(static_cast<std::uint16_t>(at), 4);
    });
}

}  // namespace nvme
