// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/device_name.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace platform {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string lower_case(std::string_view text) {
    std::string result{text};
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

bool take(std::string_view& text, std::string_view prefix) {
    if (text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// As a kernel writes it: 02 is not 2.
template <typename Integer>
bool take_number(std::string_view& text, Integer& number) {
    if (text.empty() || !is_digit(text.front())) return false;
    const bool zero = text.front() == '0';
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || (zero && length > 1)) return false;
    text.remove_prefix(length);
    return true;
}

std::optional<NamespaceName> read_disk_name(std::string_view text) {
    static_cast<void>(take(text, "/dev/"));
    if (!take(text, "nvme") && !take(text, "Nvme") && !take(text, "ng")) return std::nullopt;
    NamespaceName name;
    if (!take_number(text, name.controller) || !take(text, "n")) return std::nullopt;
    if (!take_number(text, name.nsid) || name.nsid == 0 || !text.empty()) return std::nullopt;
    return name;
}

/// Hexadecimal digits, as many as there are, if that is from `least` to `most`.
bool take_hex(std::string_view& text, std::size_t least, std::size_t most, unsigned& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || length < least || length > most) return false;
    text.remove_prefix(length);
    return true;
}

struct PciAddress {
    unsigned domain = 0, bus = 0, device = 0, function = 0;
};

/// "0000:04:00.0" from the beginning of `text`, with `colon` for the colons.
std::optional<PciAddress> take_pci_address(std::string_view& text, std::string_view colon,
                                           bool with_domain) {
    std::string_view rest = text;
    PciAddress address;
    if (with_domain && !(take_hex(rest, 4, 8, address.domain) && take(rest, colon)))
        return std::nullopt;
    if (!take_hex(rest, 2, 2, address.bus) || !take(rest, colon)) return std::nullopt;
    if (!take_hex(rest, 2, 2, address.device) || address.device > 0x1f) return std::nullopt;
    if (!take(rest, ".") || !take_hex(rest, 1, 1, address.function)) return std::nullopt;
    if (address.function > 7) return std::nullopt;
    text = rest;
    return address;
}

std::optional<PciAddress> take_pci_address(std::string_view& text) {
    std::optional<PciAddress> address = take_pci_address(text, ":", true);
    if (!address) address = take_pci_address(text, ":", false);
    if (!address) address = take_pci_address(text, ".", true);  // SPDK, because of fio's colons
    return address;
}

std::optional<PciAddress> read_pci_address(std::string_view text) {
    const std::optional<PciAddress> address = take_pci_address(text);
    return text.empty() ? address : std::nullopt;
}

/// The functions of the simulated host are devices 0 and up of bus 0
/// (RootComplexParams::endpoints).
DeviceName name_of_function(const PciAddress& address, std::uint32_t nsid) {
    if (address.domain != 0 || address.bus != 0 || address.function != 0)
        return UnknownDeviceName{
            "there is no controller at this PCI address, the first is at 0000:00:00.0, the second "
            "at 0000:00:01.0",
            true};
    return NamespaceName{address.device, nsid};
}

/// SPDK's transport identifier: "trtype=PCIe traddr=0000.04.00.0 ns=1".
DeviceName read_transport_id(std::string_view text) {
    std::optional<PciAddress> address;
    std::uint32_t nsid = 0;
    bool pcie = false;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (word.empty()) continue;
        const std::size_t equals = word.find('=');
        const std::string key = lower_case(word.substr(0, equals));
        std::string_view value = equals == std::string_view::npos ? "" : word.substr(equals + 1);
        if (key == "trtype") {
            if (lower_case(value) != "pcie")
                return UnknownDeviceName{"its transport is not PCIe, the only one that there is"};
            pcie = true;
        } else if (key == "traddr") {
            address = read_pci_address(value);
            if (!address) return UnknownDeviceName{"its traddr is no PCI address"};
        } else if (key != "ns") {
            return UnknownDeviceName{"has other keys than trtype, traddr and ns"};
        } else if (!take_number(value, nsid) || nsid == 0 || !value.empty()) {
            return UnknownDeviceName{"its ns is no namespace identifier"};
        }
    }
    if (!pcie || !address) return UnknownDeviceName{"has not both trtype=PCIe and traddr"};
    return name_of_function(*address, nsid);
}

/// A PCI address with colons stands somewhere in the text, as a word.
bool has_pci_address(std::string_view text) {
    bool in_word = false;
    for (; !text.empty(); text.remove_prefix(1)) {
        std::string_view rest = text;
        if (!in_word && (take_pci_address(rest, ":", true) || take_pci_address(rest, ":", false)))
            return true;
        in_word = std::isalnum(static_cast<unsigned char>(text.front())) != 0;
    }
    return false;
}

/// Of nvme or ng and a digit: what it is, or that it is something else.
std::string_view why_no_namespace(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const auto skip_number = [&] {
        text.remove_prefix(std::min(text.find_first_not_of(digits), text.size()));
    };
    skip_number();
    if (take(text, "c")) return "is one of several paths to a namespace";
    if (take(text, "n")) skip_number();
    if (take(text, "p")) return "is a partition, which the model does not look for";
    return "is not the name of a namespace";
}

/// Why the name, which is no form of a namespace, must be meant to be a device; empty: need not.
std::string_view why_a_device(std::string_view name) {
    if (name == "-") return "is standard input or output";
    if (name.find('$') != std::string_view::npos) return "has a variable, which is not replaced";
    if (name.substr(0, 2) == R"(\\)") return "is a device or a share of Windows";
    std::string_view rest = name;
    if (has_pci_address(name) || take_pci_address(rest)) return "is more than a PCI address";
    const std::string text = lower_case(name);
    if (text.substr(0, 4) == "nqn." || text.find("://") != std::string::npos)
        return "is a device of another host";
    std::string_view last = std::string_view{text}.substr(text.rfind('/') + 1);
    while (take(last, "\"") || take(last, "'")) continue;
    const bool nvme = take(last, "nvme");
    if ((nvme && last.empty()) ||
        ((nvme || take(last, "ng")) && !last.empty() && is_digit(last.front())))
        return why_no_namespace(last);
    std::string_view path = text;
    while (path.substr(0, 2) == "//") path.remove_prefix(1);
    return path == "/dev" || take(path, "/dev/") ? "is not the name of a namespace" : "";
}

}  // namespace

std::vector<std::string> split_filename(std::string_view value) {
    std::vector<std::string> names(1);
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size() && value[i + 1] == ':') {
            names.back() += value[++i];
        } else if (value[i] == ':') {
            names.emplace_back();
        } else {
            names.back() += value[i];
        }
    }
    for (std::string& name : names) {
        name.erase(0, name.find_first_not_of(' '));
        name.erase(name.find_last_not_of(' ') + 1);
    }
    names.erase(std::remove(names.begin(), names.end(), ""), names.end());
    return names;
}

bool has_bare_pci_address(std::string_view value) {
    return has_pci_address(value);
}

DeviceName read_device_name(std::string_view name) {
    if (const std::optional<NamespaceName> disk = read_disk_name(name)) return *disk;
    if (const std::optional<PciAddress> address = read_pci_address(name))
        return name_of_function(*address, 0);
    const std::string text = lower_case(name);
    if (text.find("trtype=") != std::string::npos || text.find("traddr=") != std::string::npos)
        return read_transport_id(name);
    if (const std::string_view why = why_a_device(name); !why.empty())
        return UnknownDeviceName{std::string{why}};
    return PlainFileName{};
}

bool names_a_disk(std::string_view name) {
    const std::string text = lower_case(name);
    if (name.find_first_of("$\"'") != std::string_view::npos) return false;
    std::string_view rest = text;
    if (take(rest, R"(\\.\)")) return !rest.empty();
    if (!take(rest, "/dev/") || rest.empty()) return false;
    std::string_view last = rest.substr(rest.rfind('/') + 1);
    const bool nvme = take(last, "nvme") || take(last, "ng");
    return !nvme || (!last.empty() && !is_digit(last.front()));
}

}  // namespace platform
