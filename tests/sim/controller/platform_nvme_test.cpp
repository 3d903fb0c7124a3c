// SPDX-License-Identifier: Apache-2.0
// The controller without PCI Express: registers on a bus, a wire or messages, a reset pin.
#include "models/nvme/module/platform_nvme.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "models/faults/injector.h"
#include "tests/sim/controller/platform_fixture.h"

namespace nvme::test {
namespace {

using spec::offset::kCc;
using spec::offset::kCsts;
using spec::offset::kDoorbells;
using spec::offset::kIntmc;
using spec::offset::kIntms;

class PlatformLevel : public PlatformTest {};

TEST_F(PlatformLevel, DoesVerifiedIoWithoutAnyConfigurationSpace) {
    simulate([this] {
        EXPECT_EQ(read32(spec::offset::kVs), 0x0002'0000u);
        bring_up();
        for (std::uint64_t seed = 0; seed < 40; ++seed) verify_io(seed);
    });
    EXPECT_EQ(cpu.bus_errors(), 0u);
    EXPECT_EQ(interrupts.spurious(), 0u);
    EXPECT_GT(nvme.dma_counters().direct, nvme.dma_counters().transactions)
        << "memory is reached by direct pointers through the bus";
}

TEST_F(PlatformLevel, TheWireIsHighWhileACompletionIsUnacknowledgedAndNotMasked) {
    simulate([this] {
        bring_up();
        settle();
        EXPECT_FALSE(irq.read());
        leave_one();
        EXPECT_TRUE(irq.read());
        EXPECT_TRUE(interrupts.wire(0));
        write32(kIntms, 2);
        settle();
        EXPECT_FALSE(irq.read());
        write32(kIntmc, 2);
        settle();
        EXPECT_TRUE(irq.read());
        EXPECT_EQ(take(io), 0);
        settle();
        EXPECT_FALSE(irq.read());
    });
    for (unsigned v = 0; v < 64; ++v) EXPECT_EQ(interrupts.count(v), 0u);
}

TEST_F(PlatformLevel, TheResetPinTakesItBackAndNothingLeavesAfterwards) {
    simulate([this] {
        bring_up();
        leave_one();
        auto read = platform::commands::read(1, 0, 1);
        read.prp1 = kData;
        memory.poke(kData, ~std::uint64_t{0});
        submit(io, read);  // 50 us of media
        sc_core::wait(us(10));
        const auto before = nvme.dma_counters();
        rst_n.write(false);
        settle();
        EXPECT_FALSE(irq.read());
        EXPECT_EQ(read32(kCsts), 0xffff'ffffu) << "refused";
        write32(kCc, 0x0046'0001);
        EXPECT_EQ(cpu.bus_errors(), 2u);
        sc_core::wait(us(1000));
        EXPECT_EQ(nvme.dma_counters().transactions, before.transactions);
        EXPECT_EQ(nvme.dma_counters().direct, before.direct);
        EXPECT_EQ(memory.peek<std::uint64_t>(kData), ~std::uint64_t{0});
        rst_n.write(true);
        settle();
        EXPECT_EQ(read32(kCc), 0u);
        EXPECT_FALSE(ready());
        bring_up();
        verify_io(3);
    });
}

TEST_F(PlatformLevel, WithoutPowerOrOffItsBusItRefusesAndComesBack) {
    simulate([this] {
        bring_up();
        leave_one();
        nvme.power_cut();
        settle();
        EXPECT_FALSE(irq.read());
        EXPECT_EQ(read32(kCsts), 0xffff'ffffu);
        nvme.power_on();
        bring_up();
        leave_one();
        nvme.set_link(false);
        settle();
        EXPECT_FALSE(irq.read());
        EXPECT_EQ(read32(kCsts), 0xffff'ffffu);
        nvme.set_link(true);
        EXPECT_EQ(read32(kCsts), 0u);
        bring_up();
        verify_io(1);
    });
}

TEST_F(PlatformLevel, UndefinedAccessesAreRefusedWithTheirReason) {
    simulate([this] {
        std::array<unsigned char, 16> data{};
        const auto access = [&](std::uint64_t offset, unsigned length) {
            return cpu.access(tlm::TLM_WRITE_COMMAND, kRegs + offset, data.data(), length);
        };
        EXPECT_EQ(access(0x14, 2), tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(access(0x14, 16), tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(access(0x16, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(access(kDoorbells, 8), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(access(0x2000, 4), tlm::TLM_OK_RESPONSE) << "a queue that does not exist";
        EXPECT_EQ(access(ControllerModule::kRegisterBytes, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);

        tlm::tlm_generic_payload tx;
        unsigned char enables = 0xff;
        platform::prepare(tx, tlm::TLM_WRITE_COMMAND, kRegs + kCc, data.data(), 4);
        tx.set_byte_enable_ptr(&enables);
        tx.set_byte_enable_length(1);
        sc_core::sc_time delay;
        cpu.socket->b_transport(tx, delay);
        EXPECT_EQ(tx.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);

        tlm::tlm_dmi dmi;
        platform::prepare(tx, tlm::TLM_READ_COMMAND, kRegs, data.data(), 4);
        EXPECT_FALSE(cpu.socket->get_direct_mem_ptr(tx, dmi));
        std::uint64_t cap = 0;
        platform::prepare(tx, tlm::TLM_READ_COMMAND, kRegs, &cap, 8);
        EXPECT_EQ(cpu.socket->transport_dbg(tx), 8u);
        EXPECT_EQ(cap, nvme.model().registers().cap().raw);
    });
}

TEST_F(PlatformLevel, WhateverTheHostWritesItServesAHostThatStartsAnew) {
    simulate([this] {
        std::mt19937_64 random(7);
        for (unsigned round = 0; round < 20; ++round) {
            bring_up();
            for (unsigned i = 0; i < 50; ++i) {
                const std::uint64_t offset = random() % (i % 2 == 0 ? 0x40 : 0x1040);
                std::uint64_t value = random();
                (void)cpu.access(tlm::TLM_WRITE_COMMAND, kRegs + offset, &value,
                                 1u << random() % 4);
            }
            sc_core::wait(us(200));
            rst_n.write(false);
            settle();
            rst_n.write(true);
            settle();
        }
        bring_up();
        verify_io(5);
    });
}

TEST_F(PlatformLevel, AWriteWithADelayTakesEffectThenAndItsHostReadsItBefore) {
    simulate([this] {
        std::uint32_t value = 5;
        tlm::tlm_generic_payload tx;
        const auto at = [&](tlm::tlm_command command, double later) {
            platform::prepare(tx, command, kRegs + kIntms, &value, 4);
            sc_core::sc_time delay = us(later);
            cpu.socket->b_transport(tx, delay);
            EXPECT_EQ(tx.get_response_status(), tlm::TLM_OK_RESPONSE);
            EXPECT_EQ(delay, us(later));
            return value;
        };
        (void)at(tlm::TLM_WRITE_COMMAND, 50);
        EXPECT_EQ(at(tlm::TLM_READ_COMMAND, 49), 0u);
        EXPECT_EQ(at(tlm::TLM_READ_COMMAND, 50), 5u);
        EXPECT_EQ(nvme.model().registers().interrupt_mask(), 0u);
        sc_core::wait(us(50));
        sc_core::wait(sc_core::SC_ZERO_TIME);
        EXPECT_EQ(nvme.model().registers().interrupt_mask(), 5u);
    });
}

class PlatformMessages : public PlatformTest {
protected:
    PlatformMessages() : PlatformTest(messages()) {}
};

TEST_F(PlatformMessages, EachVectorHasAMessageOfItsOwnAndTheWireStaysLow) {
    simulate([this] {
        bring_up();
        const std::uint64_t admin_messages = count(0);
        EXPECT_GT(admin_messages, 0u);
        EXPECT_EQ(count(1), 0u);
        leave_one();
        EXPECT_EQ(count(1), 1u);
        EXPECT_EQ(count(0), admin_messages);
        EXPECT_EQ(interrupts.last_address(kFirstVector + 1), kMessages);
        EXPECT_FALSE(irq.read());
        EXPECT_EQ(take(io), 0);
        verify_io(1);
        EXPECT_EQ(count(1), 3u);
    });
    EXPECT_EQ(interrupts.spurious(), 0u);
}

TEST_F(PlatformMessages, AMaskedVectorIsToldOfWhenItIsUnmasked) {
    simulate([this] {
        bring_up();
        write32(kIntms, 2);
        leave_one();
        EXPECT_EQ(take(io), 0);
        leave_one();
        EXPECT_EQ(count(1), 0u);
        write32(kIntmc, 2);
        settle();
        EXPECT_EQ(count(1), 1u) << "one for both";
        write32(kIntms, 2);
        EXPECT_EQ(take(io), 0);
        leave_one();
        write32(kCc, 0x0046'0000);
        sc_core::wait(us(1000));
        write32(kIntmc, 2);
        settle();
        EXPECT_EQ(count(1), 1u) << "a reset leaves nobody who waits for it";
    });
}

TEST_F(PlatformMessages, AFaultPlanLosesAndDoublesThem) {
    faults::Rule lost, twice;
    lost.action = faults::Action::kLoseInterrupt;
    twice.action = faults::Action::kDuplicateInterrupt;
    lost.vector = twice.vector = 1;
    lost.count = 1;
    faults::Injector plan({lost, twice});
    nvme.set_faults(&plan);
    simulate([this] {
        bring_up();
        leave_one();
        EXPECT_EQ(count(1), 0u);
        EXPECT_EQ(take(io), 0);
        leave_one();
        EXPECT_EQ(count(1), 2u);
    });
    nvme.set_faults(nullptr);
}

class PlatformBoth : public PlatformTest {
protected:
    PlatformBoth() : PlatformTest(messages(true)) {}
};

TEST_F(PlatformBoth, TheWireAndTheMessageTellOfTheSame) {
    simulate([this] {
        bring_up();
        leave_one();
        EXPECT_TRUE(irq.read());
        EXPECT_EQ(count(1), 1u);
        EXPECT_EQ(take(io), 0);
        settle();
        EXPECT_FALSE(irq.read());
    });
}

class PlatformParameters : public SimTest {};

TEST_F(PlatformParameters, AMisplacedMessageAddressIsRefused) {
    EXPECT_NE(refusal_of([] {
                  PlatformNvme bad("bad", {}, {false, 0x1002, 0});
              }).find("message_address"),
              std::string::npos);
}

}  // namespace
}  // namespace nvme::test
