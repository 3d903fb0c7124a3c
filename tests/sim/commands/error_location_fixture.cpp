// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/commands/error_location_fixture.h"

#include <array>
#include <cstring>

namespace nvme::test {

void ErrorLocationTest::start(std::uint16_t queues) {
    bring_up(queues);
    buffer = driver.allocate(64 << 10);
    std::memset(buffer.data, 0, 64 << 10);
}

Completion ErrorLocationTest::send(std::uint16_t qid, const Refusal& r) {
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

unsigned ErrorLocationTest::place(std::uint16_t qid, const Completion& failed) {
    EXPECT_EQ(failed.error, DriverError::kNone);
    EXPECT_FALSE(failed.ok());
    const auto log = log_page<std::array<std::uint8_t, 64>>(spec::LogId::kErrorInformation);
    const auto word = [&](unsigned at) { return log[at] | unsigned{log[at + 1]} << 8; };
    EXPECT_EQ(word(8), qid);
    EXPECT_EQ(word(10), failed.cid);
    return word(14);
}

void ErrorLocationTest::expect_refused(std::uint16_t qid, const Refusal& r) {
    EXPECT_EQ(place(qid, send(qid, r)), r.byte | r.bit << 8) << r.what;
}

}  // namespace nvme::test
