// SPDX-License-Identifier: Apache-2.0
// What a platform adds to a controller, as its driver sees it.
#include "models/nvme/commands/extensions.h"

#include <gtest/gtest.h>

#include "models/nvme/commands/nvm_handlers.h"
#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {

using spec::StatusCode;

constexpr std::uint32_t kSupported =
    spec::CommandEffects{}.with<spec::CommandEffects::Csupp>(true).raw;
constexpr std::uint8_t kHello = 0xc2;   // data to the host
constexpr std::uint8_t kInvert = 0x80;  // no data
constexpr std::uint8_t kCounters = 0xc0;

class ExtensionsTest : public ::testing::Test {
protected:
    ExtensionsTest() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        q = h.create_queues(1, 8);
        buffer = h.alloc(8192);
    }
    Extensions& extensions() { return h.controller->extensions(); }

    void add_all() {
        ASSERT_EQ(
            extensions().add(VendorAdminCommand{
                kHello, "Hello", kSupported,
                [this](AdminContext& ctx, AdminCommand& cmd, std::uint8_t) -> Result<Next> {
                    if (cmd.sqe.cdw10 > 9)
                        return CommandError{StatusCode::kInvalidField, "above 9", cmd.sqe.cdw10};
                    ++hellos;
                    const auto sent = ctx.send(cmd, "hello", 5);
                    if (!sent) return sent.error();
                    return Next::done(*sent);
                }}),
            "");
        // Two steps: the media reads the block, then what it holds is inverted.
        ASSERT_EQ(extensions().add(VendorIoCommand{
                      kInvert, "Invert", kSupported, Access::kWrite,
                      [](NvmContext& ctx, IoCommand& cmd, std::uint8_t step) -> Result<Next> {
                          if (step == 0) {
                              if (const auto r = nvm::decode_range(cmd, 0); !r) return r.error();
                              return Next::to(
                                  1, cmd.ns->media().begin_read(ctx.now(), cmd.offset, cmd.bytes));
                          }
                          std::byte* const block = ctx.bounce.first();
                          const auto read = nvm::read_media(ctx, cmd, cmd.offset, block, cmd.bytes);
                          if (!read) return read.error();
                          for (std::uint64_t i = 0; i < cmd.bytes; ++i) block[i] = ~block[i];
                          ctx.pieces.assign(1, {block, cmd.bytes});
                          const auto written = nvm::place_data(ctx, cmd, ctx.now());
                          if (!written) return written.error();
                          return Next::done(*written);
                      }}),
                  "");
        ASSERT_EQ(
            extensions().add(VendorLogPage{
                kCounters, "Counters",
                [this] { return std::vector<std::byte>(6, static_cast<std::byte>(hellos)); }}),
            "");
        ASSERT_EQ(extensions().add(VendorFeature{
                      kCounters, "Level", 7, [this] { return level; },
                      [this](std::uint32_t value) -> Outcome {
                          if (value > 100)
                              return CommandError{StatusCode::kInvalidField, "above 100", value};
                          level = value;
                          return Done{};
                      }}),
                  "");
    }
    spec::CompletionEntry log(std::uint8_t lid, std::uint32_t bytes) {
        auto sqe = admin_command(spec::AdminOpcode::kGetLogPage);
        sqe.prp1 = buffer;
        sqe.cdw10 = lid | (bytes / 4 - 1) << 16;
        return h.admin(sqe);
    }
    spec::CompletionEntry feature(spec::AdminOpcode opcode, std::uint32_t cdw10,
                                  std::uint32_t cdw11 = 0) {
        auto sqe = admin_command(opcode);
        sqe.cdw10 = cdw10;
        sqe.cdw11 = cdw11;
        return h.admin(sqe);
    }

    CoreHarness h;
    HostQueue q;
    std::uint64_t buffer = 0;
    unsigned hellos = 0;
    std::uint32_t level = 3;
};

TEST_F(ExtensionsTest, AnAdminCommandAnswersTheHost) {
    auto hello = admin_command(static_cast<spec::AdminOpcode>(kHello));
    hello.prp1 = buffer;
    EXPECT_EQ(status_of(h.admin(hello)), StatusCode::kInvalidOpcode);
    add_all();
    EXPECT_EQ(status_of(h.admin(hello)), StatusCode::kSuccess);
    char text[6] = {};
    h.memory.copy_out(buffer, text, 5);
    EXPECT_STREQ(text, "hello");
    hello.cdw10 = 10;
    EXPECT_EQ(status_of(h.admin(hello)), StatusCode::kInvalidField);
    hello.cdw10 = 0;
    h.memory.fail(buffer, 8);
    EXPECT_EQ(status_of(h.admin(hello)), StatusCode::kDataTransferError);
    EXPECT_EQ(hellos, 2u);
}

TEST_F(ExtensionsTest, AnIoCommandHasSteps) {
    const auto invert = io_command(static_cast<spec::NvmOpcode>(kInvert), 1, 3, 1);
    EXPECT_EQ(status_of(h.execute(q, invert)), StatusCode::kInvalidOpcode);
    add_all();
    EXPECT_EQ(status_of(h.execute(q, invert)), StatusCode::kSuccess);
    EXPECT_EQ(status_of(h.execute(q, io_command(spec::NvmOpcode::kRead, 1, 3, 1, buffer))),
              StatusCode::kSuccess);
    EXPECT_EQ(h.memory.get<std::uint32_t>(buffer + 508), 0xffff'ffffu);
    EXPECT_EQ(
        status_of(h.execute(q, io_command(static_cast<spec::NvmOpcode>(kInvert), 1, 1 << 20))),
        StatusCode::kLbaOutOfRange);
    EXPECT_EQ(status_of(h.execute(q, io_command(static_cast<spec::NvmOpcode>(kInvert), 2, 0))),
              StatusCode::kInvalidField);
}

TEST_F(ExtensionsTest, LogPagesAndFeaturesAreReadAndSet) {
    EXPECT_EQ(status_of(log(kCounters, 8)), StatusCode::kInvalidLogPage);
    add_all();
    hellos = 5;
    EXPECT_EQ(status_of(log(kCounters, 8)), StatusCode::kSuccess);
    EXPECT_EQ(h.memory.get<std::uint64_t>(buffer), 0x0505'0505'0505u) << "zeros behind its end";
    using Opcode = spec::AdminOpcode;
    EXPECT_EQ(feature(Opcode::kGetFeatures, kCounters).dw0, 3u);
    EXPECT_EQ(feature(Opcode::kGetFeatures, kCounters | 1 << 8).dw0, 7u);
    EXPECT_EQ(feature(Opcode::kGetFeatures, kCounters | 3 << 8).dw0, 4u) << "changeable";
    EXPECT_EQ(status_of(feature(Opcode::kSetFeatures, kCounters, 99)), StatusCode::kSuccess);
    EXPECT_EQ(level, 99u);
    EXPECT_EQ(status_of(feature(Opcode::kSetFeatures, kCounters, 101)), StatusCode::kInvalidField);
    EXPECT_EQ(status_of(feature(Opcode::kSetFeatures, kCounters | 1u << 31, 1)),
              StatusCode::kFeatureNotSaveable);
    EXPECT_EQ(level, 99u);
}

TEST_F(ExtensionsTest, TheLogsListThem) {
    add_all();
    ASSERT_EQ(status_of(log(0x05, 4096)), StatusCode::kSuccess);
    const auto effects = h.memory.get<spec::CommandEffectsLog>(buffer);
    EXPECT_EQ(effects.acs[kHello], kSupported);
    EXPECT_EQ(effects.iocs[kInvert], kSupported);
    EXPECT_EQ(effects.iocs[0x81], 0u);
    ASSERT_EQ(status_of(log(0x00, 1024)), StatusCode::kSuccess);
    EXPECT_EQ(h.memory.get<std::uint32_t>(buffer + 4 * kCounters), 1u);
    ASSERT_EQ(status_of(log(0x12, 1024)), StatusCode::kSuccess);
    EXPECT_NE(h.memory.get<std::uint32_t>(buffer + 4 * kCounters), 0u);
}

TEST_F(ExtensionsTest, WhatIsNotAVendorsIsRefused) {
    add_all();
    const auto admin = [](AdminContext&, AdminCommand&, std::uint8_t) -> Result<Next> {
        return Next::waits();
    };
    EXPECT_EQ(extensions().add(VendorAdminCommand{0xbf, "Low", 0, admin}),
              "admin opcode 0xbf: must be 0xc0 to 0xff");
    EXPECT_EQ(extensions().add(VendorAdminCommand{kHello, "Again", 0, admin}),
              "admin opcode 0xc2: is there already");
    EXPECT_EQ(extensions().add(VendorAdminCommand{0xc3, "", 0, admin}),
              "admin opcode 0xc3: has no name");
    EXPECT_EQ(extensions().add(VendorAdminCommand{0xc3, "Empty", 0, nullptr}),
              "admin opcode 0xc3: has no function");
    EXPECT_EQ(extensions().add(VendorIoCommand{0x7f, "Low", 0, Access::kRead, nullptr}),
              "I/O opcode 0x7f: must be 0x80 to 0xff");
    EXPECT_EQ(extensions().add(VendorLogPage{0x70, "Low", nullptr}),
              "log page 0x70: must be 0xc0 to 0xff");
    EXPECT_EQ(extensions().add(VendorFeature{0xc1, "Half", 0, [] { return 0u; }, nullptr}),
              "feature 0xc1: has no function");
}

// While it waits, commands behind it are executed; what it notes in itself is there in its next
// step.
TEST_F(ExtensionsTest, AnAdminCommandMayTakeTwoSteps) {
    ASSERT_EQ(extensions().add(VendorAdminCommand{
                  0xc0, "Wait", kSupported,
                  [](AdminContext& ctx, AdminCommand& cmd, std::uint8_t step) -> Result<Next> {
                      if (step == 0) {
                          cmd.dw0 = 41;
                          return Next::to(1, util::later(ctx.state.now(), util::from_ns(50'000)));
                      }
                      ++cmd.dw0;
                      return Next::done(ctx.state.now());
                  }}),
              "");
    spec::SubmissionEntry wait{};
    wait.cdw0 = 0xc0;
    const auto begin = h.clock.now();
    const auto done = h.admin(wait);
    EXPECT_EQ(status_of(done), StatusCode::kSuccess);
    EXPECT_EQ(done.dw0, 42u);
    EXPECT_GE(h.clock.now() - begin, util::from_ns(50'000));
}

}  // namespace
}  // namespace nvme::test
