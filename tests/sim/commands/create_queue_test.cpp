// SPDX-License-Identifier: Apache-2.0
// Create I/O Completion Queue and Create I/O Submission Queue, field by field.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint16_t kQueues = 8;
constexpr std::uint16_t kVectors = 9;

struct Request {
    const char* what = "";
    StatusCode expected = StatusCode::kSuccess;
    std::uint32_t qid = 1;
    std::uint32_t qsize_z = 15;
    std::uint32_t target = 1;  ///< vector of a completion queue, CQID of a submission queue
    std::uint64_t offset = 0;  ///< of PRP1 in its page
    bool contiguous = true;
    bool interrupts = true;
};

ControllerParams small() {
    ControllerParams params;
    params.max_io_queues = kQueues;
    params.msix_vectors = kVectors;
    return params;
}

class CreateQueue : public CommandsTest {
protected:
    CreateQueue() : CommandsTest(small()) {}

    Completion create_cq(const Request& r) {
        using Cdw11 = spec::CreateIoCqCdw11;
        return create(spec::AdminOpcode::kCreateIoCq, r,
                      Cdw11{}
                          .with<Cdw11::Pc>(r.contiguous)
                          .with<Cdw11::Ien>(r.interrupts)
                          .with<Cdw11::Iv>(r.target)
                          .raw);
    }
    Completion create_sq(const Request& r) {
        using Cdw11 = spec::CreateIoSqCdw11;
        return create(spec::AdminOpcode::kCreateIoSq, r,
                      Cdw11{}.with<Cdw11::Pc>(r.contiguous).with<Cdw11::Cqid>(r.target).raw);
    }
    Completion create(spec::AdminOpcode opcode, const Request& r, std::uint32_t cdw11) {
        using Cdw10 = spec::CreateQueueCdw10;
        spec::SubmissionEntry entry = commands::make(opcode);
        entry.prp1 = memory.gpa + r.offset;
        entry.cdw10 = Cdw10{}.with<Cdw10::Qid>(r.qid).with<Cdw10::Qsize>(r.qsize_z).raw;
        entry.cdw11 = cdw11;
        return driver.admin(entry);
    }
    void start() {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        memory = driver.allocate(64 * 1024);
    }

    DmaBuffer memory;
};

TEST_F(CreateQueue, CompletionQueueWithAWrongFieldIsRefused) {
    const Request wrong[] = {
        {"not contiguous", StatusCode::kInvalidField, 1, 15, 0, 0, false},
        {"not contiguous comes before the identifier", StatusCode::kInvalidField, 0, 15, 0, 0,
         false},
        {"the admin queue's QID", StatusCode::kInvalidQueueIdentifier, 0},
        {"QID beyond the granted", StatusCode::kInvalidQueueIdentifier, kQueues + 1},
        {"the largest QID", StatusCode::kInvalidQueueIdentifier, 0xFFFF},
        {"one entry", StatusCode::kInvalidQueueSize, 1, 0},
        {"more entries than MQES", StatusCode::kInvalidQueueSize, 1, 256},
        {"65536 entries", StatusCode::kInvalidQueueSize, 1, 0xFFFF},
        {"PRP1 eight bytes into a page", StatusCode::kPrpOffsetInvalid, 1, 15, 1, 8},
        {"PRP1 in the middle of a page", StatusCode::kPrpOffsetInvalid, 1, 15, 1, 2048},
        {"vector beyond the table", StatusCode::kInvalidInterruptVector, 1, 15, kVectors},
        {"the largest vector", StatusCode::kInvalidInterruptVector, 1, 15, 0xFFFF},
        {"the identifier comes before the vector", StatusCode::kInvalidQueueIdentifier, 0, 15,
         kVectors},
        {"the vector comes before the size", StatusCode::kInvalidInterruptVector, 1, 0, kVectors},
        {"the size comes before the address", StatusCode::kInvalidQueueSize, 1, 256, 1, 8},
    };
    simulate([&] {
        start();
        for (const Request& request : wrong) {
            const Completion completion = create_cq(request);
            EXPECT_EQ(status(completion), request.expected) << request.what;
            EXPECT_TRUE(completion.do_not_retry) << request.what;
            EXPECT_TRUE(completion.more) << request.what;
        }
        EXPECT_EQ(
            status(create_cq(
                {"no interrupts: the vector means nothing", {}, 1, 15, 0xFFFF, 0, true, false})),
            StatusCode::kSuccess);
        EXPECT_EQ(status(create_cq({"largest", {}, kQueues, 255, kVectors - 1})),
                  StatusCode::kSuccess);
        EXPECT_EQ(status(create_cq({"in use"})), StatusCode::kInvalidQueueIdentifier);
    });
}

TEST_F(CreateQueue, SubmissionQueueWithAWrongFieldIsRefused) {
    const Request wrong[] = {
        {"not contiguous", StatusCode::kInvalidField, 1, 15, 1, 0, false},
        {"the admin queue's QID", StatusCode::kInvalidQueueIdentifier, 0},
        {"QID beyond the granted", StatusCode::kInvalidQueueIdentifier, kQueues + 1},
        {"the largest QID", StatusCode::kInvalidQueueIdentifier, 0xFFFF},
        {"the admin completion queue", StatusCode::kInvalidQueueIdentifier, 1, 15, 0},
        {"CQID beyond the granted", StatusCode::kInvalidQueueIdentifier, 1, 15, kQueues + 1},
        {"the largest CQID", StatusCode::kInvalidQueueIdentifier, 1, 15, 0xFFFF},
        {"CQID that was not created", StatusCode::kCompletionQueueInvalid, 1, 15, 2},
        {"one entry", StatusCode::kInvalidQueueSize, 1, 0},
        {"more entries than MQES", StatusCode::kInvalidQueueSize, 1, 256},
        {"PRP1 four bytes into a page", StatusCode::kPrpOffsetInvalid, 1, 15, 1, 4},
    };
    simulate([&] {
        start();
        ASSERT_EQ(status(create_cq({})), StatusCode::kSuccess);
        for (const Request& request : wrong) {
            const Completion completion = create_sq(request);
            EXPECT_EQ(status(completion), request.expected) << request.what;
            EXPECT_TRUE(completion.do_not_retry) << request.what;
        }
        EXPECT_EQ(status(create_sq({})), StatusCode::kSuccess);
        EXPECT_EQ(status(create_sq({"in use"})), StatusCode::kInvalidQueueIdentifier);
    });
}

TEST_F(CreateQueue, IdentifiersEndAtTheNumberOfQueuesThatWasGranted) {
    simulate([&] {
        start();
        using Cdw11 = spec::NumberOfQueuesCdw11;
        const Completion granted =
            driver.set_features(spec::FeatureId::kNumberOfQueues,
                                Cdw11{}.with<Cdw11::Nsqr>(2).with<Cdw11::Ncqr>(2).raw);
        EXPECT_EQ(granted.dw0, 0x0002'0002u);
        EXPECT_EQ(status(create_cq({"", {}, 4})), StatusCode::kInvalidQueueIdentifier);
        EXPECT_EQ(status(create_cq({"", {}, 3})), StatusCode::kSuccess);
        EXPECT_EQ(status(create_sq({"", {}, 4, 15, 3})), StatusCode::kInvalidQueueIdentifier);
        EXPECT_EQ(status(create_sq({"", {}, 3, 15, 3})), StatusCode::kSuccess);
    });
}

TEST_F(CreateQueue, NoQueueIsCreatedBeforeTheHostHasSetItsEntrySize) {
    simulate([&] {
        start();
        using Cc = spec::Cc;
        const Cc running = Cc::from(driver.read32(spec::offset::kCc));
        driver.write32(spec::offset::kCc, running.with<Cc::Iocqes>(0).with<Cc::Iosqes>(0).raw);
        EXPECT_EQ(status(create_cq({})), StatusCode::kInvalidQueueSize);
        driver.write32(spec::offset::kCc, running.with<Cc::Iosqes>(0).raw);
        EXPECT_EQ(status(create_cq({})), StatusCode::kSuccess);
        EXPECT_EQ(status(create_sq({})), StatusCode::kInvalidQueueSize);
        driver.write32(spec::offset::kCc, running.with<Cc::Iosqes>(7).raw);
        EXPECT_EQ(status(create_sq({})), StatusCode::kInvalidQueueSize);
        driver.write32(spec::offset::kCc, running.raw);
        EXPECT_EQ(status(create_sq({})), StatusCode::kSuccess);
    });
}

}  // namespace
}  // namespace nvme::test
