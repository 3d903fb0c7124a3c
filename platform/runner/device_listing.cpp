// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/device_listing.h"

#include <cstdio>
#include <cstring>

#include "platform/workload/units.h"

namespace platform {

namespace {

/// Space-padded or null-terminated text of an Identify structure.
std::string text_of(const char* field, std::size_t length) {
    std::string text(field, ::strnlen(field, length));
    text.erase(text.find_last_not_of(' ') + 1);
    return printable(text);
}

std::string hex(const std::uint8_t* bytes, std::size_t length) {
    std::string text;
    char digits[3];
    for (std::size_t i = 0; i < length; ++i) {
        std::snprintf(digits, sizeof(digits), "%02x", bytes[i]);
        text += digits;
    }
    return text;
}

}  // namespace

DeviceListing list_device(HostDriver& driver) {
    const spec::IdentifyController& identity = driver.controller();
    DeviceListing device;
    device.model = text_of(identity.mn, sizeof(identity.mn));
    device.serial = text_of(identity.sn, sizeof(identity.sn));
    device.firmware = text_of(identity.fr, sizeof(identity.fr));
    device.nqn.assign(identity.subnqn, ::strnlen(identity.subnqn, sizeof(identity.subnqn)));
    device.version =
        std::to_string(identity.ver >> 16) + "." + std::to_string(identity.ver >> 8 & 0xff);
    device.controller_id = identity.cntlid;
    device.max_transfer = driver.max_transfer_bytes();
    device.max_queue_entries = driver.cap().get<spec::Cap::Mqes>() + 1;
    device.msix_vectors = driver.pci().msix_entries();
    device.volatile_write_cache = spec::Vwc::from(identity.vwc).get<spec::Vwc::Present>();
    std::vector<std::uint32_t> active;
    if (!driver.active_namespaces(active).ok()) return device;
    for (const std::uint32_t nsid : active) {
        spec::IdentifyNamespace ns;
        if (!driver.identify_namespace(nsid, ns).ok()) continue;
        device.namespaces.push_back({nsid, ns.nsze, driver.block_bytes(nsid), (ns.nsattr & 1) != 0,
                                     hex(ns.nguid, sizeof(ns.nguid))});
    }
    return device;
}

}  // namespace platform
