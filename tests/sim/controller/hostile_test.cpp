// SPDX-License-Identifier: Apache-2.0
// A host that does anything at all, with fixed seeds and for a bounded number of rounds. Whatever
// it wrote, the controller serves a clean reset and verified I/O afterwards.
#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>
#include <map>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "models/nvme/spec/commands.h"
#include "models/pcie/config_registers.h"
#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace offset = spec::offset;
using platform::DriverError;

constexpr unsigned kRounds = 24;
constexpr std::uint64_t kBar0Bytes = 64 * 1024;
constexpr std::uint64_t kBar4Bytes = 8192;
constexpr std::uint64_t kGuestPages = 8ull << 20;  // what commands point to, data and lists alike
constexpr std::uint64_t kGuestPageCount = 32;

class Hostile : public ProbedTest {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.intx = true;
        p.mps_max = 2;
        return p;
    }
    Hostile() : Hostile(params()) {}
    explicit Hostile(const ControllerParams& p) : ProbedTest(p) {}

    std::uint64_t any() { return random_(); }
    std::uint64_t below(std::uint64_t n) { return random_() % n; }
    template <typename T>
    T one_of(std::initializer_list<T> values) {
        return values.begin()[below(values.size())];
    }
    void pause() { sc_core::wait(static_cast<double>(below(40'000)), sc_core::SC_NS); }

    /// One write of any size, alignment and content to [base, base + bytes) and a little beyond.
    void random_write(std::uint64_t base, std::uint64_t bytes) {
        std::array<unsigned char, 64> data;
        for (auto& byte : data) byte = static_cast<unsigned char>(any());
        const unsigned size =
            below(8) == 0 ? static_cast<unsigned>(below(65)) : one_of<unsigned>({1, 2, 4, 4, 4, 8});
        std::uint64_t at = below(bytes);
        if (below(8) != 0 && size != 0) at -= at % size;
        (void)host.cpu.access(tlm::TLM_WRITE_COMMAND, base + at, data.data(), size);
        (void)host.cpu.access(tlm::TLM_READ_COMMAND, base + at, data.data(), size);
    }

    /// An address that a guest may put into a command: good, misaligned, or nowhere.
    std::uint64_t random_gpa() {
        const std::uint64_t page = kGuestPages + below(kGuestPageCount) * 4096;
        switch (below(8)) {
            case 0:
                return any();
            case 1:
                return page + below(4096);
            case 2:
                return host.memory.size() + (below(4) - 2) * 4096;
            case 3:
                return 0xFEE0'0000 + below(16) * 4096;
            case 4:
                return page + 8 * below(512);
            default:
                return page;
        }
    }
    /// PRP lists for all the pages that random_gpa() may point to.
    void fill_prp_lists() {
        for (std::uint64_t at = 0; at < kGuestPageCount * 4096; at += 8)
            host.memory.poke(kGuestPages + at, below(4) == 0 ? any() : random_gpa());
    }

    spec::SubmissionEntry random_entry(bool admin) {
        spec::SubmissionEntry e;
        auto* bytes = reinterpret_cast<unsigned char*>(&e);
        for (std::size_t i = 0; i < sizeof e; ++i) bytes[i] = static_cast<unsigned char>(any());
        if (below(10) == 0) return e;
        // Mostly something that gets beyond the first check.
        const auto opcode =
            admin ? one_of<std::uint8_t>({0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 0x18, 0x7c, 0x80})
                  : one_of<std::uint8_t>({0, 1, 1, 2, 2, 4, 5, 8, 9, 12, 13});
        e.cdw0 = static_cast<std::uint32_t>(opcode | below(65536) << 16);
        if (below(16) == 0) e.cdw0 |= static_cast<std::uint32_t>(below(64) << 8);
        e.nsid = one_of<std::uint32_t>({1, 1, 1, 0, 2, ~0u});
        e.prp1 = random_gpa();
        e.prp2 = random_gpa();
        if (below(2) == 0) e.cdw10 &= admin ? 0x001f'00ffu : 0xffffu;
        if (below(2) == 0) e.cdw11 = static_cast<std::uint32_t>(below(4));
        if (below(2) == 0) e.cdw12 &= 0xff;
        if (below(3) == 0) {  // nothing wrong but, perhaps, the pointers
            e.nsid = static_cast<std::uint32_t>(below(2));
            e.cdw10 = static_cast<std::uint32_t>(below(16) | (admin ? below(2) * 0x3ff'0000 : 0));
            e.cdw11 = e.cdw12 = e.cdw13 = e.cdw14 = e.cdw15 = 0;
        }
        return e;
    }

    void storm_io_queues();
    /// Fills the free part of a queue with entries of any content, and rings for some of them.
    void storm(std::uint16_t qid, unsigned count) {
        const auto* sq = driver.find_sq(qid);
        ASSERT_NE(sq, nullptr);
        std::uint32_t tail = sq->tail;
        for (unsigned i = 0; i < count; ++i) {
            const auto entry = random_entry(qid == 0);
            std::memcpy(sq->memory.data + tail * sizeof entry, &entry, sizeof entry);
            tail = (tail + 1) % sq->depth;
            if (below(3) == 0) driver.write32(driver.sq_doorbell(qid), tail);
            if (below(8) == 0) pause();
        }
        driver.write32(driver.sq_doorbell(qid), tail);
        sc_core::wait(us(static_cast<double>(below(300))));
        // Makes room as a host that reads its completions would, without believing them.
        if (below(2) == 0)
            driver.write32(driver.cq_doorbell(qid),
                           static_cast<std::uint32_t>(below(driver.find_cq(qid)->depth)));
    }

    /// Out of whatever state the round has left.
    void expect_recovery(unsigned round) {
        SCOPED_TRACE("round " + std::to_string(round));
        switch (round % 3) {
            case 0:
                driver.fundamental_reset();
                break;
            case 1:  // a controller reset, with addresses and interrupts set up anew
                break;
            case 2:
                EXPECT_EQ(driver.function_level_reset(), DriverError::kNone);
                break;
        }
        driver.forget_everything();
        // A random power state is left by software first.
        host.cpu.config_write<std::uint16_t>(0, pcie::ConfigSpace::kPowerManagement + 4, 0);
        bring_up(2, 64);
        ASSERT_FALSE(HasFatalFailure());
        EXPECT_TRUE(verified_io(driver, round, 64, 32, 1));
        EXPECT_TRUE(verified_io(driver, round + 99, 8192, 32, 2));
        ASSERT_EQ(driver.disable(), DriverError::kNone);
    }

    /// The storms were commands to the controller, not noise that it threw away at the door.
    void expect_variety(bool admin) {
        std::map<spec::StatusCode, unsigned> ends;
        for (const auto& c : trace.completed)
            if ((c.sqid == 0) == admin) ++ends[c.status];
        EXPECT_GT(ends[spec::StatusCode::kSuccess], 100u);
        EXPECT_GT(ends[spec::StatusCode::kInvalidField], 10u);
        EXPECT_GT(ends[spec::StatusCode::kPrpOffsetInvalid], 5u);
        EXPECT_GT(ends[spec::StatusCode::kDataTransferError], 5u);
        EXPECT_GT(ends.size(), admin ? 8u : 6u);
    }

    std::uint64_t bar0() { return driver.pci().bar(0); }
    std::uint64_t bar4() { return driver.pci().bar(4); }

    std::mt19937_64 random_{20231122};
    bool unruly_ = false;
};

void Hostile::storm_io_queues() {
    simulate(
        [this] {
            for (unsigned round = 0; round < kRounds * 2; ++round) {
                bring_up(2, 64);
                fill_prp_lists();
                storm(1, 60);
                storm(2, 60);
                sc_core::wait(us(static_cast<double>(below(2000))));
                expect_recovery(round);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
}

TEST_F(Hostile, AnyBytesInAnyRegister) {
    simulate(
        [this] {
            for (unsigned round = 0; round < kRounds; ++round) {
                bring_up(2, 64);
                for (unsigned i = 0; i < 400; ++i) {
                    random_write(bar0(), below(2) == 0 ? 0x80 : 0x1000);
                    if (below(32) == 0) pause();
                }
                expect_recovery(round);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
}

TEST_F(Hostile, AnyBytesInAnyDoorbell) {
    simulate(
        [this] {
            for (unsigned round = 0; round < kRounds; ++round) {
                bring_up(2, 64);
                fill_prp_lists();
                for (unsigned i = 0; i < 400; ++i) {
                    random_write(bar0() + offset::kDoorbells,
                                 below(4) == 0 ? kBar0Bytes - offset::kDoorbells : 24);
                    if (below(3) == 0)
                        driver.write32(
                            offset::kDoorbells + 4 * static_cast<std::uint32_t>(below(6)),
                            static_cast<std::uint32_t>(below(64)));
                    if (below(16) == 0) pause();
                }
                expect_recovery(round);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
}

TEST_F(Hostile, AnyBytesInConfigurationSpaceWhileCommandsRun) {
    simulate(
        [this] {
            const std::uint64_t ecam = host.root_complex.config_address(0, 0);
            for (unsigned round = 0; round < kRounds; ++round) {
                bring_up(2, 64);
                const auto buffer = driver.allocate(65536);
                for (unsigned i = 0; i < 300; ++i) {
                    (void)driver.submit(1, platform::commands::read(1, below(1024), 128), buffer);
                    random_write(ecam, below(2) == 0 ? 0x100 : 0x1000);
                    if (round % 2 == 0)  // keep it able to answer and to send
                        host.cpu.config_write<std::uint16_t>(
                            0, pcie::reg::kCommand,
                            pcie::reg::kCommandMemorySpace | pcie::reg::kCommandBusMaster);
                    if (below(16) == 0) pause();
                }
                expect_recovery(round);
                driver.release(buffer);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
}

TEST_F(Hostile, AnyBytesInTheMsixTableWhileInterruptsAreSent) {
    simulate(
        [this] {
            for (unsigned round = 0; round < kRounds; ++round) {
                bring_up(2, 64);
                for (unsigned i = 0; i < 300; ++i) {
                    random_write(bar4(), below(2) == 0 ? 64 : kBar4Bytes);
                    if (below(4) == 0) (void)driver.submit(1, platform::commands::flush(1));
                    if (below(16) == 0) driver.pci().set_msix(below(4) != 0, below(4) == 0);
                    if (below(16) == 0) pause();
                }
                expect_recovery(round);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
}

TEST_F(Hostile, AnyEntriesInTheAdminQueue) {
    simulate(
        [this] {
            for (unsigned round = 0; round < kRounds * 4; ++round) {
                bring_up(2, 64);
                fill_prp_lists();
                storm(0, 25);
                pause();
                storm(1, 10);  // which may not be there any more
                sc_core::wait(us(500));
                expect_recovery(round);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
    expect_variety(true);
}

TEST_F(Hostile, AnyEntriesInIoQueues) {
    storm_io_queues();
    expect_variety(false);
}

/// Small, full, and collected all the time.
class HostileNand : public Hostile {
protected:
    static ControllerParams nand() {
        ControllerParams p = params();
        p.write_cache_bytes = 1 << 20;
        p.media.model = media::Model::kNand;
        p.media.nand.channels = p.media.nand.packages = p.media.nand.dies = 1;
        p.media.nand.pages = 8;
        p.media.nand.wear.endurance = 10;
        p.media.nand.wear.retry_percent = 50;
        p.media.nand.wear.read_limit = 20;
        p.media.nand.wear.block_life = 4;
        p.media.nand.wear.spare_blocks = 8;
        p.media.ftl.wear_limit = 2;
        p.media.ftl.map_cache_bytes = 4096;
        p.media.ftl.slc.bytes = 1 << 20;
        p.media.ftl.gc_idle_ns = 10'000;
        p.media.ftl.precondition = media::Precondition::kRandom;
        return p;
    }
    HostileNand() : Hostile(nand()) {}
};

TEST_F(HostileNand, AnyEntriesInIoQueues) {
    storm_io_queues();
    expect_variety(false);
}

TEST_F(Hostile, EverythingAtOnceWithAHostThatBlocksAndRefuses) {
    probe.hook = [this](const DmaAccess&, sc_core::sc_time& delay) {
        if (!unruly_) return tlm::TLM_OK_RESPONSE;
        if (below(8) == 0) sc_core::wait(static_cast<double>(below(5000)), sc_core::SC_NS);
        if (below(8) == 0) delay += ns(static_cast<double>(below(5000)));
        if (below(100) == 0) return tlm::TLM_GENERIC_ERROR_RESPONSE;
        return tlm::TLM_OK_RESPONSE;
    };
    simulate(
        [this] {
            const std::uint64_t ecam = host.root_complex.config_address(0, 0);
            for (unsigned round = 0; round < kRounds * 2; ++round) {
                bring_up(2, 64);
                fill_prp_lists();
                unruly_ = true;
                storm(1, 40);
                storm(0, 20);
                for (unsigned i = 0; i < 100; ++i) {
                    switch (below(5)) {
                        case 0:
                            random_write(bar0(), 0x1040);
                            break;
                        case 1:
                            random_write(bar4(), kBar4Bytes);
                            break;
                        case 2:
                            random_write(ecam, 0x100);
                            break;
                        case 3:
                            driver.write32(offset::kCc,
                                           0x0046'0000 | static_cast<std::uint32_t>(below(2)));
                            break;
                        default:
                            pause();
                            break;
                    }
                }
                unruly_ = false;
                sc_core::wait(us(200));
                expect_recovery(round);
            }
        },
        sc_core::sc_time(1000, sc_core::SC_SEC));
}

}  // namespace
}  // namespace nvme::test
