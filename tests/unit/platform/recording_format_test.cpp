// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/recording_format.h"

#include "platform/workload/random.h"
#include "tests/unit/platform/recording_test_support.h"

namespace platform::test {
namespace {

std::string detected(std::string_view head) {
    const RecordingFormat* format = detect_format(head);
    return format == nullptr ? "" : std::string{format->name};
}

constexpr std::pair<const char*, const char*> kExamples[]{{"iolog", "../fio-randrw-v3.iolog"},
                                                          {"iolog", "../fio-randrw-v2.iolog"},
                                                          {"blktrace", "nvme0n1.blktrace.0"},
                                                          {"blktrace", "nvme0n1.blktrace.1"},
                                                          {"blkparse", "blkparse.txt"},
                                                          {"msr", "msr.csv"},
                                                          {"systor", "systor.csv"},
                                                          {"alibaba", "alibaba.csv"},
                                                          {"tencent", "tencent.csv"},
                                                          {"disksim", "disksim.trace"},
                                                          {"ftrace", "ftrace.txt"},
                                                          {"spdk", "spdk.txt"},
                                                          {"spdk_json", "spdk.json"}};

TEST(RecordingFormats, EachExampleIsRecognisedAndReadWithoutDamage) {
    for (const auto& [format, name] : kExamples) {
        EXPECT_EQ(detected(RecordingInput::head_of(example(name))), format) << name;
        const Said said = read_example(format, name);
        EXPECT_GE(said.requests.size(), 20u) << name;
        EXPECT_TRUE(said.damage.empty()) << name << ": " << said.damage.front();
        for (const Recorded& request : said.requests)
            EXPECT_LT(request.device, said.devices.size()) << name;
    }
}

TEST(RecordingFormats, EachRowOfTheTableHasANameOfItsOwnAndAnExample) {
    for (const RecordingFormat& format : recording_formats()) {
        EXPECT_EQ(find_format(format.name), &format);
        bool has_example = false;
        for (const auto& [name, file] : kExamples) has_example = has_example || name == format.name;
        EXPECT_TRUE(has_example) << format.name;
        EXPECT_FALSE(format.what.empty()) << format.name;
    }
    EXPECT_EQ(find_format("none"), nullptr);
}

TEST(RecordingFormats, ADamagedLineDoesNotHideTheFormat) {
    EXPECT_EQ(detected("419,R,0,4096,1577808144360767\nrubbish\n419,W,0,4096,1577808144360767\n"),
              "alibaba");
    EXPECT_EQ(detected("Timestamp,Offset,Size,IOType,VolumeID\n1538323200,0,8,0,1063\n"),
              "tencent");
}

TEST(RecordingFormats, WhatIsNoneOfThemIsNotRecognised) {
    for (const std::string& text :
         {std::string{}, std::string{"hello\n"}, std::string(100'000, 'x'), std::string(4096, '\0'),
          std::string{"1,2,3\n4,5,6\n"}, std::string{"{\"a\": 1}\n"}, std::string{"\x1f\x8b"},
          std::string{"# tracer: nop\n"}, std::string{"nvme-tlm session 1\n"}})
        EXPECT_EQ(detected(text), "") << text.substr(0, 20);
}

// A reader meets what belongs to another format when a user names the wrong one.
TEST(RecordingFormats, AnyReaderReadsAnyFileToItsEnd) {
    for (const RecordingFormat& format : recording_formats())
        for (const auto& [other, name] : kExamples) {
            const Said said = read_example(format.name, name);
            EXPECT_TRUE(format.name == other || said.requests.empty()) << format.name << name;
        }
}

TEST(RecordingFormats, AFileThatIsCutOffAnywhereIsReadToItsEnd) {
    for (const auto& [format, name] : kExamples) {
        const std::string text = RecordingInput::head_of(example(name));
        const std::size_t all = read_text(format, text).requests.size();
        for (std::size_t length = 0; length < text.size(); length += 97)
            EXPECT_LE(read_text(format, text.substr(0, length)).requests.size(), all)
                << name << " " << length;
    }
}

TEST(RecordingFormats, BytesThatWereChangedAreDamageOrGoodRequests) {
    RandomStream random{11};
    for (const auto& [format, name] : kExamples) {
        const std::string text = RecordingInput::head_of(example(name));
        for (int round = 0; round < 60; ++round) {
            std::string changed = text;
            for (int i = 0; i < 8; ++i)
                changed[random.below(changed.size())] = static_cast<char>(random.below(256));
            const Said said = read_text(format, changed);
            for (const Recorded& request : said.requests) {
                EXPECT_LT(request.device, said.devices.size());
                EXPECT_LE(request.length, 0xffff'ffffu);
                EXPECT_GE(request.offset + request.length, request.offset);
            }
        }
    }
}

TEST(RecordingFormats, LineEndsOfOtherSystemsAndAMissingLastOneDoNotMatter) {
    const std::string mark = "\xef\xbb\xbf";
    const Said said = read_text("msr", mark +
                                           "128166372003061629,hm,0,Read,0,4096,413\r\n\r\n"
                                           "128166372003061630,hm,1,Write,4096,512,7");
    EXPECT_TRUE(said.damage.empty());
    ASSERT_EQ(said.requests.size(), 2u);
    EXPECT_EQ(said.requests[1].place, 3u);
}

TEST(RecordingFormats, ALineThatIsTooLongOrNoTextIsDamageAndTheNextOneIsRead) {
    const std::string good = "419,R,0,4096,1577808144360767\n";
    const std::string null_byte = std::string{"419,R,0,40\0", 11} + "96,5\n";
    const Said said =
        read_text("alibaba", good + std::string(100'000, '9') + "\n" + good + null_byte + good);
    EXPECT_EQ(said.requests.size(), 3u);
    EXPECT_EQ(said.damage, (std::vector<std::string>{"file:2: is longer than 4095 characters",
                                                     "file:4: has a null byte; allowed: text"}));
}

TEST(RecordingFormats, TheNumberOfDevicesIsBounded) {
    std::string text;
    for (int i = 0; i < 65'537; ++i) text += std::to_string(i) + ",R,0,512,0\n";
    const Said said = read_text("alibaba", text);
    EXPECT_EQ(said.devices.size(), 65'536u);
    EXPECT_EQ(said.damage, std::vector<std::string>{"file:65537: more than 65536 devices"});
}

}  // namespace
}  // namespace platform::test
