// SPDX-License-Identifier: Apache-2.0
// What Identify says of namespaces: lists, geometry, identifiers.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

constexpr std::array<std::uint8_t, 8> kEui64 = {1, 2, 3, 4, 5, 6, 7, 8};
constexpr std::array<std::uint8_t, 16> kUuid = {0xA0, 1, 2,  3,  4,  5,  6,  7,
                                                8,    9, 10, 11, 12, 13, 14, 15};

/// NSIDs 1 (512 bytes, from the base), 4 (4096 bytes, with identifiers) and 1024.
class IdentifyTheNamespaces : public CommandsTest {
protected:
    IdentifyTheNamespaces() {
        NamespaceConfig config;
        config.nsid = 4;
        config.lba_size = 4096;
        config.eui64 = kEui64;
        config.uuid = kUuid;
        auto store = std::make_unique<media::RamStore>((8u << 20) + 4095);
        EXPECT_EQ(controller.add_namespace(config, std::move(store)), "");
        add_ram_namespace(1024, 1 << 20, 512);
    }

    spec::IdentifyNamespace identity(std::uint32_t nsid) {
        spec::IdentifyNamespace id;
        EXPECT_TRUE(driver.identify_namespace(nsid, id).ok());
        return id;
    }
    std::map<unsigned, std::vector<std::uint8_t>> descriptors(std::uint32_t nsid) {
        std::uint8_t page[spec::kIdentifyBytes];
        EXPECT_TRUE(driver.identify(spec::Cns::kNamespaceIdDescriptors, nsid, page).ok());
        std::map<unsigned, std::vector<std::uint8_t>> found;
        std::size_t at = 0;
        while (at + 4 <= sizeof page && page[at + 1] != 0) {
            const std::uint8_t* value = page + at + 4;
            found[page[at]] = {value, value + page[at + 1]};
            at += 4u + page[at + 1];
        }
        EXPECT_TRUE(std::all_of(page + at, page + sizeof page, [](auto b) { return b == 0; }));
        return found;
    }
    std::vector<std::uint32_t> list(spec::Cns cns, std::uint32_t above) {
        spec::NamespaceList page;
        EXPECT_TRUE(driver.identify(cns, above, &page).ok());
        auto* const end = std::find(std::begin(page.nsid), std::end(page.nsid), 0u);
        EXPECT_TRUE(std::all_of(end, std::end(page.nsid), [](auto nsid) { return nsid == 0; }));
        return {std::begin(page.nsid), end};
    }
};

TEST_F(IdentifyTheNamespaces, GeometryFollowsTheStore) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const spec::IdentifyNamespace small = identity(1);
        EXPECT_EQ(small.nsze, (64u << 20) / 512);
        EXPECT_EQ(small.ncap, small.nsze);
        EXPECT_EQ(small.nuse, small.nsze);
        EXPECT_EQ(small.nvmcap.low, 64u << 20);
        EXPECT_EQ(small.nlbaf, 0);
        EXPECT_EQ(small.flbas, 0);
        EXPECT_EQ(small.lbaf[0].raw, 9u << 16);
        EXPECT_EQ(small.lbaf[1].raw, 0u);
        EXPECT_EQ(small.dlfeat & 7, 1) << "deallocated blocks read as zero";
        EXPECT_EQ(small.nsattr, 0);
        EXPECT_EQ(small.mc | small.dpc | small.dps, 0);
        EXPECT_EQ(small.nmic, 0) << "there is one controller";
        EXPECT_EQ(small.rescap, 0xFF) << "all reservation types";

        const spec::IdentifyNamespace large = identity(4);
        EXPECT_EQ(large.nsze, (8u << 20) / 4096) << "the rest fills no block";
        EXPECT_EQ(large.lbaf[0].raw, 12u << 16);
        EXPECT_TRUE(std::equal(kEui64.begin(), kEui64.end(), large.eui64));
        EXPECT_EQ(driver.block_bytes(4), 4096u);
    });
}

TEST_F(IdentifyTheNamespaces, EachHasAGloballyUniqueIdentifierThatOutlivesResets) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto nguid = [this](std::uint32_t nsid) {
            const auto id = identity(nsid);
            return std::vector<std::uint8_t>(id.nguid, id.nguid + 16);
        };
        const auto first = nguid(1), second = nguid(4);
        EXPECT_NE(first, std::vector<std::uint8_t>(16));
        EXPECT_NE(first, second);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(nguid(1), first);
        EXPECT_EQ(descriptors(1).at(2), first);
        EXPECT_EQ(descriptors(4).at(2), second);
    });
}

TEST_F(IdentifyTheNamespaces, DescriptorsListEveryIdentifierThatTheNamespaceHas) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto few = descriptors(1);
        EXPECT_EQ(few.size(), 2u);
        EXPECT_EQ(few.at(4), std::vector<std::uint8_t>{0}) << "CSI: NVM command set";
        const auto all = descriptors(4);
        EXPECT_EQ(all.size(), 4u);
        EXPECT_EQ(all.at(1), std::vector<std::uint8_t>(kEui64.begin(), kEui64.end()));
        EXPECT_EQ(all.at(3), std::vector<std::uint8_t>(kUuid.begin(), kUuid.end()));
    });
}

TEST_F(IdentifyTheNamespaces, ListsHoldTheActiveNamespacesAboveTheGivenOne) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        using List = std::vector<std::uint32_t>;
        for (const auto cns :
             {spec::Cns::kActiveNamespaceList, spec::Cns::kCsActiveNamespaceList}) {
            EXPECT_EQ(list(cns, 0), (List{1, 4, 1024}));
            EXPECT_EQ(list(cns, 1), (List{4, 1024}));
            EXPECT_EQ(list(cns, 3), (List{4, 1024}));
            EXPECT_EQ(list(cns, 1024), List{});
            EXPECT_EQ(list(cns, 0xFFFF'FFFD), List{});
            std::byte page[spec::kIdentifyBytes];
            for (const std::uint32_t nsid : {0xFFFF'FFFEu, 0xFFFF'FFFFu})
                EXPECT_EQ(status(driver.identify(cns, nsid, page)),
                          StatusCode::kInvalidNamespaceOrFormat);
        }
    });
}

TEST_F(IdentifyTheNamespaces, InactiveIdentifierGivesZeroesAndAnInvalidOneAnError) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const std::vector<std::uint8_t> zeroes(spec::kIdentifyBytes);
        for (const auto cns :
             {spec::Cns::kNamespace, spec::Cns::kCsNamespace, spec::Cns::kIndependentNamespace}) {
            std::vector<std::uint8_t> page(spec::kIdentifyBytes, 0xEE);
            EXPECT_TRUE(driver.identify(cns, 1023, page.data()).ok());
            EXPECT_EQ(page, zeroes) << static_cast<int>(cns);
            for (const std::uint32_t nsid : {0u, 1025u, 0xFFFF'FFFEu, 0xFFFF'FFFFu})
                EXPECT_EQ(status(driver.identify(cns, nsid, page.data())),
                          StatusCode::kInvalidNamespaceOrFormat)
                    << static_cast<int>(cns) << " " << nsid;
        }
    });
}

// Pre-fix, an inactive identifier had an empty list: a driver that looked for the command set of a
// namespace that had just gone found a namespace without one, instead of none.
TEST_F(IdentifyTheNamespaces, DescriptorsAreRefusedWhereThereIsNoNamespace) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto cns = spec::Cns::kNamespaceIdDescriptors;
        std::vector<std::uint8_t> page(spec::kIdentifyBytes, 0xEE);
        for (const std::uint32_t nsid : {0u, 2u, 1023u, 1025u, 0xFFFF'FFFEu, 0xFFFF'FFFFu})
            EXPECT_EQ(status(driver.identify(cns, nsid, page.data())), no_namespace(nsid)) << nsid;
        EXPECT_TRUE(controller.remove_namespace(4));
        EXPECT_EQ(status(driver.identify(cns, 4, page.data())), StatusCode::kInvalidField);
    });
}

TEST_F(IdentifyTheNamespaces, CommandSetSpecificAndIndependentPartsAreFilled) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        spec::IdentifyNamespaceIndependent common;
        ASSERT_TRUE(driver.identify(spec::Cns::kIndependentNamespace, 4, &common).ok());
        EXPECT_EQ(common.nstat, 1) << "ready";
        EXPECT_EQ(common.nsattr, 0);
        spec::IdentifyNamespaceNvm nvm;
        std::memset(&nvm, 0xEE, sizeof nvm);
        ASSERT_TRUE(driver.identify(spec::Cns::kCsNamespace, 4, &nvm).ok());
        const spec::IdentifyNamespaceNvm no_protection{};
        EXPECT_EQ(std::memcmp(&nvm, &no_protection, sizeof nvm), 0);
    });
}

}  // namespace
}  // namespace nvme::test
