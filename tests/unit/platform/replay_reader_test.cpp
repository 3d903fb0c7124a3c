// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/replay_reader.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "platform/recording/recorded_latency.h"

namespace platform {
namespace {

using Texts = std::vector<std::string>;

class ReplayReaderTest : public ::testing::Test {
protected:
    struct Replay {
        std::vector<ReplayRequest> requests;
        std::string error;
        Texts devices, left_out;
        std::uint64_t rounded = 0;
        IoStatistics latency;
    };
    ReplayReaderTest() : path_(::testing::TempDir() + "replay_reader_" + name()) {}
    ~ReplayReaderTest() override { std::filesystem::remove(path_); }

    Replay replay(const std::string& text, const ReplayOptions& options = {},
                  std::string_view format = "alibaba") {
        std::ofstream{path_} << text;
        ReplayReader reader(path_, *find_format(format), options);
        Replay result;
        RecordedLatency latency;
        reader.set_on_completion([&](const Recorded& completion) { latency.end(completion); });
        while (const auto request = reader.next()) {
            result.requests.push_back(*request);
            latency.begin(reader.recorded());
        }
        EXPECT_FALSE(reader.next()) << "what has ended goes on";
        reader.read_completions([&] { return latency.open() != 0; });
        result.error = reader.error();
        if (const std::size_t at = result.error.find(path_); at != std::string::npos)
            result.error.replace(at, path_.size(), "file");
        result.devices = reader.devices();
        for (const LeftOut& left : reader.left_out())
            result.left_out.push_back(std::to_string(left.count) + " " + left.reason);
        result.rounded = reader.rounded();
        result.latency = latency.statistics();
        return result;
    }

private:
    static std::string name() {
        return ::testing::UnitTest::GetInstance()->current_test_info()->name();
    }
    const std::string path_;
};

/// At 5, 6, 4, 1006 microseconds of some day; two volumes.
const std::string kFour =
    "7,R,0,4096,1577808144000005\n"
    "7,W,1000000,4096,1577808144000006\n"
    "9,R,8192,0,1577808144000004\n"
    "9,W,8192,512,1577808144000004\n"
    "7,R,4096,4096,1577808144001006\n";

TEST_F(ReplayReaderTest, TimesBeginWithTheFirstRequestAndNeverGoBack) {
    const Replay all = replay(kFour);
    ASSERT_EQ(all.requests.size(), 4u);
    EXPECT_EQ(all.requests[0].not_before, 0u);
    EXPECT_EQ(all.requests[1].not_before, util::kPsPerUs);
    EXPECT_EQ(all.requests[2].not_before, util::kPsPerUs);
    EXPECT_EQ(all.requests[3].not_before, 1001 * util::kPsPerUs);
    EXPECT_EQ(all.requests[1].offset, 1'000'000u);
    EXPECT_EQ(all.requests[2].device, 1u);
    EXPECT_EQ(all.devices, (Texts{"7", "9"}));
    EXPECT_EQ(all.left_out, Texts{"1 a request of length 0"});
}

TEST_F(ReplayReaderTest, AFioLogBeginsWhenItSaysSo) {
    const Replay log =
        replay("fio version 3 iolog\n0 a add\n0 a open\n7 a read 0 512\n", {}, "iolog");
    ASSERT_EQ(log.requests.size(), 1u);
    EXPECT_EQ(log.requests[0].not_before, 7 * util::kPsPerUs);
}

TEST_F(ReplayReaderTest, TimesAreScaledAndGapsCut) {
    ReplayOptions options;
    options.time_scale = 50;
    EXPECT_EQ(replay(kFour, options).requests[3].not_before, 2002 * util::kPsPerUs);
    options.time_scale = 200;
    EXPECT_EQ(replay(kFour, options).requests[3].not_before, 1001 * util::kPsPerUs / 2);
    options.gap_ns = 10'000;
    EXPECT_EQ(replay(kFour, options).requests[3].not_before, 11 * util::kPsPerUs / 2);
    options.gap_ns = 0;
    EXPECT_EQ(replay(kFour, options).requests[3].not_before, 0u);
}

TEST_F(ReplayReaderTest, AStretchOfTimeOrANumberOfRequestsIsChosen) {
    ReplayOptions options;
    options.from_ns = 1000;
    const Replay late = replay(kFour, options);
    ASSERT_EQ(late.requests.size(), 2u);
    EXPECT_EQ(late.requests[0].not_before, 0u);
    EXPECT_EQ(late.requests[1].not_before, 1000 * util::kPsPerUs);
    EXPECT_EQ(late.left_out,
              (Texts{"2 a request before replay_from_ns", "1 a request of length 0"}));
    options.to_ns = 1'001'000;
    EXPECT_EQ(replay(kFour, options).requests.size(), 1u);
    options.to_ns = 1'001'001;
    EXPECT_EQ(replay(kFour, options).requests.size(), 2u);
    options = {};
    options.first = 2;
    EXPECT_EQ(replay(kFour, options).requests.size(), 2u);
    options.first = 100;
    EXPECT_EQ(replay(kFour, options).requests.size(), 4u);
}

TEST_F(ReplayReaderTest, ATimeBeyondTheStretchDoesNotEndItAsTimesMayGoBack) {
    ReplayOptions options;
    options.to_ns = 50'000;
    const Replay all = replay("7,R,0,512,1\n9,R,0,512,100\n7,R,0,512,2\n9,R,0,512,51\n", options);
    EXPECT_EQ(all.requests.size(), 2u);
    EXPECT_EQ(all.left_out, Texts{"2 a request at or after replay_to_ns"});
    const Replay one = replay("7,R,0,512,1\n9,R,0,512,100\n", options);
    EXPECT_EQ(one.devices, Texts{"7"}) << "a device that comes up later needs no namespace";
}

TEST_F(ReplayReaderTest, DevicesAndOperationsAreChosen) {
    ReplayOptions options;
    options.device = "9 7";
    const Replay both = replay(kFour, options);
    EXPECT_EQ(both.devices, (Texts{"9", "7"}));
    EXPECT_EQ(both.requests[0].device, 1u);
    options.device = "9";
    const Replay one = replay(kFour, options);
    EXPECT_EQ(one.requests.size(), 1u);
    EXPECT_EQ(one.requests[0].not_before, 0u);
    EXPECT_EQ(one.left_out, (Texts{"3 a request of a device that is not in replay_device",
                                   "1 a request of length 0"}));
    options = {};
    options.redirect = 5;
    const Replay redirected = replay(kFour, options);
    for (const ReplayRequest& request : redirected.requests) EXPECT_EQ(request.device, 0u);
    EXPECT_EQ(redirected.devices.size(), 1u);
    options = {};
    options.skip = "read,trim";
    const Replay writes = replay(kFour, options);
    EXPECT_EQ(writes.requests.size(), 2u);
    EXPECT_EQ(writes.left_out, Texts{"3 an operation in replay_skip"});
    options.skip = " trim, read";
    EXPECT_EQ(replay(kFour, options).requests.size(), 2u);
    options = {};
    options.device = "9  7 ";
    EXPECT_EQ(replay(kFour, options).devices, (Texts{"9", "7"}));
}

TEST_F(ReplayReaderTest, AddressesAreDividedAndRounded) {
    ReplayOptions options;
    options.align = 4096;
    const Replay rounded = replay(kFour, options);
    EXPECT_EQ(rounded.rounded, 2u);
    EXPECT_EQ(rounded.requests[1].offset, 999'424u);  // 244 * 4096
    EXPECT_EQ(rounded.requests[1].length, 8192u);
    EXPECT_EQ(rounded.requests[2].offset, 8192u);
    EXPECT_EQ(rounded.requests[2].length, 4096u);
    options.scale = 2;
    EXPECT_EQ(replay(kFour, options).requests[2].offset, 4096u);
    options.align = 1 << 30;
    const Replay large = replay("7,R,18446744073709547520,4095,0\n7,W,0,4294967295,0\n", options);
    EXPECT_EQ(large.requests.size(), 1u);
    EXPECT_EQ(large.left_out,
              Texts{"1 a request that is longer than 2^32 - 1 bytes when it is rounded"});
}

TEST_F(ReplayReaderTest, WhatNoNumberHoldsWhenItIsRoundedIsLeftOut) {
    for (const std::uint64_t align : {4096u, 1u << 30}) {
        ReplayOptions options;
        options.align = align;
        const Replay last = replay("1,R,18446744073709551500,50,1\n1,R,0,1,1\n", options);
        ASSERT_EQ(last.requests.size(), 1u);
        EXPECT_EQ(last.requests[0].length, align);
        EXPECT_EQ(last.rounded, 1u);
        EXPECT_EQ(last.left_out,
                  Texts{"1 a request that ends beyond 2^64 - 1 bytes when it is rounded"});
    }
}

TEST_F(ReplayReaderTest, AQueueIsChosenByWhatARequestIsOf) {
    const auto queues = [&](QueueBy by) {
        ReplayOptions options;
        options.queues = 3;
        options.queue_by = by;
        std::string all;
        for (const ReplayRequest& request :
             replay("8,0 4 1 0.0 10 Q R 0 + 8 [x]\n8,1 5 1 0.1 10 Q R 0 + 8 [x]\n"
                    "8,0 6 1 0.2 14 Q R 0 + 8 [x]\n8,0 6 1 0.3 12 Q R 0 + 8 [x]\n",
                    options, "blkparse")
                 .requests)
            all += std::to_string(request.queue);
        return all;
    };
    EXPECT_EQ(queues(QueueBy::kRoundRobin), "0120");
    EXPECT_EQ(queues(QueueBy::kDevice), "0100");
    EXPECT_EQ(queues(QueueBy::kCpu), "1200");
    EXPECT_EQ(queues(QueueBy::kProcess), "1120");
}

TEST_F(ReplayReaderTest, DamageEndsItOrIsCounted) {
    const std::string text = "7,R,0,512,5\n7,R,0,512\n7,R,0,512,6\n";
    const Replay strict = replay(text);
    EXPECT_EQ(strict.requests.size(), 1u);
    EXPECT_EQ(strict.error,
              "file:2: has 4 columns; allowed: device_id,opcode,offset,length,timestamp");
    ReplayOptions options;
    options.damaged = Damaged::kSkip;
    const Replay lenient = replay(text, options);
    EXPECT_EQ(lenient.requests.size(), 2u);
    EXPECT_EQ(lenient.error, "");
    EXPECT_EQ(lenient.left_out, Texts{"1 what cannot be understood"});
}

TEST_F(ReplayReaderTest, ADamagedFioLogGoesOnWhereItCan) {
    ReplayOptions options;
    options.damaged = Damaged::kSkip;
    const std::string head = "fio version 3 iolog\n0 a add\n0 a open\n";
    const Replay log =
        replay(head + "x\n" + std::string(9000, 'y') + "\n5 a read 0 512\n", options, "iolog");
    EXPECT_EQ(log.requests.size(), 1u);
    EXPECT_EQ(log.left_out, Texts{"2 what cannot be understood"});
    EXPECT_TRUE(replay("rubbish\n0 a add\n", options, "iolog").requests.empty());
}

TEST_F(ReplayReaderTest, WhatNoSimulationReachesIsRefused) {
    const std::string far = "7,R,0,512,0\n7,R,0,512,18446744073710\n";
    EXPECT_NE(replay(far).error.find("file:2: is more than 213 days after the beginning"),
              std::string::npos);
    ReplayOptions options;
    options.time_scale = 1000;
    EXPECT_EQ(replay(far, options).requests.size(), 2u);
    options.time_scale = 1;
    options.gap_ns = 1;
    EXPECT_EQ(replay(far, options).requests.size(), 2u);
}

TEST_F(ReplayReaderTest, RecordedLatenciesAreThoseOfTheRequestsThatAreReplayed) {
    const std::string trace =
        "8,0 0 1 0.000000000 1 Q R 0 + 8 [x]\n8,0 0 2 0.000000000 1 Q W 8 + 8 [x]\n"
        "8,0 0 3 0.000010000 0 C R 0 + 8 [0]\n8,0 0 4 0.000030000 0 C W 8 + 8 [0]\n"
        "8,0 0 5 0.000040000 0 C W 999 + 8 [0]\n";
    const Replay both = replay(trace, {}, "blkparse");
    EXPECT_EQ(both.latency.of(Op::kRead).latency.max(), 10 * util::kPsPerUs);
    EXPECT_EQ(both.latency.of(Op::kWrite).latency.max(), 30 * util::kPsPerUs);
    EXPECT_EQ(both.latency.of(Op::kWrite).latency.count(), 1u);
    ReplayOptions options;
    options.skip = "write";
    EXPECT_EQ(replay(trace, options, "blkparse").latency.of(Op::kWrite).latency.count(), 0u);
    // The last request completes behind it, and behind damage.
    options = {};
    options.first = 2;
    EXPECT_EQ(replay(trace.substr(0, trace.rfind("8,0 0 4")) + "8,0 rubbish\n" +
                         trace.substr(trace.rfind("8,0 0 4")),
                     options, "blkparse")
                  .latency.of(Op::kWrite)
                  .latency.max(),
              30 * util::kPsPerUs);
    const Replay msr = replay("0,h,0,Read,0,512,70\n", {}, "msr");
    EXPECT_EQ(msr.latency.of(Op::kRead).latency.max(), 7 * util::kPsPerUs);
}

TEST(ReplayOptions, WhatIsWrongIsNamedWithWhatIsAllowed) {
    ReplayOptions options;
    EXPECT_TRUE(check_replay_options(options).empty());
    options.format = "csv";
    options.align = 3;
    options.skip = "read, sleep";
    options.from_ns = 5;
    options.to_ns = 5;
    const std::vector<std::string> problems = check_replay_options(options);
    ASSERT_EQ(problems.size(), 4u);
    EXPECT_EQ(problems[0], "replay_format = \"csv\": must be one of " + format_names());
    EXPECT_EQ(problems[1], "replay_align = 3: must be a power of 2, or 0");
    EXPECT_EQ(
        problems[2],
        "replay_skip = \"read, sleep\": \"sleep\" is none of read, write, trim, sync or zero");
    EXPECT_EQ(problems[3], "replay_to_ns = 5: must be after replay_from_ns = 5");
}

}  // namespace
}  // namespace platform
