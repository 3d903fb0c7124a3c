// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace platform {

/// The names in a value of fio's key `filename`: separated by colons, "\:" is a colon in a name,
/// empty ones do not count, blanks around a name do not either. [fio 3.33 fio(1) filename]
[[nodiscard]] std::vector<std::string> split_filename(std::string_view value);

/// Whether the value has a PCI address whose colons would separate names.
[[nodiscard]] bool has_bare_pci_address(std::string_view value);

/// What one of these names says. The forms of a namespace:
///
///   nvme0n2, /dev/nvme0n2   Linux's block device of controller 0, namespace 2
///   ng0n2, /dev/ng0n2       Linux's generic character device of the same
///   Nvme0n2                 SPDK's block device of the same
///   0000:00:01.0            the function at this PCI address, that is, the second controller
///   trtype=PCIe traddr=0000.00.01.0 ns=2
///                           the same as SPDK's fio plugin has it, with or without a namespace
struct NamespaceName {
    std::size_t controller = 0;
    std::uint32_t nsid = 0;  ///< 0: the name says nothing about it
};
/// The name of a file, which fio would create, and which cannot be meant to be a device.
struct PlainFileName {};
/// Looks like a device, but is none of those above: what is wrong, a phrase after the name.
struct UnknownDeviceName {
    std::string problem;
    bool elsewhere = false;  ///< it is one, but of another machine
};
using DeviceName = std::variant<NamespaceName, PlainFileName, UnknownDeviceName>;

[[nodiscard]] DeviceName read_device_name(std::string_view name);

/// Whether the name is that of a disk on some other machine: in /dev, but no part of an NVMe
/// namespace, or a disk or a drive letter of Windows.
[[nodiscard]] bool names_a_disk(std::string_view name);

}  // namespace platform
