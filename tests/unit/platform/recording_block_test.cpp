// SPDX-License-Identifier: Apache-2.0
// What blktrace records, as its files and as blkparse prints them.
#include <cstring>
#include <filesystem>
#include <fstream>

#include "platform/recording/replay_reader.h"
#include "tests/unit/platform/recording_test_support.h"

namespace platform::test {
namespace {

using Texts = std::vector<std::string>;

constexpr std::uint32_t kReadQueued = 0x0011'0001, kWriteQueued = 0x0012'0001;
constexpr std::uint32_t kFlushQueued = 0x0016'0001, kReadCompleted = 0x0081'0008;

struct Event {
    std::uint64_t time = 0, sector = 0;
    std::uint32_t bytes = 0, action = 0, magic = 0x6561'7407;
    std::string payload = {};
};

/// `struct blk_io_trace`, in either byte order.
std::string bytes_of(const Event& event, bool big_endian = false) {
    std::string all;
    const auto put = [&](std::uint64_t value, int size) {
        for (int i = 0; i < size; ++i) {
            const int byte = big_endian ? size - 1 - i : i;
            all += static_cast<char>(value >> (8 * byte));
        }
    };
    put(event.magic, 4);
    put(1, 4);  // sequence
    put(event.time, 8);
    put(event.sector, 8);
    put(event.bytes, 4);
    put(event.action, 4);
    put(1234, 4);          // pid
    put(8u << 20 | 1, 4);  // device
    put(3, 4);             // cpu
    put(0, 2);             // error
    put(event.payload.size(), 2);
    return all + event.payload;
}

TEST(Blktrace, ReadsEventsOfBothByteOrders) {
    for (const bool big_endian : {false, true}) {
        std::string file = bytes_of({5, 0, 0, 0x0400'0001, 0x6561'7407, "12345678"}, big_endian);
        file += bytes_of({1000, 2048, 4096, kReadQueued}, big_endian);
        file += bytes_of({1500, 2048, 4096, kReadQueued | 3, 0x6561'7407, "abc"}, big_endian);
        file += bytes_of({2000, 2048, 4096, kReadCompleted}, big_endian);
        const Said said = read_text("blktrace", file);
        EXPECT_TRUE(said.damage.empty());
        ASSERT_EQ(said.requests.size(), 1u);
        const Recorded& request = said.requests.front();
        EXPECT_EQ(request.time_ns, 1000u);
        EXPECT_EQ(request.offset, 2048u * 512);
        EXPECT_EQ(request.length, 4096u);
        EXPECT_EQ(request.op, Op::kRead);
        EXPECT_EQ(request.cpu, 3u);
        EXPECT_EQ(request.process, 1234u);
        EXPECT_EQ(request.place, 56u);
        EXPECT_EQ(said.devices, Texts{"8,1"});
        ASSERT_EQ(said.completions.size(), 1u);
        EXPECT_EQ(said.completions.front().key, request.key);
        EXPECT_EQ(said.left_out, (Texts{"1 a message of blktrace", "1 another action"}));
    }
}

TEST(Blktrace, AFlushBeforeDataIsARequestOfItsOwn) {
    const Said said = read_text(
        "blktrace", bytes_of({1, 0, 0, kFlushQueued}) + bytes_of({2, 8, 512, kFlushQueued}));
    ASSERT_EQ(said.requests.size(), 3u);
    EXPECT_EQ(said.requests[0].op, Op::kFlush);
    EXPECT_EQ(said.requests[1].op, Op::kFlush);
    EXPECT_EQ(said.requests[1].length, 0u);
    EXPECT_EQ(said.requests[2].op, Op::kWrite);
    EXPECT_EQ(said.requests[2].offset, 4096u);
    EXPECT_EQ(said.requests[2].time_ns, 2u);
}

TEST(Blktrace, AFileThatIsDamagedEndsThereWithTheByte) {
    const std::string good = bytes_of({1, 0, 512, kWriteQueued});
    Event event{2, 8, 512, kWriteQueued};
    event.magic = 0x6561'7406;
    EXPECT_EQ(read_text("blktrace", good + bytes_of(event)).damage,
              Texts{"file: byte 48: version 6 of blktrace; allowed: version 7"});
    event.magic = 0;
    const Said lost = read_text("blktrace", good + bytes_of(event) + good);
    EXPECT_EQ(lost.requests.size(), 1u);
    EXPECT_EQ(lost.damage, Texts{"file: byte 48: no event of blktrace begins here; allowed: "
                                 "65617400h in the upper bytes of its first word"});
    EXPECT_EQ(read_text("blktrace", good + good.substr(0, 47)).damage,
              Texts{"file: byte 48: the file ends within an event"});
    event.magic = 0x6561'7407;
    event.payload = "payload";
    const std::string with_payload = bytes_of(event);
    EXPECT_EQ(read_text("blktrace", with_payload.substr(0, with_payload.size() - 1)).damage,
              Texts{"file: byte 0: the file ends within an event"});
    EXPECT_EQ(read_text("blktrace", bytes_of({1, ~std::uint64_t{0}, 512, kWriteQueued})).damage,
              Texts{"file: byte 0: sector 18446744073709551615 is of no disk; allowed: 0 to "
                    "36028797018963967"});
    EXPECT_TRUE(read_text("blktrace", "").damage.empty());
}

TEST(Blktrace, FilesOfSeveralProcessorsAreOneRecordingInTheOrderOfTime) {
    const Said said = read_example("blktrace", "nvme0n1.blktrace.1");
    EXPECT_TRUE(said.damage.empty());
    bool from[2] = {};
    for (std::size_t i = 0; i < said.requests.size(); ++i) {
        from[said.requests[i].part] = true;
        EXPECT_TRUE(i == 0 || said.requests[i - 1].time_ns <= said.requests[i].time_ns);
    }
    EXPECT_TRUE(from[0] && from[1]);
}

// Without it, requests would be missing and nobody would know.
TEST(Blktrace, AFileOfAProcessorThatCannotBeOpenedIsAnErrorThatNamesIt) {
    const std::filesystem::path folder = ::testing::TempDir() + "blktrace_unreadable";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "d.blktrace.0") << bytes_of({9, 0, 512, kWriteQueued});
    EXPECT_EQ(RecordingInput((folder / "d.blktrace.0").string()).problem(), "");
    std::filesystem::create_symlink("nowhere", folder / "d.blktrace.1");
    ReplayReader reader((folder / "d.blktrace.0").string(), *find_format("blktrace"), {});
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.error(),
              (folder / "d.blktrace.1").string() + ": cannot be read: No such file or directory");
    std::filesystem::remove_all(folder);
}

TEST(Blktrace, DamageInOneOfSeveralFilesNamesIt) {
    RecordingInput input;
    input.add(std::make_unique<std::istringstream>(bytes_of({9, 0, 512, kWriteQueued})), "d.0");
    input.add(std::make_unique<std::istringstream>("rubbish"), "d.1");
    const Said said = read_all(*find_format("blktrace")->open(input, {}));
    EXPECT_EQ(said.requests.size(), 1u);
    EXPECT_EQ(said.damage, Texts{"file: byte 0 of d.1: the file ends within an event"});
}

// The text is blkparse's own (blktrace 1.2.0), of the binary files beside it.
TEST(Blkparse, SaysWhatTheBinaryFilesSay) {
    for (const BlockAction action : {BlockAction::kQueue, BlockAction::kIssue}) {
        FormatOptions options;
        options.action = action;
        const Said text = read_example("blkparse", "blkparse.txt", options);
        const Said binary = read_example("blktrace", "nvme0n1.blktrace.0", options);
        EXPECT_TRUE(text.damage.empty());
        ASSERT_EQ(text.requests.size(), binary.requests.size());
        EXPECT_EQ(text.completions.size(), binary.completions.size());
        EXPECT_EQ(text.devices, binary.devices);
        for (std::size_t i = 0; i < text.requests.size(); ++i) {
            const Recorded& one = text.requests[i];
            const Recorded& other = binary.requests[i];
            EXPECT_EQ(one.op, other.op) << i;
            EXPECT_EQ(one.offset, other.offset) << i;
            EXPECT_EQ(one.length, other.length) << i;
            EXPECT_EQ(one.cpu, other.cpu) << i;
            EXPECT_EQ(one.process, other.process) << i;
            EXPECT_EQ(one.key, other.key) << i;
            EXPECT_EQ(one.time_ns - text.requests[0].time_ns,
                      other.time_ns - binary.requests[0].time_ns)
                << i;
        }
        // As blkparse counts them: 9 reads, 19 others; 5 of these also flush before.
        EXPECT_EQ(count_of(text, Op::kRead), 9u);
    }
}

TEST(Blkparse, UnderstandsEveryFormOfALine) {
    const Said said = read_text(
        "blkparse",
        "  8,0    3        1     0.000000000   697  Q   R 223490 + 8 [kjournald]\n"
        "  8,0    3        2     0.000000100   697  G   R 223490 + 8 [kjournald]\n"
        "  8,0    3        3     0.000000200   697  A  WS 223490 + 8 <- (8,1) 5000\n"
        "  8,0    3        4     0.000000300   697  P   N [kjournald]\n"
        "  8,0    3        5     0.000000400   697  U   N [kjournald] 1\n"
        "  8,0    3        0     0.000000500     0  m   N cfq697 insert_request\n"
        "  8,0    3        6     0.000000600   697  Q FWS [two words]\n"
        "  8,0    3        7     0.000000700   697  Q FWFSM 8 + 16 [x]\n"
        "  8,0    3        8     0.000000800   697  Q  DS 16384 + 2048 [fstrim]\n"
        "  8,0    3        9     0.000000900   697  D   R 36 (12 00 00 00 24 00 ..) [sg]\n"
        "  8,0    3       10     0.000001000   697  Q   R 36 (12 00 00 00 24 00 ..) [sg]\n"
        "  8,0    3       11     0.000001100   697  Q   N [x]\n"
        "  8,0    3       12     0.000050000     0  C   R 223490 + 8 [0]\n"
        "  8,0    3       13     0.000051000     0  C  FN 0 [0]\n"
        "CPU3 (8,0):\n"
        " Reads Queued:           1,        4KiB\n");
    EXPECT_TRUE(said.damage.empty()) << said.damage.front();
    ASSERT_EQ(said.requests.size(), 5u);
    EXPECT_EQ(said.requests[0].offset, 223'490u * 512);
    EXPECT_EQ(said.requests[0].process, 697u);
    EXPECT_EQ(said.requests[1].op, Op::kFlush);
    EXPECT_EQ(said.requests[2].op, Op::kFlush);
    EXPECT_EQ(said.requests[3].op, Op::kWrite);
    EXPECT_EQ(said.requests[3].length, 8192u);
    EXPECT_EQ(said.requests[4].op, Op::kTrim);
    EXPECT_EQ(said.requests[4].length, 1u << 20);
    EXPECT_EQ(said.completions.size(), 2u);
    EXPECT_EQ(said.completions[0].key, said.requests[0].key);
    EXPECT_EQ(said.left_out, (Texts{"6 another action", "1 a command that was passed through",
                                    "1 a request without data", "2 a line that is no event"}));
}

TEST(Blkparse, WhatIsWrongInAnEventIsNamed) {
    const std::string head = "8,0 3 1 0.000000000 697 ";
    const std::pair<std::string, const char*> cases[]{
        {"8,0 3 1 0.0", "has 4 columns"},
        {"8,0 x 1 0.0 697 Q R 0 + 8 [x]", "CPU = 'x'"},
        {"8,0 3 1 soon 697 Q R 0 + 8 [x]", "time = 'soon'"},
        {"8,0 3 1 0.0 -1 Q R 0 + 8 [x]", "process = '-1'"},
        {head + "Q ?? 0 + 8 [x]",
         "RWBS = '?"
         "?'"},
        {head + "Q R zero + 8 [x]", "sector = 'zero'"},
        {head + "Q R 0 + many [x]", "sectors = 'many'"},
        {head + "Q R 0 +", "sectors = ''"},
        {head + "Q R 99999999999999999999 + 8 [x]", "sector = '99999999999999999999'"},
        {head + "Q R 36028797018963967 + 8 [x]", "are of no disk"},
        {head + "Q W 0 + 8388608 [x]", "are of no disk"},
    };
    for (const auto& [line, wanted] : cases) {
        const Said said = read_text("blkparse", line + "\n");
        ASSERT_EQ(said.damage.size(), 1u) << line;
        EXPECT_NE(said.damage.front().find(wanted), std::string::npos) << said.damage.front();
    }
}

}  // namespace
}  // namespace platform::test
