// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/pcidev_message.h"

#include <cstring>

namespace platform::uml {

namespace {

bool is_config_size(std::uint32_t size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
}

}  // namespace

std::optional<PcidevAccess> decode_access(const std::vector<std::uint8_t>& message,
                                          std::size_t room) {
    PcidevHeader header;
    if (message.size() < sizeof header) return std::nullopt;
    std::memcpy(&header, message.data(), sizeof header);
    if (header.size == 0 || header.size > kMaxPcidevAccess) return std::nullopt;

    PcidevAccess access;
    access.bar = header.bar;
    access.address = header.address;
    access.size = header.size;
    access.data.assign(header.size, 0xff);
    const std::uint8_t* const data = message.data() + sizeof header;
    const std::size_t bytes = message.size() - sizeof header;
    const auto take = [&] {
        if (bytes < header.size) return false;
        access.write = true;
        std::memcpy(access.data.data(), data, header.size);
        return true;
    };
    const auto take_one = [&] {
        if (bytes == 0) return false;
        access.write = true;
        access.data.assign(header.size, *data);
        return true;
    };
    bool good = false;
    switch (header.op) {
        case PcidevOp::kCfgRead:
            good = is_config_size(header.size) && header.size <= room;
            break;
        case PcidevOp::kCfgWrite:
            // Linux 6.1 sends its memset of a BAR so, with one byte of data and the BAR's number. A
            // write to configuration space has always 8 bytes, of which `size` count.
            if (bytes == 1) {
                access.space = PcidevAccess::Space::kBar;
                good = take_one();
            } else {
                good = is_config_size(header.size) && take();
            }
            break;
        case PcidevOp::kMmioRead:
            access.space = PcidevAccess::Space::kBar;
            good = header.size <= room;
            break;
        case PcidevOp::kMmioWrite:
            access.space = PcidevAccess::Space::kBar;
            good = take();
            break;
        case PcidevOp::kMmioMemset:
            access.space = PcidevAccess::Space::kBar;
            good = take_one();
            break;
        default:
            break;
    }
    if (!good) return std::nullopt;
    return access;
}

InterruptMessage msi_message(std::uint64_t address, std::uint32_t data) {
    InterruptMessage message{};
    const PcidevHeader header{PcidevOp::kMsi, 0, 0, sizeof data, address};
    std::memcpy(message.data(), &header, sizeof header);
    std::memcpy(message.data() + sizeof header, &data, sizeof data);
    return message;
}

InterruptMessage int_message(std::uint8_t pin) {
    InterruptMessage message{};
    const PcidevHeader header{PcidevOp::kInt, 0, 0, 0, pin};
    std::memcpy(message.data(), &header, sizeof header);
    return message;
}

}  // namespace platform::uml
