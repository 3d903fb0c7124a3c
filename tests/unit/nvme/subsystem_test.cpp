// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/subsystem.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "models/media/store/ram_store.h"

namespace nvme::test {
namespace {

SubsystemParams config_of(const std::string& nqn = "nqn.2014-08.org.example:a") {
    SubsystemParams config;
    config.subsystem_nqn = nqn;
    config.ieee_oui = 0x123456;
    config.max_namespaces = 8;
    config.write_cache_bytes = 64 * 1024;
    return config;
}

NamespaceConfig namespace_of(std::uint32_t nsid, std::uint32_t lba_size = 512) {
    NamespaceConfig config;
    config.nsid = nsid;
    config.lba_size = lba_size;
    return config;
}

std::unique_ptr<media::RamStore> store(std::uint64_t bytes) {
    return std::make_unique<media::RamStore>(bytes);
}

struct Member final : SubsystemMember {
    std::vector<std::uint32_t> changed;
    unsigned resets = 0;
    std::vector<bool> power;
    void on_namespace_changed(std::uint32_t nsid) override { changed.push_back(nsid); }
    void on_subsystem_reset() override { ++resets; }
    void on_power(bool on) override { power.push_back(on); }
    // HostPort
    HostIdentity identity;
    std::uint16_t controller_id() const override { return 0; }
    const HostIdentity& host() const override { return identity; }
    void on_reservation_notice(std::uint32_t, spec::ReservationNotice) override {}
    void abort_commands(Namespace&) override {}
    void on_aborts_ended() override {}
};

TEST(Subsystem, FindsWhatWasAdded) {
    Subsystem s(config_of());
    ASSERT_EQ(s.add(namespace_of(3), store(4096)), "");
    ASSERT_TRUE(s.find(3));
    EXPECT_EQ(s.find(3)->nsid(), 3u);
    EXPECT_EQ(s.find(3)->blocks(), 8u);
    for (const std::uint32_t nsid : {0u, 1u, 8u, 9u, 0xffff'fffeu, 0xffff'ffffu})
        EXPECT_FALSE(s.find(nsid)) << nsid;
}

TEST(Subsystem, ValidNsidsAreOneToNn) {
    const Subsystem s(config_of());
    EXPECT_FALSE(s.valid(0));
    EXPECT_TRUE(s.valid(1));
    EXPECT_TRUE(s.valid(8));
    EXPECT_FALSE(s.valid(9));
    EXPECT_FALSE(s.valid(0xffff'ffff));
}

TEST(Subsystem, AnIdentifierIsInvalidInactiveOrActive) {
    using spec::StatusCode;
    Subsystem s(config_of());
    ASSERT_EQ(s.add(namespace_of(3), store(4096)), "");
    const auto active = s.active(3);
    ASSERT_TRUE(active);
    EXPECT_EQ(*active, s.find(3));
    for (const std::uint32_t nsid : {1u, 2u, 4u, 8u}) {
        ASSERT_FALSE(s.active(nsid)) << nsid;
        EXPECT_EQ(s.active(nsid).error().code, StatusCode::kInvalidField) << nsid;
        EXPECT_TRUE(s.check_valid(nsid)) << nsid;
    }
    for (const std::uint32_t nsid : {0u, 9u, 0xffff'fffeu, 0xffff'ffffu}) {
        ASSERT_FALSE(s.active(nsid)) << nsid;
        EXPECT_EQ(s.active(nsid).error().code, StatusCode::kInvalidNamespaceOrFormat) << nsid;
        EXPECT_EQ(s.check_valid(nsid).error().detail, nsid);
    }
    EXPECT_TRUE(s.remove(3));
    EXPECT_EQ(s.active(3).error().code, StatusCode::kInvalidField);
}

TEST(Subsystem, RefusesNamespacesThatCannotBeAndSaysWhy) {
    Subsystem s(config_of());
    Member member;
    s.attach(member);
    const auto refused = [&](const NamespaceConfig& config, std::unique_ptr<media::BlockStore> st,
                             const std::string& word) {
        const std::string problem = s.add(config, std::move(st));
        EXPECT_NE(problem.find(word), std::string::npos) << problem;
    };
    refused(namespace_of(0), store(4096), "1 to 8");
    refused(namespace_of(9), store(4096), "1 to 8");
    refused(namespace_of(0xffff'ffff), store(4096), "1 to 8");
    refused(namespace_of(1, 0), store(4096), "lba_size");
    refused(namespace_of(1, 1024), store(4096), "lba_size");
    refused(namespace_of(1), nullptr, "store");
    refused(namespace_of(1), store(511), "block");
    refused(namespace_of(1, 4096), store(4095), "block");
    EXPECT_TRUE(member.changed.empty());
    ASSERT_EQ(s.add(namespace_of(1), store(4096)), "");
    refused(namespace_of(1), store(8192), "exists already");
    EXPECT_EQ(s.find(1)->blocks(), 8u) << "the first one is as before";
}

TEST(Subsystem, ARestThatFillsNoBlockIsNotAddressable) {
    Subsystem s(config_of());
    ASSERT_EQ(s.add(namespace_of(1, 4096), store(3 * 4096 + 4095)), "");
    EXPECT_EQ(s.find(1)->blocks(), 3u);
}

TEST(Subsystem, ARemovedNamespaceLivesOnForThoseWhoHoldIt) {
    Subsystem s(config_of());
    ASSERT_EQ(s.add(namespace_of(1), store(4096)), "");
    const std::shared_ptr<Namespace> held = s.find(1);
    EXPECT_TRUE(s.remove(1));
    EXPECT_FALSE(s.find(1));
    EXPECT_FALSE(s.remove(1));
    EXPECT_FALSE(s.remove(0));
    std::array<std::byte, 512> block{};
    EXPECT_EQ(held->data().read(0, block.data(), block.size()), media::IoStatus::kOk);
    EXPECT_EQ(s.add(namespace_of(1), store(8192)), "") << "the NSID is free again";
}

TEST(Subsystem, ResizesAndSaysWhyNot) {
    Subsystem s(config_of());
    ASSERT_EQ(s.add(namespace_of(1), store(4096)), "");
    EXPECT_EQ(s.resize(1, 8192), "");
    EXPECT_EQ(s.find(1)->blocks(), 16u);
    EXPECT_EQ(s.resize(1, 512), "");
    EXPECT_EQ(s.find(1)->blocks(), 1u);
    EXPECT_NE(s.resize(1, 511), "");
    EXPECT_NE(s.resize(1, 0), "");
    EXPECT_EQ(s.find(1)->blocks(), 1u);
    EXPECT_NE(s.resize(2, 4096), "");
    EXPECT_NE(s.resize(0, 4096), "");
}

TEST(Subsystem, TellsItsMembersOfEveryChangeUntilTheyLeave) {
    Subsystem s(config_of());
    Member a, b;
    s.attach(a);
    s.attach(b);
    ASSERT_EQ(s.add(namespace_of(2), store(4096)), "");
    ASSERT_EQ(s.resize(2, 8192), "");
    s.detach(b);
    ASSERT_TRUE(s.remove(2));
    s.reset();
    EXPECT_EQ(a.changed, (std::vector<std::uint32_t>{2, 2, 2}));
    EXPECT_EQ(b.changed, (std::vector<std::uint32_t>{2, 2}));
    EXPECT_EQ(a.resets, 1u);
    EXPECT_EQ(b.resets, 0u);
}

TEST(Subsystem, NguidsAreStableDistinctAndBearTheOui) {
    std::set<std::array<std::uint8_t, 16>> seen;
    for (const char* nqn : {"nqn.a", "nqn.b", "nqn.ab"}) {
        Subsystem first(config_of(nqn)), second(config_of(nqn));
        for (std::uint32_t nsid = 1; nsid <= 8; ++nsid) {
            ASSERT_EQ(first.add(namespace_of(nsid), store(4096)), "");
            ASSERT_EQ(second.add(namespace_of(nsid, 4096), store(8192)), "");
            const auto& nguid = first.find(nsid)->nguid();
            EXPECT_EQ(nguid, second.find(nsid)->nguid());
            EXPECT_TRUE(seen.insert(nguid).second) << nqn << " " << nsid;
            EXPECT_EQ(nguid[8], 0x12u);
            EXPECT_EQ(nguid[9], 0x34u);
            EXPECT_EQ(nguid[10], 0x56u);
        }
    }
}

TEST(Subsystem, APowerCutLosesWhatIsVolatileInEveryNamespace) {
    Subsystem s(config_of());
    const std::array<std::byte, 512> ones = [] {
        std::array<std::byte, 512> block;
        block.fill(std::byte{1});
        return block;
    }();
    for (const std::uint32_t nsid : {1u, 5u}) {
        ASSERT_EQ(s.add(namespace_of(nsid), store(4096)), "");
        ASSERT_EQ(s.find(nsid)->data().write(0, ones.data(), 512), media::IoStatus::kOk);
        ASSERT_EQ(s.find(nsid)->data().write_durable(512, ones.data(), 512), media::IoStatus::kOk);
    }
    Member one, other;
    s.attach(one);
    s.attach(other);
    s.set_power(false);
    s.set_power(true);
    EXPECT_EQ(one.power, (std::vector<bool>{false, true}));
    EXPECT_EQ(other.power, one.power);
    for (const std::uint32_t nsid : {1u, 5u}) {
        std::array<std::byte, 1024> back{};
        ASSERT_EQ(s.find(nsid)->data().read(0, back.data(), 1024), media::IoStatus::kOk);
        EXPECT_EQ(back[0], std::byte{0});
        EXPECT_EQ(back[512], std::byte{1});
    }
}

TEST(Namespace, ContainsChecksWithoutOverflow) {
    Subsystem s(config_of());
    ASSERT_EQ(s.add(namespace_of(1), store(4096)), "");
    const Namespace& ns = *s.find(1);
    EXPECT_TRUE(ns.contains(0, 8));
    EXPECT_TRUE(ns.contains(7, 1));
    EXPECT_TRUE(ns.contains(8, 0));
    EXPECT_FALSE(ns.contains(8, 1));
    EXPECT_FALSE(ns.contains(0, 9));
    EXPECT_FALSE(ns.contains(~0ull, 1));
    EXPECT_FALSE(ns.contains(~0ull, 2));
    EXPECT_FALSE(ns.contains(1, ~0ull));
    EXPECT_FALSE(ns.contains(~0ull - 7, 9));
}

}  // namespace
}  // namespace nvme::test
