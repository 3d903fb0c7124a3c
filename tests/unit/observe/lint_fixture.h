// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "models/nvme/spec/opcodes.h"
#include "tests/unit/observe/recorded_lint.h"

namespace observe {

inline constexpr util::TimePs kMs = 1000 * util::kPsPerUs;

/// Plays the events that a controller would record for a driver, good ones unless a test says so.
class Lint : public ::testing::Test {
protected:
    /// Enables the controller and creates I/O queue pair 1 with 8 entries each.
    void bring_up() {
        write(0x24, 4, 0x1f'001f);
        write(0x28, 8, 0x10'0000);
        write(0x30, 8, 0x11'0000);
        write(0x14, 4, 0x46'0000);
        state(0x46'0000, 0);
        write(0x14, 4, 0x46'0001);
        state(0x46'0001, 0);
        state(0x46'0001, 1);
        lint.record(QueueChange{now, true, true, 1, 8, 0x20'0000});
        lint.record(QueueChange{now, false, true, 1, 8, 0x21'0000});
    }
    void write(std::uint32_t offset, std::uint8_t size, std::uint64_t value) {
        lint.record(RegisterWrite{now, offset, size, value});
    }
    void state(std::uint32_t cc, std::uint32_t csts) { lint.record(StateChange{now, cc, csts}); }
    void fetch(std::uint16_t sqid, std::uint16_t cid, nvme::spec::SubmissionEntry sqe) {
        sqe.cdw0 |= std::uint32_t{cid} << 16;
        lint.record(CommandFetched{now, sqid, sqe});
    }
    void complete(std::uint16_t sqid, std::uint16_t cid, std::uint8_t opcode,
                  nvme::spec::StatusCode status = nvme::spec::StatusCode::kSuccess) {
        lint.record(CommandCompleted{now, now, sqid, sqid, cid, opcode, status, 0});
    }
    /// The host takes completions, up to `head`.
    void take(std::uint16_t cqid, std::uint16_t head) {
        lint.record(Doorbell{now, true, true, cqid, head});
    }
    void refuse(nvme::spec::StatusCode status, std::string_view reason = "") {
        lint.record(CommandRefused{now, 1, 5, 2, status, reason, 0x77});
    }
    template <typename Opcode>
    static nvme::spec::SubmissionEntry entry(Opcode opcode, std::uint32_t nsid = 0) {
        nvme::spec::SubmissionEntry sqe{};
        sqe.cdw0 = static_cast<std::uint8_t>(opcode);
        sqe.nsid = nsid;
        return sqe;
    }
    /// The rules that were broken, as text.
    std::string broken() const {
        std::string text;
        for (std::size_t i = 0; i < kLintRules; ++i)
            if (lint.of(static_cast<LintRule>(i)).count != 0)
                text += std::string{lint_rule(static_cast<LintRule>(i)).id} + " ";
        return text;
    }

    RecordedLint lint;
    util::TimePs now = kMs;
};

}  // namespace observe
