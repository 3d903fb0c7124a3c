// SPDX-License-Identifier: Apache-2.0
// The registers of a controller as a target. A refused access changes nothing. What a temporally
// decoupled host writes takes effect at its own time; it reads what it has written before that.
#include <algorithm>

#include "models/nvme/controller/register_preview.h"
#include "models/nvme/module/controller_module.h"
#include "models/nvme/spec/registers.h"
#include "models/pcie/module/read_ahead.h"
#include "models/util/register_access.h"

namespace nvme {
using pcie::HostWrite;
using pcie::Space;
using tlm::tlm_generic_payload;
using util::TimePs;

void ControllerModule::regs_transport(tlm_generic_payload& tx, sc_core::sc_time& delay) {
    tx.set_dmi_allowed(false);
    if (under_way_.next() <= now()) take_due();
    const TimePs at = util::later(now(), time_.to_ps(delay));
    if (!reachable()) return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    if (const auto bad = util::check_access(tx, kRegisterBytes, 8); bad != tlm::TLM_OK_RESPONSE)
        return tx.set_response_status(bad);
    const auto response = access(tx, at);
    tx.set_response_status(response);
    if (response != tlm::TLM_OK_RESPONSE)
        record_refusal(static_cast<std::uint32_t>(tx.get_address()), tx.get_data_length(),
                       tx.is_write(), observe::AccessRefusal::kUndefined);
}

tlm::tlm_response_status ControllerModule::access(tlm_generic_payload& tx, TimePs at) {
    const unsigned size = tx.get_data_length();
    if (size != 4 && size != 8) return tlm::TLM_BURST_ERROR_RESPONSE;
    bool ok = true;
    if (tx.is_read()) {
        const auto value = read(tx, at);
        ok = value.has_value();
        if (ok) util::store(tx, *value);
    } else if (tx.is_write()) {
        ok = Controller::write_ok(tx.get_address(), size);
        if (ok)
            take({at, Space::kBar0, static_cast<std::uint8_t>(size),
                  static_cast<std::uint32_t>(tx.get_address()), util::load(tx)});
    }
    return ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

std::optional<std::uint64_t> ControllerModule::read(const tlm_generic_payload& tx, TimePs at) {
    const auto* const before_us = tx.get_extension<pcie::ReadAhead>();
    const pcie::DecoupledWrites& writes = before_us == nullptr ? under_way_ : *before_us->writes;
    const std::uint64_t offset = tx.get_address();
    if (writes.empty()) return core_.read_by_host(offset, tx.get_data_length(), core_.registers());
    if (before_us != nullptr) at = before_us->at;
    RegisterPreview preview(core_.registers());
    writes.until(at, Space::kBar0, [&](const HostWrite& write) {
        preview.write(write.offset, write.size, write.value);
    });
    return core_.read_by_host(offset, tx.get_data_length(), preview.registers());
}

void ControllerModule::take(HostWrite write) {
    // A queue goes only forward: whoever rings it is not overtaken by one who rings it later, even
    // if that one's time is earlier.
    if (!under_way_.empty() && write.offset >= spec::offset::kDoorbells)
        write.at = std::max(write.at, under_way_.last(write.space, write.offset));
    if (write.at <= now()) {
        (void)core_.write(write.offset, write.size, write.value, write.at);
        return;
    }
    under_way_.add(write);
    time_.notify_at(write_due_, under_way_.next());
}

/// A posted write is answered before it arrives. One that finds nobody by then is lost.
void ControllerModule::take_due() {
    while (under_way_.next() <= now()) {
        const HostWrite write = under_way_.take();
        if (reachable()) (void)core_.write(write.offset, write.size, write.value, write.at);
    }
    if (!under_way_.empty()) time_.notify_at(write_due_, under_way_.next());
}

bool ControllerModule::accepts_write(std::uint32_t offset, unsigned size) {
    if (Controller::write_ok(offset, size)) return true;
    record_refusal(offset, size, true, observe::AccessRefusal::kUndefined);
    return false;
}

void ControllerModule::record_refusal(std::uint32_t offset, unsigned size, bool write,
                                      observe::AccessRefusal why) {
    core_.state().record([&] {
        return observe::AccessRefused{now(), offset, static_cast<std::uint8_t>(size), write, why};
    });
}

unsigned ControllerModule::regs_debug(tlm_generic_payload& tx) {
    return util::debug_read(tx, kRegisterBytes, [this](std::uint64_t at) {
        return static_cast<std::uint32_t>(core_.read(at, 4).value_or(0));
    });
}

}  // namespace nvme
