// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/iolog.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "platform/workload/random.h"

namespace platform {
namespace {

struct Log {
    std::vector<TraceRequest> requests;
    std::vector<std::string> files;
    std::uint64_t without_request = 0;
    std::string error;  // empty: none
};

Log read_log(std::istream& stream) {
    IologReader reader{stream};
    Log log;
    while (const auto request = reader.next()) log.requests.push_back(*request);
    EXPECT_FALSE(reader.next()) << "a log that has ended does not go on";
    log.files = reader.files();
    log.without_request = reader.lines_without_request();
    if (reader.error()) log.error = reader.error()->text("log");
    return log;
}

Log read_text(const std::string& text) {
    std::istringstream stream{text};
    return read_log(stream);
}

Log read_v2(const std::string& body) {
    return read_text("fio version 2 iolog\n" + body);
}
Log read_v3(const std::string& body) {
    return read_text("fio version 3 iolog\n" + body);
}

Log read_trace(const std::string& name) {
    std::ifstream stream{NVME_TLM_TRACES_DIR "/" + name};
    EXPECT_TRUE(stream.is_open()) << name;
    return read_log(stream);
}

std::size_t count_of(const Log& log, Op op) {
    std::size_t count = 0;
    for (const TraceRequest& request : log.requests) count += request.op == op ? 1 : 0;
    return count;
}

TEST(Iolog, ARealRecordingOfVersion3IsReadCompletely) {
    const Log log = read_trace("fio-randrw-v3.iolog");
    EXPECT_EQ(log.error, "");
    EXPECT_EQ(log.files, std::vector<std::string>{"nvme0n1"});
    // As fio counts them when it replays the file.
    EXPECT_EQ(count_of(log, Op::kRead), 51u);
    EXPECT_EQ(count_of(log, Op::kWrite), 45u);
    EXPECT_EQ(count_of(log, Op::kFlush), 9u);
    EXPECT_EQ(log.requests.front().offset, 61440u);
    EXPECT_EQ(log.requests.front().length, 4096u);
    EXPECT_EQ(log.requests.front().not_before, 207 * util::kPsPerUs);
    EXPECT_EQ(log.requests.front().line, 4u);
}

TEST(Iolog, Version2OfTheRecordingHoldsTheSameRequestsWithoutTimes) {
    const Log v2 = read_trace("fio-randrw-v2.iolog");
    const Log v3 = read_trace("fio-randrw-v3.iolog");
    EXPECT_EQ(v2.error, "");
    ASSERT_EQ(v2.requests.size(), v3.requests.size());
    for (std::size_t i = 0; i < v2.requests.size(); ++i) {
        EXPECT_EQ(v2.requests[i].op, v3.requests[i].op);
        EXPECT_EQ(v2.requests[i].offset, v3.requests[i].offset);
        EXPECT_EQ(v2.requests[i].length, v3.requests[i].length);
        EXPECT_EQ(v2.requests[i].not_before, 0u);
    }
}

TEST(Iolog, EveryActionIsUnderstood) {
    const Log log = read_v2(
        "a add\na open\na read 0 512\na write 512 1024\na trim 4096 8192\na sync 0 0\n"
        "a datasync 512 0\na close\n");
    EXPECT_EQ(log.error, "");
    ASSERT_EQ(log.requests.size(), 5u);
    EXPECT_EQ(log.requests[0].op, Op::kRead);
    EXPECT_EQ(log.requests[1].op, Op::kWrite);
    EXPECT_EQ(log.requests[2].op, Op::kTrim);
    EXPECT_EQ(log.requests[2].offset, 4096u);
    EXPECT_EQ(log.requests[2].length, 8192u);
    EXPECT_EQ(log.requests[3].op, Op::kFlush);
    EXPECT_EQ(log.requests[4].op, Op::kFlush);
    EXPECT_EQ(log.requests[4].offset, 0u);
}

TEST(Iolog, FilesAreNumberedInTheOrderTheyWereAdded) {
    const Log log = read_v2(
        "disk1 add\ndisk0 add\ndisk1 add\ndisk0 open\ndisk0 read 0 512\ndisk1 open\n"
        "disk1 read 0 512\n");
    EXPECT_EQ(log.error, "");
    EXPECT_EQ(log.files, (std::vector<std::string>{"disk1", "disk0"}));
    ASSERT_EQ(log.requests.size(), 2u);
    EXPECT_EQ(log.requests[0].file, 1u);
    EXPECT_EQ(log.requests[1].file, 0u);
}

TEST(Iolog, WaitsOfVersion2AddUpAndShortOnesAreDropped) {
    const Log log = read_v2(
        "a add\na open\na wait 2000 0\na read 0 512\na wait 99 0\na read 0 512\na wait 100 0\n"
        "a read 0 512\n");
    EXPECT_EQ(log.error, "");
    ASSERT_EQ(log.requests.size(), 3u);
    EXPECT_EQ(log.requests[0].not_before, 2000 * util::kPsPerUs);
    EXPECT_EQ(log.requests[1].not_before, 2000 * util::kPsPerUs);
    EXPECT_EQ(log.requests[2].not_before, 2100 * util::kPsPerUs);
}

TEST(Iolog, TimesOfVersion3NeverGoBack) {
    const Log log = read_v3("0 a add\n5 a open\n50 a read 0 512\n40 a read 0 512\n60 a sync 0 0\n");
    EXPECT_EQ(log.error, "");
    ASSERT_EQ(log.requests.size(), 3u);
    EXPECT_EQ(log.requests[1].not_before, 50 * util::kPsPerUs);
    EXPECT_EQ(log.requests[2].not_before, 60 * util::kPsPerUs);
}

// fio opens a log to append to it: each run, and each clone of numjobs, begins with a version line.
TEST(Iolog, RecordingsInOneLogFollowOneAnotherAsWhenFioReplaysThem) {
    const Log log = read_text(
        "fio version 3 iolog\n10 a add\n20 a open\n50 a read 0 512\n70 a close\n"
        "fio version 3 iolog\n15 a add\n25 a open\n40 a read 512 512\n60 a close\n"
        "fio version 2 iolog\na add\na open\na wait 300 0\na read 1024 512\n");
    EXPECT_EQ(log.error, "");
    EXPECT_EQ(log.files, std::vector<std::string>{"a"});
    ASSERT_EQ(log.requests.size(), 3u);
    EXPECT_EQ(log.requests[0].not_before, 50 * util::kPsPerUs);
    EXPECT_EQ(log.requests[1].not_before, (70 + 40 - 15) * util::kPsPerUs);
    EXPECT_EQ(log.requests[2].not_before, (70 + 60 - 15 + 300) * util::kPsPerUs);
    EXPECT_EQ(log.requests[2].line, 15u);
}

TEST(Iolog, ALogThatThreeJobsSharedIsReadCompletely) {
    const Log log = read_trace("fio-shared-v3.iolog");
    EXPECT_EQ(log.error, "");
    EXPECT_EQ(log.files, std::vector<std::string>{"nvme0n1"});
    // As fio counts them when it replays the file; sync_file_range flushes no disk.
    EXPECT_EQ(count_of(log, Op::kRead), 38u);
    EXPECT_EQ(count_of(log, Op::kWrite), 58u);
    EXPECT_EQ(log.requests.size(), 96u);
    EXPECT_EQ(log.without_request, 18u);
    for (std::size_t i = 1; i < log.requests.size(); ++i)
        EXPECT_LE(log.requests[i - 1].not_before, log.requests[i].not_before);
}

TEST(Iolog, AFileIsOpenUntilEachJobThatOpenedItHasClosedIt) {
    const std::string body = "a add\na add\na open\na open\na close\na read 0 512\na close\n";
    EXPECT_EQ(read_v2(body).error, "");
    EXPECT_EQ(read_v2(body).requests.size(), 1u);
    EXPECT_EQ(read_v2(body + "a read 0 512\n").error,
              "log:9: the file 'a' is not open; allowed: 'a' open");
    EXPECT_EQ(read_v2(body + "a close\n").error,
              "log:9: the file 'a' is not open; allowed: 'a' open");
}

TEST(Iolog, SyncFileRangeMakesNoRequest) {
    const Log log = read_v2("a add\na open\na sync_file_range 4096 0\na sync_file_range 0 4096\n");
    EXPECT_EQ(log.error, "");
    EXPECT_EQ(log.requests.size(), 0u);
    EXPECT_EQ(log.without_request, 2u);
    EXPECT_NE(read_v2("a add\na sync_file_range 0 0\n").error, "");
    EXPECT_NE(read_v2("a add\na open\na sync_file_range x 0\n").error, "");
}

TEST(Iolog, ATornLineOfALogThatWasSharedSaysHowToRecordABetterOne) {
    const std::string hint =
        " (jobs that share a log tear each other's lines when it is longer than 8 KiB: record each "
        "into a log of its own)";
    // As fio 3.33 wrote them, with numjobs=3 and 1024 requests each.
    EXPECT_EQ(read_v3("0 x add\n1 x open\n90082 x wrfio version 3 iolog\n").error,
              "log:4: has 6 words" + hint +
                  "; allowed: <microseconds> <file> <action> [<offset> <length>]");
    EXPECT_EQ(read_v3("0 x add\nfio version 3 iolog\n4096\n").error,
              "log:4: has 1 word" + hint +
                  "; allowed: <microseconds> <file> <action> [<offset> <length>]");
    EXPECT_EQ(read_v3("0 x add\nfio version 4 iolog\n").error,
              "log:3: a recording begins with 'fio version 4 iolog'" + hint +
                  "; allowed: fio version 2 iolog, or fio version 3 iolog");
    EXPECT_EQ(read_v3("0 x add\n1 x\n").error,
              "log:3: has 2 words; allowed: <microseconds> <file> <action> [<offset> <length>]");
}

TEST(Iolog, BlankLinesWindowsLineEndsAndAMissingLastOneDoNotMatter) {
    const Log log =
        read_text("fio version 3 iolog\r\n\r\n0 a add\r\n\n  1 a   open\n2 a read 0 512");
    EXPECT_EQ(log.error, "");
    ASSERT_EQ(log.requests.size(), 1u);
    EXPECT_EQ(log.requests[0].line, 6u);
}

TEST(Iolog, WhatIsNoLogIsRefusedAtItsFirstLine) {
    const std::string allowed = "; allowed: fio version 2 iolog, or fio version 3 iolog";
    EXPECT_EQ(read_text("").error, "log:1: the log is empty" + allowed);
    EXPECT_EQ(read_text("\n").error, "log:1: the log begins with ''" + allowed);
    EXPECT_EQ(read_text("fio version 4 iolog\n").error,
              "log:1: the log begins with 'fio version 4 iolog'" + allowed);
    EXPECT_EQ(read_text("0, 4096, 4096\n").error,
              "log:1: the log begins with '0, 4096, 4096'" + allowed);
}

TEST(Iolog, TheFirstBadLineEndsTheLogWithItsNumberAndWhatIsAllowed) {
    const struct {
        const char* line;
        const char* error;
    } cases[] = {
        {"a", "has 1 word; allowed: <file> <action> [<offset> <length>]"},
        {"a read 0", "has 3 words; allowed: <file> <action> [<offset> <length>]"},
        {"a read 0 1 2 3 4 5 6", "has 9 words; allowed: <file> <action> [<offset> <length>]"},
        {"a delete", "unknown file action 'delete'; allowed: add, open or close"},
        {"b open", "the file 'b' was not added before; allowed: 'b' add"},
        {"c close", "the file 'c' is not open; allowed: 'c' open"},
        {"b read 0 512", "the file 'b' is not open; allowed: 'b' open"},
        {"c write 0 512", "the file 'c' is not open; allowed: 'c' open"},
        {"a erase 0 512",
         "unknown action 'erase'; allowed: read, write, trim, sync, datasync or sync_file_range; "
         "in version 2 also wait"},
    };
    for (const auto& test : cases) {
        const Log log = read_v2("a add\nc add\na open\na read 0 512\n" + std::string{test.line} +
                                "\na read 0 512\n");
        EXPECT_EQ(log.requests.size(), 1u) << test.line;
        EXPECT_EQ(log.error, "log:6: " + std::string{test.error});
    }
}

TEST(Iolog, NumbersThatAreNoneOrDoNotFitAreRefused) {
    for (const char* numbers : {"-1 512", "0x10 512", "0 0", "0 4294967296", "x 512", "1 1k",
                                "18446744073709551615 1", "18446744073709551616 1"}) {
        const Log log = read_v2("a add\na open\na read " + std::string{numbers} + "\n");
        EXPECT_NE(log.error.find("is no offset and length"), std::string::npos) << numbers;
    }
    EXPECT_EQ(read_v2("a add\na open\na read 18446744073709551103 512\n").error, "");
    for (const char* stamp : {"x", "-5", "18446744073710", "99999999999999999999"}) {
        EXPECT_NE(read_v3(std::string{stamp} + " a add\n").error.find("no time in microseconds"),
                  std::string::npos)
            << stamp;
    }
    EXPECT_NE(read_v2("a wait 18446744073709 0\na wait 18446744073709 0\n").error.find("log:3: "),
              std::string::npos);
}

TEST(Iolog, Version3HasNoWait) {
    const Log log = read_v3("0 a add\n1 a open\n2 a wait 100 0\n");
    EXPECT_NE(log.error.find("log:4: unknown action 'wait'"), std::string::npos);
}

TEST(Iolog, ALineWithoutEndIsNotReadIntoMemory) {
    EXPECT_EQ(read_v2(std::string(1'000'000, 'x')).error, "log:2: is longer than 4095 characters");
    const std::string name(4000, 'n');
    EXPECT_EQ(read_v2(name + " add\n").files, std::vector<std::string>{name});
}

TEST(Iolog, TheNumberOfFilesIsBounded) {
    std::string body;
    for (int i = 0; i < 1025; ++i) body += "file" + std::to_string(i) + " add\n";
    const Log log = read_v2(body);
    EXPECT_EQ(log.files.size(), 1024u);
    EXPECT_EQ(log.error, "log:1026: more than 1024 files are added");
}

TEST(Iolog, RandomBytesEndInAnErrorOrInValidRequests) {
    RandomStream random{9};
    const std::string_view likely = "a \n0123456789readwritetrimsyncaddopen";
    for (int round = 0; round < 2000; ++round) {
        std::string body = "a add\na open\n";
        const std::uint64_t length = random.below(200);
        for (std::uint64_t i = 0; i < length; ++i) {
            const bool raw = random.below(8) == 0;
            body +=
                raw ? static_cast<char>(random.below(256)) : likely[random.below(likely.size())];
        }
        const Log log = read_v2(body);
        for (const TraceRequest& request : log.requests) {
            EXPECT_LT(request.file, log.files.size());
            EXPECT_GE(request.offset + request.length, request.offset);
        }
    }
}

}  // namespace
}  // namespace platform
