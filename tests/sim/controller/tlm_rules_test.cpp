// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "models/nvme/spec/registers.h"
#include "platform/modules/payload.h"
#include "tests/sim/controller/socket_fixture.h"

namespace nvme::test {
namespace {

using tlm::tlm_response_status;
constexpr std::uint64_t kMsixData = 0x28;  // of entry 2: any bits can be written there
constexpr std::uint64_t kBar4Bytes = 8192;

class TlmRules : public SocketTest {
protected:
    /// One socket with a dword that keeps what is written to it.
    struct Target {
        Socket& socket;
        std::uint64_t scratch;
        std::uint64_t bytes;
        unsigned widest;
    };
    std::array<Target, 3> targets() {
        return {{{cpu.bar0, spec::offset::kAsq + 4, 64 * 1024, 8},
                 {cpu.bar4, kMsixData, kBar4Bytes, 8},
                 {cpu.config, 0x14, 4096, 4}}};
    }

    /// Sends a write that has to be refused with `expected` and must not change `t.scratch`.
    void refused(const Target& t, tlm::tlm_generic_payload& tx, tlm_response_status expected) {
        ASSERT_EQ(write(t.socket, t.scratch, 0x1234'5678, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(send(t.socket, tx), expected) << t.socket.name() << " " << tx.get_address();
        EXPECT_EQ(read(t.socket, t.scratch, 4), 0x1234'5678u) << t.socket.name();
        EXPECT_FALSE(tx.is_dmi_allowed());
    }
};

TEST_F(TlmRules, ByteEnablesAreRefused) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            std::uint32_t value = ~0u;
            std::array<unsigned char, 4> all{0xff, 0xff, 0xff, 0xff};
            tlm::tlm_generic_payload tx;
            platform::prepare(tx, tlm::TLM_WRITE_COMMAND, t.scratch, &value, 4);
            tx.set_byte_enable_ptr(all.data());
            tx.set_byte_enable_length(4);
            refused(t, tx, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        }
    });
}

TEST_F(TlmRules, AStreamingWidthBelowTheLengthIsRefused) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            for (const unsigned width : {0u, 1u, 3u}) {
                std::uint32_t value = ~0u;
                tlm::tlm_generic_payload tx;
                platform::prepare(tx, tlm::TLM_WRITE_COMMAND, t.scratch, &value, 4);
                tx.set_streaming_width(width);
                refused(t, tx, tlm::TLM_BURST_ERROR_RESPONSE);
            }
        }
    });
}

TEST_F(TlmRules, AStreamingWidthAboveTheLengthIsAnOrdinaryAccess) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            std::uint32_t value = 0x0f0f'0f0f;
            tlm::tlm_generic_payload tx;
            platform::prepare(tx, tlm::TLM_WRITE_COMMAND, t.scratch, &value, 4);
            tx.set_streaming_width(64);
            EXPECT_EQ(send(t.socket, tx), tlm::TLM_OK_RESPONSE);
            EXPECT_EQ(read(t.socket, t.scratch, 4), t.widest == 4 ? 0x0f0f'0f0fu : value);
        }
    });
}

TEST_F(TlmRules, SizesThatNoRegisterHasAreRefused) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            for (const unsigned size : {0u, 1u, 2u, 3u, 5u, 8u, 12u, 16u, 64u}) {
                if (size == 8 && t.widest == 8) continue;
                if (t.widest == 4 && (size == 1 || size == 2)) continue;  // configuration bytes
                std::array<unsigned char, 64> bytes;
                bytes.fill(0xff);
                tlm::tlm_generic_payload tx;
                platform::prepare(tx, tlm::TLM_WRITE_COMMAND, t.scratch & ~std::uint64_t{7},
                                  bytes.data(), size);
                refused(t, tx, tlm::TLM_BURST_ERROR_RESPONSE);
            }
        }
    });
}

TEST_F(TlmRules, MisalignedAccessesAreRefused) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            for (const unsigned misalignment : {1u, 2u, 3u}) {
                std::uint32_t value = ~0u;
                tlm::tlm_generic_payload tx;
                platform::prepare(tx, tlm::TLM_WRITE_COMMAND, t.scratch + misalignment, &value, 4);
                refused(t, tx, tlm::TLM_ADDRESS_ERROR_RESPONSE);
            }
        }
        std::uint64_t value = kAllOnes;
        tlm::tlm_generic_payload tx;
        platform::prepare(tx, tlm::TLM_WRITE_COMMAND, spec::offset::kAsq + 4, &value, 8);
        refused(targets()[0], tx, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        platform::prepare(tx, tlm::TLM_WRITE_COMMAND, 3, &value, 2);
        refused(targets()[2], tx, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    });
}

TEST_F(TlmRules, AccessesBeyondTheEndAreRefused) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            for (const std::uint64_t address : {t.bytes, t.bytes - 2, t.bytes + 4, kAllOnes - 1,
                                                kAllOnes - 3, std::uint64_t{1} << 32}) {
                std::uint32_t value = ~0u;
                tlm::tlm_generic_payload tx;
                platform::prepare(tx, tlm::TLM_WRITE_COMMAND, address, &value, 4);
                refused(t, tx, tlm::TLM_ADDRESS_ERROR_RESPONSE);
                platform::prepare(tx, tlm::TLM_READ_COMMAND, address, &value, 4);
                EXPECT_EQ(send(t.socket, tx), tlm::TLM_ADDRESS_ERROR_RESPONSE);
                EXPECT_EQ(value, ~0u) << "a refused read moves no data";
            }
            EXPECT_EQ(read(t.socket, t.bytes - 4, 4), 0u) << "the last dword is inside";
        }
    });
}

TEST_F(TlmRules, AnIgnoreCommandNeitherReadsNorWrites) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            ASSERT_EQ(write(t.socket, t.scratch, 0x1234'5678, 4), tlm::TLM_OK_RESPONSE);
            std::uint32_t value = 0xdead'beef;
            tlm::tlm_generic_payload tx;
            platform::prepare(tx, tlm::TLM_IGNORE_COMMAND, t.scratch, &value, 4);
            EXPECT_EQ(send(t.socket, tx), tlm::TLM_OK_RESPONSE);
            EXPECT_EQ(value, 0xdead'beefu);
            EXPECT_EQ(read(t.socket, t.scratch, 4), 0x1234'5678u);
        }
    });
}

TEST_F(TlmRules, RegistersNeverGrantDirectMemoryAccess) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            std::uint32_t value = 0;
            tlm::tlm_generic_payload tx;
            platform::prepare(tx, tlm::TLM_READ_COMMAND, t.scratch, &value, 4);
            tx.set_dmi_allowed(true);
            EXPECT_EQ(send(t.socket, tx), tlm::TLM_OK_RESPONSE);
            EXPECT_FALSE(tx.is_dmi_allowed());
            tlm::tlm_dmi dmi;
            EXPECT_FALSE(t.socket->get_direct_mem_ptr(tx, dmi));
        }
    });
}

TEST_F(TlmRules, EightByteAccessesReachBothHalvesOfARegister) {
    simulate([this] {
        enable_function();
        EXPECT_EQ(write(cpu.bar0, spec::offset::kAsq, 0x1122'3344'5566'7000, 8),
                  tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(read(cpu.bar0, spec::offset::kAsq, 4), 0x5566'7000u);
        EXPECT_EQ(read(cpu.bar0, spec::offset::kAsq + 4, 4), 0x1122'3344u);
        EXPECT_EQ(write(cpu.bar4, 0x20, 0x1122'3344'5566'7788, 8), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(read(cpu.bar4, 0x20, 8), 0x1122'3344'5566'7788u);
    });
}

TEST_F(TlmRules, ReservedRegistersReadAsZeroAndIgnoreWrites) {
    simulate([this] {
        enable_function();
        for (const std::uint64_t offset : {0x18, 0x38, 0x200, 0xdfc, 0xffc}) {
            EXPECT_EQ(write(cpu.bar0, offset, kAllOnes, 4), tlm::TLM_OK_RESPONSE);
            EXPECT_EQ(read(cpu.bar0, offset, 4), 0u) << offset;
        }
        // Read-only registers likewise keep their value.
        const std::uint64_t cap = read(cpu.bar0, spec::offset::kCap, 8);
        EXPECT_EQ(write(cpu.bar0, spec::offset::kCap, kAllOnes, 8), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(write(cpu.bar0, spec::offset::kVs, kAllOnes, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(read(cpu.bar0, spec::offset::kCap, 8), cap);
        EXPECT_EQ(read(cpu.bar0, spec::offset::kVs, 4), 0x0002'0000u);
        EXPECT_EQ(read(cpu.bar0, spec::offset::kDoorbells, 4), 0u);
    });
}

TEST_F(TlmRules, DebugAccessReadsEverySocketWithoutTimeOrSideEffects) {
    simulate([this] {
        enable_function();
        const auto before = sc_core::sc_time_stamp();
        for (const Target& t : targets()) {
            ASSERT_EQ(write(t.socket, t.scratch, 0x1234'5678, 4), tlm::TLM_OK_RESPONSE);
            std::uint32_t value = 0;
            tlm::tlm_generic_payload tx;
            platform::prepare(tx, tlm::TLM_READ_COMMAND, t.scratch, &value, 4);
            EXPECT_EQ(t.socket->transport_dbg(tx), 4u);
            EXPECT_EQ(value, read(t.socket, t.scratch, 4));
            // A debugger's write is not taken: every register here has side effects.
            value = ~0u;
            platform::prepare(tx, tlm::TLM_WRITE_COMMAND, t.scratch, &value, 4);
            EXPECT_EQ(t.socket->transport_dbg(tx), 0u);
            EXPECT_EQ(read(t.socket, t.scratch, 4), 0x1234'5678u);
        }
        EXPECT_EQ(sc_core::sc_time_stamp(), before);
    });
}

TEST_F(TlmRules, DebugAccessIsCutAtTheEndAndWorksAtAnyByte) {
    simulate([this] {
        enable_function();
        for (const Target& t : targets()) {
            std::vector<unsigned char> all(t.bytes + 16, 0xee);
            tlm::tlm_generic_payload tx;
            platform::prepare(tx, tlm::TLM_READ_COMMAND, 0, all.data(),
                              static_cast<unsigned>(all.size()));
            ASSERT_EQ(t.socket->transport_dbg(tx), t.bytes);
            EXPECT_EQ(all[t.bytes], 0xee) << "nothing is written behind what was read";
            for (const std::uint64_t at : {std::uint64_t{1}, std::uint64_t{7}, t.bytes - 3}) {
                std::array<unsigned char, 8> some{};
                platform::prepare(tx, tlm::TLM_READ_COMMAND, at, some.data(), 8);
                const unsigned expected =
                    static_cast<unsigned>(std::min<std::uint64_t>(8, t.bytes - at));
                EXPECT_EQ(t.socket->transport_dbg(tx), expected);
                EXPECT_EQ(std::memcmp(some.data(), &all[at], expected), 0);
            }
            for (const std::uint64_t at : {t.bytes, t.bytes + 1, kAllOnes}) {
                platform::prepare(tx, tlm::TLM_READ_COMMAND, at, all.data(), 4);
                EXPECT_EQ(t.socket->transport_dbg(tx), 0u);
            }
        }
    });
}

class Refusals : public TlmRules {
protected:
    /// Reads and writes of the BARs are refused, and writes change nothing that `restore` reveals.
    void bars_refuse(const std::function<void()>& restore) {
        for (Socket* socket : {&cpu.bar0, &cpu.bar4}) {
            std::uint64_t value = 0;
            EXPECT_EQ(read(*socket, 0, value, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
            EXPECT_EQ(value, 0u);
        }
        EXPECT_EQ(write(cpu.bar0, spec::offset::kAsq, kAllOnes, 8),
                  tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(write(cpu.bar4, kMsixData, kAllOnes, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        restore();
        EXPECT_EQ(read(cpu.bar0, spec::offset::kAsq, 8), 0u);
        EXPECT_EQ(read(cpu.bar4, kMsixData, 4), 0u);
    }
};

TEST_F(Refusals, BarsAnswerOnlyWhileMemorySpaceIsEnabled) {
    simulate([this] {
        EXPECT_EQ(read(cpu.config, 0, 2), 0x1414u) << "configuration space answers from the start";
        bars_refuse([this] { enable_function(); });
        EXPECT_EQ(write(cpu.config, 4, 4, 2), tlm::TLM_OK_RESPONSE);  // Bus Master alone
        bars_refuse([this] { enable_function(); });
    });
}

TEST_F(Refusals, BarsAnswerOnlyInD0) {
    simulate([this] {
        enable_function();
        const std::uint64_t pmcsr = pcie::ConfigSpace::kPowerManagement + 4;
        EXPECT_EQ(write(cpu.config, pmcsr, 3, 2), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(read(cpu.config, 0, 2), 0x1414u) << "configuration space answers in D3hot";
        bars_refuse([&] { EXPECT_EQ(write(cpu.config, pmcsr, 0, 2), tlm::TLM_OK_RESPONSE); });
    });
}

TEST_F(Refusals, NothingAnswersWithoutPower) {
    simulate([this] {
        enable_function();
        controller.power_cut();
        std::uint64_t value = 0;
        EXPECT_EQ(read(cpu.config, 0, value, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(write(cpu.config, 4, 6, 2), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        bars_refuse([this] {
            controller.power_on();
            EXPECT_EQ(read(cpu.config, 4, 2), 0u) << "the refused write left no trace";
            enable_function();
        });
    });
}

class PerstLow : public Refusals {
protected:
    PerstLow() { controller.perst_n.bind(perst_n); }
    sc_core::sc_signal<bool> perst_n{"perst_n", true};
};

TEST_F(PerstLow, NothingAnswersWhilePerstIsLow) {
    simulate([this] {
        enable_function();
        perst_n.write(false);
        sc_core::wait(1, sc_core::SC_US);
        std::uint64_t value = 0;
        EXPECT_EQ(read(cpu.config, 0, value, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        bars_refuse([this] {
            perst_n.write(true);
            sc_core::wait(1, sc_core::SC_US);
            EXPECT_EQ(read(cpu.config, 4, 2), 0u);
            enable_function();
        });
    });
}

}  // namespace
}  // namespace nvme::test
