// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_trace.h"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

#include <gtest/gtest.h>

namespace observe {
namespace {

using nvme::spec::StatusCode;

class TextTraceTest : public ::testing::Test {
protected:
    explicit TextTraceTest(TextTrace::Detail detail = TextTrace::Detail::kCommands)
        : path(::testing::TempDir() + "nvme_tlm_text_trace_" + std::to_string(::getpid())),
          trace(path, detail) {}
    ~TextTraceTest() override { std::remove(path.c_str()); }

    template <typename Event>
    void record(const Event& event) {
        static_cast<TraceSink&>(trace).record(event);
    }
    /// Closes the trace; everything behind the header.
    std::string lines() {
        EXPECT_EQ(trace.close(), "");
        std::ostringstream text;
        text << std::ifstream(path, std::ios::binary).rdbuf();
        const std::string all = text.str();
        EXPECT_EQ(all.substr(0, TextTrace::kHeader.size()), TextTrace::kHeader);
        return all.substr(std::min(all.size(), TextTrace::kHeader.size()));
    }

    const std::string path;
    TextTrace trace;
};

TEST_F(TextTraceTest, WithoutEventsIsTheHeader) {
    EXPECT_EQ(lines(), "");
}

TEST_F(TextTraceTest, ShowsWhatTheHostWrites) {
    record(RegisterWrite{1'500, 0x28, 8, 0xfedc'ba98'7654'3000});
    record(Doorbell{2'000, false, true, 1, 5});
    record(Doorbell{util::kNever, true, false, 0xffff, 0xfffe, DoorbellRefusal::kNoQueue});
    EXPECT_EQ(
        lines(),
        "1500 register offset=0x28 size=8 value=0xfedcba9876543000\n"
        "2000 doorbell queue=sq qid=1 value=5 accepted=1 why=none\n"
        "18446744073709551615 doorbell queue=cq qid=65535 value=65534 accepted=0 why=no_queue\n");
}

TEST_F(TextTraceTest, NamesOpcodesByTheQueueTheyWereFetchedFrom) {
    nvme::spec::SubmissionEntry sqe{};
    sqe.cdw0 = 0x7'0006;
    sqe.cdw10 = 1;
    sqe.cdw11 = 0xaabb;
    record(CommandFetched{1, 0, sqe});
    sqe = {};
    sqe.cdw0 = 0x8'0002;
    sqe.nsid = 1;
    sqe.cdw11 = 1;
    sqe.cdw12 = 7;
    sqe.prp1 = 0x5000;
    sqe.cdw15 = 2;
    record(CommandFetched{2, 3, sqe});
    sqe = {};
    sqe.cdw0 = 0x9'0006;
    sqe.nsid = 0xffff'ffff;
    record(CommandFetched{3, 3, sqe});
    EXPECT_EQ(lines(),
              "1 fetch sqid=0 cid=7 opcode=0x6 name=\"Identify\" nsid=0x0 cdw0=0x70006 cdw10=0x1 "
              "cdw11=0xaabb cdw12=0x0\n"
              "2 fetch sqid=3 cid=8 opcode=0x2 name=\"Read\" nsid=0x1 cdw0=0x80002 cdw10=0x0 "
              "cdw11=0x1 cdw12=0x7 slba=4294967296 prp1=0x5000 cdw15=0x2\n"
              "3 fetch sqid=3 cid=9 opcode=0x6 name=\"Unsupported\" nsid=0xffffffff cdw0=0x90006 "
              "cdw10=0x0 cdw11=0x0 cdw12=0x0 slba=0\n");
}

TEST_F(TextTraceTest, NamesTheStatusOfACompletion) {
    record(CommandCompleted{90, 40, 1, 2, 3, 0x01, StatusCode::kLbaOutOfRange, 0xabcd});
    record(CommandCompleted{91, 41, 0, 0, 4, 0xc0, StatusCode{0x7ff}, 0});
    EXPECT_EQ(lines(),
              "90 complete sqid=1 cqid=2 cid=3 opcode=0x1 name=\"Write\" status=0x80 "
              "meaning=\"LBA Out of Range\" dw0=0xabcd fetched=40\n"
              "91 complete sqid=0 cqid=0 cid=4 opcode=0xc0 name=\"Vendor Specific\" status=0x7ff "
              "meaning=\"Unknown Status\" dw0=0x0 fetched=41\n");
}

TEST_F(TextTraceTest, ShowsQueuesInterruptsStatesAndEvents) {
    record(QueueChange{1, true, true, 4, 65536, 0x1000});
    record(QueueChange{2, false, false, 4, 0});
    record(Interrupt{3, 2047, 0xfee0'0000});
    record(StateChange{4, 0x0046'4001, 0x0000'0007});
    record(AsyncEvent{5, 0x0004'0102});
    record(Reset{6, ResetKind::kSubsystem});
    record(IntxChange{7, true});
    EXPECT_EQ(lines(),
              "1 queue queue=cq qid=4 change=created size=65536 base=0x1000\n"
              "2 queue queue=sq qid=4 change=deleted size=0 base=0x0\n"
              "3 interrupt vector=2047 address=0xfee00000\n"
              "4 state cc=0x464001 csts=0x7 en=1 shn=1 rdy=1 cfs=1 shst=1 other_properties=0\n"
              "5 event type=0x2 info=0x1 log=0x4 dw0=0x40102\n"
              "6 reset kind=subsystem\n"
              "7 intx asserted=1\n");
}

TEST_F(TextTraceTest, ShowsPowerStatesAndHealth) {
    record(PowerTransition{1, 0, 3, PowerCause::kHost, 9});
    record(PowerTransition{2, 3, 0, PowerCause::kIo, 10});
    record(PowerTransition{3, 0, 31, PowerCause::kIdle, 11});
    record(PowerTransition{4, 31, 0, PowerCause::kReset, 4});
    record(HealthLevels{5, 0x3f, 65535, 100, 255});
    EXPECT_EQ(lines(),
              "1 power from=0 to=3 cause=host settled=9\n"
              "2 power from=3 to=0 cause=io settled=10\n"
              "3 power from=0 to=31 cause=idle settled=11\n"
              "4 power from=31 to=0 cause=reset settled=4\n"
              "5 health warning=0x3f temperature=65535 spare=100 used=255\n");
}

// What a command is made of is left out unless it is asked for: it makes a file three times as
// long.
TEST_F(TextTraceTest, HoldsNoBuffersAndWantsNoDetails) {
    EXPECT_FALSE(trace.wants_details());
    record(DataBuffer{1, 1, 2, 0x3000, 512, true});
    EXPECT_EQ(lines(), "");
}

class DetailedTextTrace : public TextTraceTest {
protected:
    DetailedTextTrace() : TextTraceTest(TextTrace::Detail::kAll) {}
};

TEST_F(DetailedTextTrace, ShowsWhatACommandIsMadeOf) {
    EXPECT_TRUE(trace.wants_details());
    record(DataBuffer{1, 1, 2, 0x3000, 512, true});
    record(CommandStepped{2, 1, 2, "read.send", 9});
    record(LinkTransfer{3, true, 4, 4096, 5, 8});
    record(DmaAccess{5, true, DmaKind::kCompletionEntry, 1, kNoId, 0x8000, 16, true, 6});
    record(DmaAccess{6, false, DmaKind::kPrpList, 0, 7, 0x9000, 64, false});
    record(MediaAccess{7, MediaUse::kProgram, 1, 8192, 4096, 8, 9});
    record(MediaBlock{8, BlockCause::kWornOut, 3, 200, 64, 10});
    record(NandWork{9, DieWork::kCollectorRead, 3, 1, 10, 20, 20, 25});
    record(FreeBlocks{9, 400, 12, 4, 2});
    record(CacheFill{9, 1, 8192});
    record(VectorChange{9, 2, true, false});
    EXPECT_EQ(lines(),
              "1 data sqid=1 cid=2 gpa=0x3000 len=512 direction=to_host\n"
              "2 step sqid=1 cid=2 next=read.send at=9\n"
              "3 link access=read start=4 bytes=4096 done=5 requests=8\n"
              "5 dma direction=to_host kind=cqe qid=1 gpa=0x8000 len=16 ok=1 done=6\n"
              "6 dma direction=from_host kind=list qid=0 cid=7 gpa=0x9000 len=64 ok=0 done=0\n"
              "7 media use=program nsid=1 offset=8192 bytes=4096 begin=8 end=9\n"
              "8 block cause=worn_out die=3 block=200 units=64 done=10\n"
              "9 nand work=collector_read die=3 channel=1 begin=10 end=20 transfer=20 freed=25\n"
              "9 free_blocks blocks=400 slc=12 dies=4 channels=2\n"
              "9 cache_fill nsid=1 dirty=8192\n"
              "9 vector vector=2 masked=1 pending=0\n");
}

// A vendor's command may be refused for any reason.
TEST_F(TextTraceTest, KeepsAnEventInOneLineWhateverItsTextsHold) {
    record(CommandRefused{1, 1, 2, 0x80, StatusCode::kInvalidField, "say \"no\"\n2 bang", 7});
    EXPECT_EQ(lines(),
              "1 refuse sqid=1 cid=2 opcode=0x80 status=0x2 reason=\"say ?no??2 bang\" value=0x7 "
              "location=0xffff\n");
}

TEST_F(TextTraceTest, ShowsTheLevelsOfQueues) {
    record(QueueLevels{4, 1, 2, 3, 4, 5, 6, 7, 8});
    EXPECT_EQ(lines(),
              "4 levels sqid=1 sq_head=3 sq_tail=4 cqid=2 cq_head=5 cq_tail=6 in_flight=7 "
              "waiting=8\n");
}

TEST_F(TextTraceTest, LosesNothingWhenTheBufferOverflows) {
    for (std::uint64_t i = 0; i < 10'000; ++i) record(Interrupt{i, 0});
    std::istringstream text(lines());
    std::uint64_t expected = 0;
    for (std::string line; std::getline(text, line); ++expected)
        ASSERT_EQ(line, std::to_string(expected) + " interrupt vector=0 address=0x0");
    EXPECT_EQ(expected, 10'000u);
}

TEST_F(TextTraceTest, DropsEventsAfterClose) {
    EXPECT_EQ(trace.close(), "");
    record(Interrupt{1, 1});
    EXPECT_EQ(lines(), "");
}

TEST(TextTrace, ReportsAFullDisk) {
    TextTrace trace("/dev/full");
    for (int i = 0; i < 10'000; ++i) static_cast<TraceSink&>(trace).record(Interrupt{1, 2});
    EXPECT_EQ(trace.close(), "/dev/full: No space left on device");
    EXPECT_EQ(trace.close(), "/dev/full: No space left on device");
}

TEST(TextTrace, ReportsAFullDiskThatOnlyTheLastBytesMeet) {
    TextTrace trace("/dev/full");
    EXPECT_EQ(trace.close(), "/dev/full: No space left on device");
}

TEST(TextTrace, RefusesAPathThatCannotBeWritten) {
    try {
        TextTrace trace("/no/such/folder/run.trace");
        FAIL() << "opened";
    } catch (const std::runtime_error& e) {
        EXPECT_STREQ(e.what(), "/no/such/folder/run.trace: No such file or directory");
    }
}

}  // namespace
}  // namespace observe
