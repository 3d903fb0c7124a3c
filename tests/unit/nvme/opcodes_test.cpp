// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>

#include "models/nvme/spec/logs.h"
#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::StatusCode;

constexpr std::uint32_t kSupported = 1;  // CSUPP

class OpcodesTest : public testing::Test {
protected:
    OpcodesTest() {
        h.add_namespace(1, 1 << 20);
        h.enable(8);
        const std::uint64_t page = h.alloc(4096);
        auto get = admin_command(AdminOpcode::kGetLogPage);
        get.prp1 = page;
        get.cdw10 = 1023u << 16 | 0x05;
        EXPECT_EQ(status_of(h.admin(get)), StatusCode::kSuccess);
        effects = h.memory.get<spec::CommandEffectsLog>(page);
    }
    /// Sends the opcode with every field zero but the NSID; true when it was no opcode. A command
    /// that stays outstanding is one, of course.
    bool rejected(HostQueue& q, unsigned opcode, std::uint32_t nsid) {
        spec::SubmissionEntry sqe{};
        sqe.cdw0 = opcode;
        sqe.nsid = nsid;
        h.push(q, sqe);
        h.ring_tail(q);
        h.settle();
        const auto cqe = h.poll(q);
        EXPECT_EQ(cqe.has_value(), &q != &h.admin_queue() || opcode != 0x0c) << opcode;
        return cqe && status_of(*cqe) == StatusCode::kInvalidOpcode;
    }
    CoreHarness h;
    spec::CommandEffectsLog effects{};
};

TEST_F(OpcodesTest, AdminOpcodesBehaveAsTheEffectsLogSays) {
    unsigned supported = 0;
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        const bool listed = (effects.acs[opcode] & kSupported) != 0;
        EXPECT_EQ(rejected(h.admin_queue(), opcode, 0), !listed) << "opcode " << opcode;
        EXPECT_EQ(effects.acs[opcode] != 0, listed) << "opcode " << opcode;
        supported += listed ? 1 : 0;
    }
    EXPECT_GE(supported, 10u);
}

TEST_F(OpcodesTest, IoOpcodesBehaveAsTheEffectsLogSays) {
    HostQueue q = h.create_queues(1, 8);
    unsigned supported = 0;
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        const bool listed = (effects.iocs[opcode] & kSupported) != 0;
        EXPECT_EQ(rejected(q, opcode, 1), !listed) << "opcode " << opcode;
        EXPECT_EQ(effects.iocs[opcode] != 0, listed) << "opcode " << opcode;
        supported += listed ? 1 : 0;
    }
    EXPECT_GE(supported, 7u);
}

}  // namespace
}  // namespace nvme::test
