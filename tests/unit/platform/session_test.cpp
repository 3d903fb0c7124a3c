// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/media/store/ram_store.h"
#include "platform/session/recording_store.h"
#include "platform/session/session_file.h"

namespace platform {
namespace {

using Kind = SessionEvent::Kind;

constexpr const char* kLines[] = {
    "0 config write 4 2 406",
    "17 bar0 read 1c 4 ffffffff refused",
    "1000 bar0 write 28 8 ffffffffffffffff",
    "2000 bar4 write 0 8 fee00000",
    "3000 perst_n 0",
    "3000 power_cycle",
    "4000 dma read 10000 64 0600 took 500",
    "5000 dma read 10000 4096 -",
    "6000 dma read 10000 4096 refused",
    "7000 dma write 20000 16 00000000000000000100ff",
    "8000 dma write 20000 4096 crc32c 98f94189",
    "9000 message fee00000 3",
    "9000 message fee00000 3 refused",
};

TEST(SessionEvents, EachFormReadsBackToItself) {
    for (const char* line : kLines) {
        SessionEvent event;
        EXPECT_EQ(parse_event(line, event), "") << line;
        EXPECT_EQ(to_text(event), line);
    }
    MediaContent content;
    const char* media = "12 media 2 1000 512 aa00bb";
    EXPECT_TRUE(is_media(media));
    EXPECT_EQ(parse_media(media, content), "");
    EXPECT_EQ(to_text(content), media);
    EXPECT_EQ(content.data.size(), 3u);
}

TEST(SessionEvents, SayWhoActs) {
    SessionEvent event;
    ASSERT_EQ(parse_event("1 perst_n 1", event), "");
    EXPECT_TRUE(event.by_host());
    ASSERT_EQ(parse_event("1 power_cycle", event), "");
    EXPECT_TRUE(event.by_host());
    ASSERT_EQ(parse_event("1 dma read 0 1 -", event), "");
    EXPECT_FALSE(event.by_host());
}

TEST(SessionEvents, LongWritesAreSummedAndLongReadsKept) {
    const std::vector<std::uint8_t> bytes(SessionEvent::kShownBytes + 1, 7);
    SessionEvent event;
    event.write = true;
    event.set_content(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
    EXPECT_TRUE(event.summed);
    EXPECT_TRUE(event.data.empty());
    event = {};
    event.set_content(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
    EXPECT_EQ(event.data, bytes);
}

TEST(SessionEvents, LinesThatMeanNothingAreRefusedWithWhatIsWrong) {
    const std::pair<const char*, const char*> wrong[] = {
        {"", "time"},
        {"x bar0 read 0 4 0", "time"},
        {"1 bar1 read 0 4 0", "bar1"},
        {"1 bar0 look 0 4 0", "neither read nor write"},
        {"1 bar0 read 0 9 0", "size"},
        {"1 bar0 read 0 0 0", "size"},
        {"1 bar0 read 0 1 100", "value of that size"},
        {"1 bar0 read -1 4 0", "offset"},
        {"1 bar0 read 0 4 0 0", "too much"},
        {"1 perst_n 2", "level"},
        {"1 dma read 0 4097 -", "length"},
        {"1 dma read 0 18446744073709551616 -", "length"},
        {"1 dma read 0 2 aabbcc", "content"},
        {"1 dma read 0 2 a", "content"},
        {"1 dma read 0 2 zz", "content"},
        {"1 dma read 0 2", "content"},
        {"1 dma read 0 2 crc32c 1", "sum"},
        {"1 dma write 0 2 crc32c 100000000", "sum"},
        {"1 message 0 100000000", "data"},
    };
    for (const auto& [line, expected] : wrong) {
        SessionEvent event;
        const std::string said = parse_event(line, event);
        EXPECT_NE(said.find(expected), std::string::npos) << line << ": " << said;
    }
    MediaContent content;
    EXPECT_NE(parse_media("1 media -1 0 4 -", content), "");
    EXPECT_NE(parse_media("1 media 1 0 1048577 -", content), "");
}

TEST(SessionEvents, NoSequenceOfBytesDoesHarm) {
    std::mt19937 random(4711);
    for (int round = 0; round < 20'000; ++round) {
        std::string line = kLines[random() % std::size(kLines)];
        for (unsigned n = random() % 4; n-- > 0;) {
            const std::size_t at = random() % (line.size() + 1);
            switch (random() % 3) {
                case 0:
                    line.insert(at, 1, static_cast<char>(random()));
                    break;
                case 1:
                    line.erase(at, random() % 5);
                    break;
                default:
                    if (at < line.size()) line[at] = "0123456789abcdef -crefusd"[random() % 25];
            }
        }
        SessionEvent event;
        MediaContent content;
        if (parse_event(line, event).empty()) {
            SessionEvent again;
            EXPECT_EQ(parse_event(to_text(event), again), "");
        }
        (void)parse_media(line, content);
    }
}

class SessionFile : public ::testing::Test {
protected:
    SessionFile() { path_ = ::testing::TempDir() + "session." + std::to_string(::getpid()); }
    ~SessionFile() override { std::remove(path_.c_str()); }

    void write(const std::string& text) const { std::ofstream(path_) << text; }
    std::vector<std::string> problems_of(const std::string& text) {
        write(text);
        std::vector<std::string> problems;
        const auto session = read_session(path_, problems);
        EXPECT_EQ(session == nullptr, !problems.empty());
        return problems;
    }

    std::string path_;
    const std::string head_ =
        "nvme-tlm session 1\n{\"configuration\":{},\"namespaces\":[{\"nsid\":1,\"lba_size\":512,"
        "\"bytes\":65536,\"read_only\":true}]}\n";
};

TEST_F(SessionFile, ReadsBackWithItsConfigurationAndWhatTheNamespacesHeld) {
    ProgramConfig config;
    config.first_controller().params.mdts = 5;
    config.run.vcd = "secret.vcd";
    std::vector<OpenNamespace> namespaces(1);
    namespaces[0].config.nsid = 3;
    namespaces[0].store = std::make_unique<media::RamStore>(1 << 20);
    SessionWriter writer(path_, config, {describe(namespaces[0], 0)});
    SessionEvent event;
    ASSERT_EQ(parse_event("5 bar0 write 14 4 1", event), "");
    writer.add(event);
    MediaContent content{7, 0, 0x200, 512, {1, 2, 3}};
    writer.add(content);
    EXPECT_EQ(writer.close(), "");

    EXPECT_TRUE(is_session_file(path_));
    std::vector<std::string> problems;
    const auto session = read_session(path_, problems);
    ASSERT_NE(session, nullptr) << problems.at(0);
    EXPECT_EQ(session->configuration.find("secret"), std::string::npos);
    ProgramConfig again;
    read_config_text(session->configuration, "session", again, problems);
    EXPECT_TRUE(problems.empty());
    EXPECT_EQ(again.first_controller().params.mdts, 5);
    ASSERT_EQ(session->events.size(), 1u);
    ASSERT_EQ(session->namespaces.size(), 1u);
    const OpenNamespace restored = open_session_namespace(*session, 0, problems);
    EXPECT_EQ(restored.config.nsid, 3u);
    std::uint8_t bytes[4] = {};
    EXPECT_EQ(restored.store->read(0x200, bytes, 4), media::IoStatus::kOk);
    EXPECT_EQ(bytes[2], 3);
}

TEST_F(SessionFile, ALineThatWasCutOffWithTheProgramDoesNotCount) {
    EXPECT_TRUE(problems_of(head_ + "1 bar0 read 0 4 0\n2 bar0 rea").empty());
    EXPECT_FALSE(problems_of(head_ + "1 bar0 read 0 4 0\n2 bar0 rea\n").empty());
}

TEST_F(SessionFile, MistakesAreListedWithTheirLines) {
    EXPECT_EQ(problems_of("").size(), 1u);
    EXPECT_NE(problems_of("nvme-tlm session 2\n").at(0).find(":1: "), std::string::npos);
    EXPECT_NE(problems_of("nvme-tlm session 1\n[]\n").at(0).find(":2: "), std::string::npos);
    EXPECT_NE(problems_of(head_).at(0).find("no events"), std::string::npos);
    const auto two = problems_of(head_ + "2 bar0 read 0 4 0\n1 bar0 read 0 4 0\nx\n");
    ASSERT_EQ(two.size(), 2u);
    EXPECT_NE(two[0].find(":4: is earlier"), std::string::npos);
    EXPECT_NE(two[1].find(":5: "), std::string::npos);
    for (const char* media :
         {"1 media 0 10000 1 aa\n", "1 media 1 0 1 aa\n", "1 media 0 ffffffffffffffff 16 aa\n"})
        EXPECT_NE(problems_of(head_ + media).at(0).find("does not hold"), std::string::npos);
    std::string many = head_;
    for (int i = 0; i < 1000; ++i) many += "x\n";
    EXPECT_EQ(problems_of(many).size(), 20u);
    EXPECT_FALSE(problems_of("nvme-tlm session 1\n{\"configuration\":{},\"namespaces\":[{\"nsid\":"
                             "0,\"lba_size\":512,\"bytes\":0}]}\n1 perst_n 0\n")
                     .empty());
}

TEST_F(SessionFile, ANamespaceThatWasWriteProtectedIsSoInTheReplay) {
    write(head_ + "1 media 0 0 512 aa\n2 perst_n 0\n");
    std::vector<std::string> problems;
    const auto session = read_session(path_, problems);
    ASSERT_NE(session, nullptr);
    ASSERT_EQ(session->namespaces.size(), 1u);
    const OpenNamespace restored = open_session_namespace(*session, 0, problems);
    EXPECT_TRUE(restored.store->read_only());
    EXPECT_EQ(restored.store->write(0, "x", 1), media::IoStatus::kReadOnly);
    std::uint8_t byte = 0;
    EXPECT_EQ(restored.store->read(0, &byte, 1), media::IoStatus::kOk);
    EXPECT_EQ(byte, 0xaa);
}

class WhatAStoreTells : public ::testing::Test {
protected:
    WhatAStoreTells() {
        auto ram = std::make_unique<media::RamStore>(1 << 20);
        const std::vector<std::uint8_t> before(4096, 0x55);
        EXPECT_EQ(ram->write(8192, before.data(), before.size()), media::IoStatus::kOk);
        store_ = std::make_unique<RecordingStore>(std::move(ram), 1, [this](MediaContent content) {
            told_.push_back(std::move(content));
        });
    }
    void read(std::uint64_t offset, std::size_t length) {
        std::vector<std::uint8_t> to(length);
        EXPECT_EQ(store_->read(offset, to.data(), length), media::IoStatus::kOk);
    }
    std::unique_ptr<RecordingStore> store_;
    std::vector<MediaContent> told_;
};

TEST_F(WhatAStoreTells, IsWhatWasThereBeforeOnceAndNoZeros) {
    read(0, 4096);
    EXPECT_TRUE(told_.empty());
    read(4096, 8192);
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_EQ(told_[0].offset, 4096u);
    read(0, 1 << 20);
    EXPECT_EQ(told_.size(), 1u);
}

TEST_F(WhatAStoreTells, IsNotWhatTheSessionWrote) {
    ASSERT_EQ(store_->write(8704, "new", 3), media::IoStatus::kOk);
    ASSERT_EQ(store_->deallocate(9216, 512), media::IoStatus::kOk);
    read(8192, 4096);
    ASSERT_EQ(told_.size(), 3u);
    EXPECT_EQ(told_[0].offset, 8192u);
    EXPECT_EQ(told_[0].length, 512u);
    EXPECT_EQ(told_[1].offset, 8707u);
    EXPECT_EQ(told_[1].length, 9216u - 8707u);
    EXPECT_EQ(told_[2].offset, 9728u);
}

TEST_F(WhatAStoreTells, IsNotWhatCameBackAfterTheEndWasCutOff) {
    ASSERT_EQ(store_->resize(8192), media::IoStatus::kOk);
    ASSERT_EQ(store_->resize(1 << 20), media::IoStatus::kOk);
    read(0, 1 << 20);
    EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace platform
