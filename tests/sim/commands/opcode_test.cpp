// SPDX-License-Identifier: Apache-2.0
// All 256 opcodes of both kinds of queue against the Commands Supported and Effects log.
#include <map>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class Opcodes : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    spec::CommandEffectsLog effects() {
        return log_page<spec::CommandEffectsLog>(spec::LogId::kCommandEffects);
    }
    static bool supported(std::uint32_t entry) {
        return spec::CommandEffects::from(entry).get<spec::CommandEffects::Csupp>();
    }
};

constexpr std::uint8_t kAsyncEventRequest = 0x0C;  // completes only when there is an event

TEST_F(Opcodes, AdminOpcodeIsRefusedExactlyWhenTheLogDoesNotListIt) {
    simulate([this] {
        bring_up();
        const auto log = effects();
        const DmaBuffer buffer = driver.allocate(4096);
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
            const Ticket ticket =
                driver.submit(0, commands::make(static_cast<spec::AdminOpcode>(opcode)), buffer);
            if (opcode == kAsyncEventRequest) {
                EXPECT_EQ(driver.wait(ticket, {1, sc_core::SC_MS}).error, DriverError::kTimedOut);
                EXPECT_TRUE(supported(log.acs[opcode]));
                continue;
            }
            const Completion completion = driver.wait(ticket);
            EXPECT_EQ(status(completion) == StatusCode::kInvalidOpcode, !supported(log.acs[opcode]))
                << opcode;
            if (!supported(log.acs[opcode])) {
                EXPECT_EQ(log.acs[opcode], 0u) << opcode;
                EXPECT_TRUE(completion.do_not_retry) << opcode;
            }
        }
    });
}

TEST_F(Opcodes, IoOpcodeIsRefusedExactlyWhenTheLogDoesNotListIt) {
    simulate([this] {
        bring_up();
        const auto log = effects();
        const DmaBuffer buffer = driver.allocate(4096);
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
            const Completion completion =
                io(commands::make(static_cast<spec::NvmOpcode>(opcode), 1), {buffer.gpa, 512});
            EXPECT_EQ(status(completion) == StatusCode::kInvalidOpcode,
                      !supported(log.iocs[opcode]))
                << opcode;
            EXPECT_EQ(supported(log.iocs[opcode]), log.iocs[opcode] != 0) << opcode;
        }
        for (const std::uint8_t reserved : log.rsvd2048) EXPECT_EQ(reserved, 0);
    });
}

// Pre-fix, every I/O command named its scope in the log, and Linux wrote "IO command:01 has unusual
// effects:00100003" at the first Write that nvme-cli passed through; Set Features said that it
// changes capabilities, after which Linux wants a reset.
TEST_F(Opcodes, LogTellsWhichCommandsChangeContentAndNothingThatIsUnusual) {
    const std::map<spec::NvmOpcode, bool> changes_content = {
        {spec::NvmOpcode::kFlush, false},
        {spec::NvmOpcode::kWrite, true},
        {spec::NvmOpcode::kRead, false},
        {spec::NvmOpcode::kCompare, false},
        {spec::NvmOpcode::kVerify, false},
        {spec::NvmOpcode::kWriteZeroes, true},
        {spec::NvmOpcode::kDatasetManagement, true},
        {spec::NvmOpcode::kReservationRegister, false},
        {spec::NvmOpcode::kReservationReport, false},
        {spec::NvmOpcode::kReservationAcquire, false},
        {spec::NvmOpcode::kReservationRelease, false}};
    simulate([&] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto log = effects();
        using E = spec::CommandEffects;
        for (const auto& [opcode, changes] : changes_content) {
            const auto usual = E{}.with<E::Csupp>(true).with<E::Lbcc>(changes);
            EXPECT_EQ(log.iocs[static_cast<unsigned>(opcode)], usual.raw)
                << static_cast<int>(opcode);
        }
        const auto usual = E{}.with<E::Csupp>(true).with<E::Csp>(spec::kScopeController);
        for (const std::uint32_t entry : log.acs)
            if (entry != 0) {
                EXPECT_EQ(entry, usual.raw);
            }
    });
}

TEST_F(Opcodes, WhatFuseAndPsdtMayBeIsForEachKindOfQueue) {
    simulate([this] {
        bring_up();
        const DmaBuffer buffer = driver.allocate(4096);
        const auto mangled = [](spec::SubmissionEntry entry, unsigned fuse, unsigned psdt) {
            using C = spec::Cdw0;
            entry.cdw0 = C::from(entry.cdw0).with<C::Fuse>(fuse).with<C::Psdt>(psdt).raw;
            return entry;
        };
        for (unsigned fuse = 0; fuse < 4; ++fuse) {
            for (unsigned psdt = 0; psdt < 4; ++psdt) {
                // Admin commands have PRPs and are alone.
                const StatusCode expected =
                    fuse == 0 && psdt == 0 ? StatusCode::kSuccess : StatusCode::kInvalidField;
                // A half of a fused operation is none; the others are as they say.
                const StatusCode flushed = fuse == 3 || psdt > 1 ? StatusCode::kInvalidField
                                           : fuse != 0           ? StatusCode::kAbortedMissingFused
                                                                 : StatusCode::kSuccess;
                EXPECT_EQ(
                    status(driver.admin(
                        mangled(commands::identify(spec::Cns::kController), fuse, psdt), buffer)),
                    expected)
                    << fuse << " " << psdt;
                EXPECT_EQ(status(io(mangled(commands::flush(1), fuse, psdt))), flushed)
                    << fuse << " " << psdt;
            }
        }
    });
}

}  // namespace
}  // namespace nvme::test
