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

    void start(std::uint16_t queues = 1);

    Completion send(std::uint16_t qid, const Refusal& r);

    /// Bytes 15:14 of the newest entry, which has to be the one of `failed`.
    unsigned place(std::uint16_t qid, const Completion& failed);
    void expect_refused(std::uint16_t qid, const Refusal& r);

    DmaBuffer buffer;
};

}  // namespace nvme::test
