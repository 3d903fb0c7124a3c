// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/identity.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "models/util/mix64.h"

namespace nvme {

namespace {

std::string hexadecimal(std::uint64_t value, unsigned digits) {
    std::string text(digits, '0');
    for (unsigned i = digits; i != 0; value >>= 4) text[--i] = "0123456789abcdef"[value & 0xf];
    return text;
}

/// A UUID that is made in a way of one's own. [RFC-9562 5.8 UUID Version 8]
std::string derived_nqn(std::string_view name) {
    const std::uint64_t high = util::mix64(name), low = util::mix64(high);
    return "nqn.2014-08.org.nvmexpress:uuid:" + hexadecimal(high >> 32, 8) + "-" +
           hexadecimal(high >> 16, 4) + "-8" + hexadecimal(high, 3) + "-" +
           hexadecimal((low >> 48 & 0x3fff) | 0x8000, 4) + "-" + hexadecimal(low, 12);
}

std::uint16_t derived_id(std::string_view name, const Subsystem* subsystem) {
    auto id = static_cast<std::uint16_t>(util::mix64(name) % (kMaxControllerId + 1u));
    const auto taken = [&] {
        bool any = false;
        if (subsystem != nullptr)
            subsystem->for_each_port(
                [&](const HostPort& port) { any = any || port.controller_id() == id; });
        return any;
    };
    while (taken()) id = static_cast<std::uint16_t>((id + 1) % (kMaxControllerId + 1u));
    return id;
}

}  // namespace

ControllerParams with_identity(ControllerParams params, std::string_view name,
                               const Subsystem* subsystem) {
    if (params.subsystem_nqn.empty())
        params.subsystem_nqn =
            subsystem == nullptr ? derived_nqn(name) : subsystem->params().subsystem_nqn;
    if (params.serial_number.empty() && subsystem != nullptr)
        params.serial_number = subsystem->params().serial_number;
    if (params.serial_number.empty())
        params.serial_number = hexadecimal(util::mix64(params.subsystem_nqn), 16);
    if (params.controller_id == kDerivedControllerId)
        params.controller_id = derived_id(name, subsystem);
    return params;
}

}  // namespace nvme
