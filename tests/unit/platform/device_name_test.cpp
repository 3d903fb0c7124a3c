// SPDX-License-Identifier: Apache-2.0
// Names that do not look exactly like nvme0n1 used to mean the first namespace, without a word: a
// job for /dev/ng0n2 or for a partition overwrote namespace 1.
#include "platform/workload/device_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/workload/random.h"

namespace platform {
namespace {

using Names = std::vector<std::string>;

/// "nvme1n2", "nvme1" without a namespace, "file", or what is wrong.
std::string meaning_of(const std::string& name) {
    const DeviceName result = read_device_name(name);
    if (const auto* ns = std::get_if<NamespaceName>(&result))
        return "nvme" + std::to_string(ns->controller) +
               (ns->nsid == 0 ? "" : "n" + std::to_string(ns->nsid));
    if (const auto* unknown = std::get_if<UnknownDeviceName>(&result)) return unknown->problem;
    return "file";
}

TEST(DeviceName, ANamespaceIsNamedAsLinuxAndSpdkNameIt) {
    for (const char* name : {"nvme0n2", "/dev/nvme0n2", "ng0n2", "/dev/ng0n2", "Nvme0n2"})
        EXPECT_EQ(meaning_of(name), "nvme0n2") << name;
    EXPECT_EQ(meaning_of("/dev/nvme12n34"), "nvme12n34");
}

TEST(DeviceName, APciAddressNamesTheControllerThatIsThere) {
    EXPECT_EQ(meaning_of("0000:00:00.0"), "nvme0");
    EXPECT_EQ(meaning_of("0000:00:1f.0"), "nvme31");
    EXPECT_EQ(meaning_of("00:02.0"), "nvme2");
    EXPECT_EQ(meaning_of("0000.00.03.0"), "nvme3");
    EXPECT_EQ(meaning_of("trtype=PCIe traddr=0000.00.01.0 ns=2"), "nvme1n2");
    EXPECT_EQ(meaning_of("TRTYPE=pcie  traddr=0000:00:01.0"), "nvme1");
    for (const char* name : {"0000:04:00.0", "0001:00:00.0", "0000:00:00.1", "04:00.0",
                             "trtype=PCIe traddr=0000.04.00.0 ns=1"})
        EXPECT_EQ(meaning_of(name).rfind("there is no controller at this PCI address", 0), 0u)
            << name;
}

TEST(DeviceName, WhatLooksLikeADeviceButIsNoneOfTheseFormsIsNotTakenForAFile) {
    const struct {
        const char* name;
        const char* problem;
    } cases[] = {
        {"/dev/nvme0n1p2", "is a partition"},
        {"nvme0n1p1", "is a partition"},
        {"Nvme0n1p0", "is a partition"},
        {"ng0n1p1", "is a partition"},
        {"nvme0c1n1", "is one of several paths"},
        {"/dev/nvme0c1n1", "is one of several paths"},
        {"nvme0n02", "is not the name of a namespace"},
        {"nvme00n1", "is not the name of a namespace"},
        {"nvme0n0", "is not the name of a namespace"},
        {"nvme0", "is not the name of a namespace"},
        {"nvme", "is not the name of a namespace"},
        {"nvme0n", "is not the name of a namespace"},
        {"nvme0n1 x", "is not the name of a namespace"},
        {"NVME0N1", "is not the name of a namespace"},
        {"\"nvme0n2\"", "is not the name of a namespace"},
        {"somewhere/nvme0n2", "is not the name of a namespace"},
        {"nvme0n4294967296", "is not the name of a namespace"},
        {"nvme99999999999999999999n1", "is not the name of a namespace"},
        {"ng0", "is not the name of a namespace"},
        {"/dev/sda", "is not the name of a namespace"},
        {"//dev/disk/by-id/nvme-x", "is not the name of a namespace"},
        {"/dev/null", "is not the name of a namespace"},
        {"/dev", "is not the name of a namespace"},
        {R"(\\.\PhysicalDrive1)", "is a device or a share of Windows"},
        {"${DEVICE}", "has a variable"},
        {"-", "is standard input or output"},
        {"0000.04.00.0/1", "is more than a PCI address"},
        {"/sys/bus/pci/devices/0000:04:00.0", "is more than a PCI address"},
        {"pci:0000:04:00.0?nsid=1", "is more than a PCI address"},
        {"nqn.2014-08.org.nvmexpress:uuid:1", "is a device of another host"},
        {"trtype=TCP traddr=192.168.0.1 ns=1", "its transport is not PCIe"},
        {"trtype=PCIe ns=1", "has not both trtype=PCIe and traddr"},
        {"traddr=0000.00.00.0", "has not both trtype=PCIe and traddr"},
        {"trtype=PCIe traddr=here", "its traddr is no PCI address"},
        {"trtype=PCIe traddr=0000.00.00.0 ns=0", "its ns is no namespace identifier"},
        {"trtype=PCIe traddr=0000.00.00.0 ns=2x", "its ns is no namespace identifier"},
        {"trtype=PCIe traddr=0000.00.00.0 nsid=2", "has other keys"},
    };
    for (const auto& test : cases)
        EXPECT_EQ(meaning_of(test.name).rfind(test.problem, 0), 0u)
            << test.name << ": " << meaning_of(test.name);
}

TEST(DeviceName, AFileThatFioWouldCreateIsAFile) {
    for (const char* name : {"test.dat", "randread", ".mark", "file1", "/data/run.0.0", "C:\\x.dat",
                             "nvme-results.dat", "my.nvme0n1.img", "ngram", "0000", "10.20.30",
                             "/mnt/nvme1/file", "/home/dev/file", "2026.12.31"})
        EXPECT_EQ(meaning_of(name), "file") << name;
}

// The expected lists are those that fio 3.33 makes files of.
TEST(DeviceName, ColonsSeparateNamesUnlessTheyAreEscaped) {
    EXPECT_EQ(split_filename("a"), Names{"a"});
    EXPECT_EQ(split_filename("a:b:c"), (Names{"a", "b", "c"}));
    EXPECT_EQ(split_filename(":a::b:"), (Names{"a", "b"}));
    EXPECT_EQ(split_filename(R"(a\:b:c\:d)"), (Names{"a:b", "c:d"}));
    EXPECT_EQ(split_filename(R"(0000\:00\:01.0)"), Names{"0000:00:01.0"});
    EXPECT_EQ(split_filename(R"(F\:\filename)"), Names{R"(F:\filename)"});
    EXPECT_EQ(split_filename("nvme0n1 : nvme0n2"), (Names{"nvme0n1", "nvme0n2"}));
    EXPECT_EQ(split_filename(" : "), Names{});
    EXPECT_TRUE(has_bare_pci_address("0000:0a:00.0"));
    EXPECT_TRUE(has_bare_pci_address("nvme0n1:04:00.1"));
    EXPECT_FALSE(has_bare_pci_address(R"(0000\:0a\:00.0)"));
    EXPECT_FALSE(has_bare_pci_address("file1:02"));
}

TEST(DeviceName, AnyBytesAreAName) {
    RandomStream random{3};
    const std::string_view likely = "nvmeNgpc0123456789:./= \\trtypeaddrns-";
    for (int round = 0; round < 20'000; ++round) {
        std::string name;
        for (std::uint64_t i = random.below(30); i > 0; --i)
            name += random.below(16) == 0 ? static_cast<char>(random.below(256))
                                          : likely[random.below(likely.size())];
        for (const std::string& part : split_filename(name)) {
            EXPECT_FALSE(part.empty());
            EXPECT_FALSE(meaning_of(part).empty());
        }
    }
}

}  // namespace
}  // namespace platform
