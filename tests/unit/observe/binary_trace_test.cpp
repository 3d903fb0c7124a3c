// SPDX-License-Identifier: Apache-2.0
#include "models/observe/binary_trace.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/observe/binary_reader.h"
#include "models/observe/crc32.h"
#include "models/observe/text_reader.h"
#include "models/observe/text_trace.h"
#include "tests/unit/observe/some_events.h"

namespace observe {
namespace {

/// A file that goes away.
class TemporaryFile {
public:
    TemporaryFile()
        : path((std::filesystem::temp_directory_path() / "nvme-binary-XXXXXX").string()) {
        const int fd = ::mkstemp(path.data());
        EXPECT_GE(fd, 0);
        ::close(fd);
    }
    ~TemporaryFile() { std::remove(path.c_str()); }
    std::string path;
};

/// What a BinaryTrace makes of what `record` gives it.
template <typename Record>
std::string written(Record record, TraceDetail detail = TraceDetail::kAll) {
    const TemporaryFile file;
    BinaryTrace trace(file.path, detail);
    record(trace);
    EXPECT_EQ(trace.close(), "");
    std::ostringstream bytes;
    bytes << std::ifstream(file.path, std::ios::binary).rdbuf();
    return bytes.str();
}

std::string read(const std::string& bytes, TraceSink& sink) {
    std::istringstream file(bytes);
    return read_binary_trace(file, sink);
}

void record_every(TraceSink& sink) {
    record_some(Events{}, sink);
}

/// A run of reads at depth 32, so that there are several blocks.
void record_reads(TraceSink& sink, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        CommandFetched fetched{};
        fetched.ps = 1'000'000 + 300'017u * i;
        fetched.sqid = 1;
        fetched.sqe.cdw0 = 2 | (i % 32) << 16;
        fetched.sqe.cdw10 = i * 7919 % 100'000;
        sink.record(fetched);
        sink.record(CommandStepped{fetched.ps, 1, static_cast<std::uint16_t>(i % 32),
                                   i % 2 != 0 ? "read.send" : "post", fetched.ps + 5'000'000});
        sink.record(CommandCompleted{fetched.ps + 9'000'000, fetched.ps, 1, 1,
                                     static_cast<std::uint16_t>(i % 32), 2,
                                     nvme::spec::StatusCode::kSuccess, 0});
    }
}

/// Where blocks begin.
std::vector<std::size_t> blocks_of(const std::string& bytes) {
    std::vector<std::size_t> begins;
    for (std::size_t at = bytes.find(binary::kMarker); at != bytes.npos;
         at = bytes.find(binary::kMarker, at + 1))
        begins.push_back(at);
    return begins;
}

TEST(BinaryTrace, IsReadBackAsItWasWhateverTheEvent) {
    Lines as_recorded, again;
    record_every(as_recorded);
    const std::string bytes = written(record_every);
    EXPECT_EQ(read(bytes, again), "");
    EXPECT_EQ(again.text, as_recorded.text);
    EXPECT_LT(bytes.size(), as_recorded.text.size());
}

TEST(BinaryTrace, OfATextTraceHoldsItsEvents) {
    Lines as_recorded, again;
    record_every(as_recorded);
    const std::string bytes = written([&](TraceSink& sink) {
        std::istringstream text(std::string(TextTrace::kHeader) + as_recorded.text);
        EXPECT_EQ(read_text_trace(text, sink), "");
    });
    EXPECT_EQ(read(bytes, again), "");
    EXPECT_EQ(again.text, as_recorded.text);
}

TEST(BinaryTrace, ReadsBackOverManyBlocks) {
    Lines as_recorded, again;
    const auto record = [](TraceSink& sink) { record_reads(sink, 20'000); };
    record(as_recorded);
    const std::string bytes = written(record);
    EXPECT_GT(blocks_of(bytes).size(), 4u);
    EXPECT_EQ(read(bytes, again), "");
    EXPECT_TRUE(again.text == as_recorded.text);
    EXPECT_LT(bytes.size(), 20'000u * 40) << "bytes for a fetch, a step and a completion";
}

TEST(BinaryTrace, LeavesOutBuffersUnlessItIsAskedForAll) {
    Lines again;
    const auto record = [](TraceSink& sink) {
        sink.record(DataBuffer{1, 1, 1, 0x1000, 512, true});
    };
    EXPECT_EQ(read(written(record, TraceDetail::kCommands), again), "");
    EXPECT_EQ(again.text, "");
    EXPECT_EQ(read(written(record, TraceDetail::kAll), again), "");
    EXPECT_NE(again.text, "");
}

TEST(BinaryTrace, ThatWasCutOffGivesWhatIsThereAndSaysWhere) {
    const std::string bytes = written([](TraceSink& sink) { record_reads(sink, 20'000); });
    const std::vector<std::size_t> blocks = blocks_of(bytes);
    Lines whole, within, before_the_end;
    ASSERT_EQ(read(bytes, whole), "");
    EXPECT_EQ(read(bytes.substr(0, blocks[2] + 100), within),
              "byte " + std::to_string(blocks[2]) +
                  ": the file ends within the block that begins here (and 1 places more)");
    EXPECT_GT(within.text.size(), 100'000u);
    EXPECT_EQ(whole.text.substr(0, within.text.size()), within.text);
    EXPECT_EQ(read(bytes.substr(0, blocks.back()), before_the_end),
              "byte " + std::to_string(blocks.back()) +
                  ": the file ends here: it was cut off, or the run was");
    EXPECT_EQ(before_the_end.text, whole.text);
}

TEST(BinaryTrace, GoesOnBehindADamagedBlock) {
    std::string bytes = written([](TraceSink& sink) { record_reads(sink, 20'000); });
    const std::vector<std::size_t> blocks = blocks_of(bytes);
    Lines whole, rest;
    ASSERT_EQ(read(bytes, whole), "");
    bytes[blocks[1] + 5'000] ^= 1;
    EXPECT_EQ(read(bytes, rest),
              "byte " + std::to_string(blocks[1]) + ": a block is damaged, and left out");
    EXPECT_LT(rest.text.size(), whole.text.size());
    EXPECT_EQ(whole.text.substr(whole.text.size() - 1000),
              rest.text.substr(rest.text.size() - 1000));
}

TEST(BinaryTrace, SaysWhatIsNoBinaryTrace) {
    TraceSink nobody;
    const std::string bytes = written(record_every);
    const std::string at_header = "byte " + std::to_string(binary::kMagic.size());
    EXPECT_EQ(read("", nobody),
              "byte 0: is not the first line of a binary event trace of format 1");
    EXPECT_EQ(read(std::string(TextTrace::kHeader), nobody),
              "byte 0: is not the first line of a binary event trace of format 1");
    EXPECT_EQ(read(bytes.substr(0, 300), nobody), "the header is cut off");
    std::string damaged = bytes;
    damaged[200] ^= 4;
    EXPECT_EQ(read(damaged, nobody), at_header + ": the header is damaged");
}

/// With the sizes and the checksum that its header now needs.
std::string with_header(const std::string& bytes, const std::string& from, const std::string& to) {
    const std::size_t begin = binary::kMagic.size() + 8;
    const std::size_t end = bytes.find(binary::kMarker);
    std::string header = bytes.substr(begin, end - begin);
    const std::size_t at = header.find(from);
    EXPECT_NE(at, header.npos) << from;
    EXPECT_EQ(from.size(), to.size());
    header.replace(at, from.size(), to);
    const std::uint32_t crc = crc32(header.data(), header.size());
    std::string changed = bytes;
    for (std::size_t i = 0; i < 4; ++i) changed[begin - 4 + i] = static_cast<char>(crc >> (8 * i));
    return changed.replace(begin, header.size(), header);
}

TEST(BinaryTrace, OfAnotherVersionIsReadAsFarAsItIsKnown) {
    const std::string bytes = written([](TraceSink& sink) {
        sink.record(Interrupt{7, 3, 0x10});
        sink.record(Reset{8, ResetKind::kSubsystem});
        sink.record(IntxChange{9, true});
    });
    Lines without_event, without_word, without_field;
    EXPECT_EQ(read(with_header(bytes, "interrupt", "interlude"), without_event),
              "1 events that this version does not know are left out, the first a \"interlude\"");
    EXPECT_EQ(without_event.text, "8 reset kind=subsystem\n9 intx asserted=1\n");
    EXPECT_EQ(read(with_header(bytes, "subsystem", "subterran"), without_word),
              "1 events that this version does not know are left out, the first a \"reset\"");
    EXPECT_EQ(without_word.text, "7 interrupt vector=3 address=0x10\n9 intx asserted=1\n");
    EXPECT_EQ(read(with_header(bytes, "asserted", "assorted"), without_field),
              "byte 40: the header event intx lacks asserted");
}

TEST(BinaryTrace, ThatCannotBeOpenedIsAnError) {
    EXPECT_THROW(BinaryTrace("/no/such/folder/run.bin"), std::runtime_error);
}

/// Counts, and looks at nothing.
class Count final : public EveryEvent<Count> {
public:
    template <typename E>
    void every(const E&) {
        ++events;
    }
    std::size_t events = 0;
};

// Whatever the bytes are: a problem or events, never more. With checksums that are right, so that
// the records themselves are what is wrong, and without.
TEST(BinaryTrace, SurvivesBytesThatChanged) {
    const std::string bytes = written(record_every);
    const std::size_t block = bytes.find(binary::kMarker);
    const std::size_t size = static_cast<unsigned char>(bytes[block + 8]) |
                             static_cast<std::size_t>(static_cast<unsigned char>(bytes[block + 9]))
                                 << 8;
    std::mt19937_64 random(7);
    for (int i = 0; i < 400; ++i) {
        std::string changed = bytes;
        for (int n = 0; n < 3; ++n)
            changed[block + 16 + random() % (size + 8)] = static_cast<char>(random());
        if (i % 4 != 0) {
            const std::uint32_t crc = crc32(changed.data() + block + 16, size + 8);
            for (std::size_t b = 0; b < 4; ++b)
                changed[block + 12 + b] = static_cast<char>(crc >> (8 * b));
        }
        Count count;
        (void)read(changed, count);
        EXPECT_LE(count.events, bytes.size());
    }
    for (int i = 0; i < 400; ++i) {
        std::string changed = bytes;
        changed[random() % changed.size()] = static_cast<char>(random());
        Count count;
        (void)read(changed.substr(0, random() % changed.size()), count);
    }
}

TEST(BinaryTrace, ChecksumIsThatOfZlib) {
    EXPECT_EQ(crc32("123456789", 9), 0xcbf4'3926u);
    EXPECT_EQ(crc32("", 0), 0u);
    EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog", 43), 0x414f'a339u);
}

/// Of one that is still being written.
TEST(BinaryTrace, HasWhatWasRecordedBeforeItWasFlushed) {
    const TemporaryFile file;
    BinaryTrace trace(file.path, TraceDetail::kAll);
    const auto count = [&] {
        Count counted;
        std::ifstream bytes(file.path, std::ios::binary);
        EXPECT_NE(read_binary_trace(bytes, counted).find("it was cut off, or the run was"),
                  std::string::npos);
        return counted.events;
    };
    trace.flush();
    EXPECT_EQ(count(), 0u);
    record_every(trace);
    trace.flush();
    const std::size_t first = count();
    EXPECT_GT(first, 20u);
    record_every(trace);
    EXPECT_EQ(count(), first);
    trace.flush();
    trace.flush();
    EXPECT_EQ(count(), 2 * first);
    EXPECT_EQ(trace.close(), "");
}

}  // namespace
}  // namespace observe
