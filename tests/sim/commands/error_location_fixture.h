// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <cstring>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {

/// A command as the tables of the specification print it, dword by dword, and the place in it of
/// the field that is wrong. Numbers alone: none comes from the layouts of the model.
struct Refusal {
    const char* what;
    unsigned byte, bit;
    std::uint8_t opcode;
    std::uint32_t nsid = 0;
    std::uint32_t cdw10 = 0, cdw11 = 0, cdw12 = 0, cdw13 = 0, cdw14 = 0;
    std::uint8_t flags = 0;                    ///< byte 1 of Command Dword 0
    std::uint64_t prp1_off = 0, prp2_off = 0;  ///< from the first two pages of the buffer
};

/// Bytes 15:14 of an entry that names no field.
inline constexpr unsigned kNoField = 0xffff;

/// Has a command refused and looks up where the Error Information log says the error is.
class ErrorLocationTest : public CommandsTest {
protected:
    explicit ErrorLocationTest(const ControllerParams& params = {}) : CommandsTest(params) {}

    void start(std::uint16_t queues = 1) {
        bring_up(queues);
        buffer = driver.allocate(64 << 10);
        std::memset(buffer.data, 0, 64 << 10);
    }

    Completion send(std::uint16_t qid, const Refusal& r) {
        const std::uint64_t prp1 = buffer.gpa + r.prp1_off, prp2 = buffer.gpa + 4096 + r.prp2_off;
        const auto low = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
        const auto high = [](std::uint64_t v) { return static_cast<std::uint32_t>(v >> 32); };
        const std::array<std::uint32_t, 16> dwords{r.opcode | std::uint32_t{r.flags} << 8,
                                                   r.nsid,
                                                   0,
                                                   0,
                                                   0,
                                                   0,
                                                   low(prp1),
                                                   high(prp1),
                                                   low(prp2),
                                                   high(prp2),
                                                   r.cdw10,
                                                   r.cdw11,
                                                   r.cdw12,
                                                   r.cdw13,
                                                   r.cdw14,
                                                   0};
        spec::SubmissionEntry entry;
        static_assert(sizeof entry == sizeof dwords);
        std::memcpy(&entry, dwords.data(), sizeof entry);
        return driver.execute(qid, entry);
    }

    /// Bytes 15:14 of the newest entry, which has to be the one of `failed`.
    unsigned place(std::uint16_t qid, const Completion& failed) {
        EXPECT_EQ(failed.error, DriverError::kNone);
        EXPECT_FALSE(failed.ok());
        const auto log = log_page<std::array<std::uint8_t, 64>>(spec::LogId::kErrorInformation);
        const auto word = [&](unsigned at) { return log[at] | unsigned{log[at + 1]} << 8; };
        EXPECT_EQ(word(8), qid);
        EXPECT_EQ(word(10), failed.cid);
        return word(14);
    }
    void expect_refused(std::uint16_t qid, const Refusal& r) {
        EXPECT_EQ(place(qid, send(qid, r)), r.byte | r.bit << 8) << r.what;
    }

    DmaBuffer buffer;
};

}  // namespace nvme::test
