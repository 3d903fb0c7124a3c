// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/file_store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "tests/unit/media/bytes.h"

namespace media::test {
namespace {

namespace fs = std::filesystem;

class FileStoreTest : public testing::Test {
protected:
    FileStoreTest() {
        std::string name = (fs::temp_directory_path() / "nvme_tlm_file_store_XXXXXX").string();
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    ~FileStoreTest() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string path(const char* name = "disk.img") const { return folder_ / name; }
    std::unique_ptr<FileStore> create(std::uint64_t size) {
        std::unique_ptr<FileStore> store = FileStore::create(path(), size, error);
        EXPECT_NE(store, nullptr) << error;
        return store;
    }

    std::string error;

private:
    fs::path folder_;
};

TEST_F(FileStoreTest, KeepsItsBytesOverCloseAndOpen) {
    {
        const auto store = create(10'001);
        ASSERT_EQ(put(*store, 5'000, filled(5'001, 4)), IoStatus::kOk);
        ASSERT_EQ(store->flush(), IoStatus::kOk);
    }
    const auto store = FileStore::open(path(), false, error);
    ASSERT_NE(store, nullptr) << error;
    EXPECT_EQ(store->size(), 10'001u);
    EXPECT_EQ(content(*store, 0, 5'000), filled(5'000, 0));
    EXPECT_EQ(content(*store, 5'000, 5'001), filled(5'001, 4));
}

TEST_F(FileStoreTest, RefusesEveryAccessThatLeavesTheStore) {
    const auto store = create(4096);
    Bytes bytes = filled(16, 1);
    EXPECT_EQ(store->write(4081, bytes.data(), 16), IoStatus::kOutOfRange);
    EXPECT_EQ(store->read(~0ull, bytes.data(), 16), IoStatus::kOutOfRange);
    EXPECT_EQ(store->deallocate(4096, 1), IoStatus::kOutOfRange);
    EXPECT_EQ(fs::file_size(path()), 4096u);
}

TEST_F(FileStoreTest, OpenedReadOnlyCanBeReadAndNeverChanged) {
    {
        const auto writer = create(4096);
        ASSERT_EQ(put(*writer, 0, filled(4096, 8)), IoStatus::kOk);
    }
    const auto store = FileStore::open(path(), true, error);
    ASSERT_NE(store, nullptr) << error;
    EXPECT_TRUE(store->read_only());
    EXPECT_EQ(put(*store, 0, filled(16, 1)), IoStatus::kReadOnly);
    EXPECT_EQ(store->deallocate(0, 512), IoStatus::kReadOnly);
    EXPECT_EQ(store->resize(512), IoStatus::kReadOnly);
    EXPECT_EQ(store->flush(), IoStatus::kOk);
    EXPECT_EQ(content(*store, 0, 4096), filled(4096, 8));
}

TEST_F(FileStoreTest, TellsASecondWriterThatTheImageIsInUse) {
    auto first = create(4096);
    EXPECT_EQ(FileStore::open(path(), false, error), nullptr);
    EXPECT_NE(error.find("in use"), std::string::npos) << error;
    EXPECT_NE(error.find(path()), std::string::npos) << error;
    EXPECT_EQ(FileStore::open(path(), true, error), nullptr);
    first.reset();
    EXPECT_NE(FileStore::open(path(), false, error), nullptr);
}

TEST_F(FileStoreTest, LetsManyReadersShareAnImageAndKeepsWritersOut) {
    create(4096);
    const auto first = FileStore::open(path(), true, error);
    const auto second = FileStore::open(path(), true, error);
    EXPECT_NE(first, nullptr);
    EXPECT_NE(second, nullptr);
    EXPECT_EQ(FileStore::open(path(), false, error), nullptr);
}

TEST_F(FileStoreTest, NamesThePathAndTheReasonWhenItCannotBeOpened) {
    EXPECT_EQ(FileStore::open(path("missing"), false, error), nullptr);
    EXPECT_NE(error.find("missing"), std::string::npos) << error;
    EXPECT_NE(error.find("No such file"), std::string::npos) << error;

    EXPECT_EQ(FileStore::open("/dev/null", true, error), nullptr);
    EXPECT_NE(error.find("neither a regular file nor a block device"), std::string::npos) << error;
    EXPECT_EQ(FileStore::open(fs::path(path()).parent_path(), true, error), nullptr);

    ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
    EXPECT_EQ(FileStore::open(path("fifo"), true, error), nullptr);  // and it does not hang
}

TEST_F(FileStoreTest, CreateLeavesAnExistingFileAlone) {
    put(*create(512), 0, filled(512, 1));
    EXPECT_EQ(FileStore::create(path(), 1024, error), nullptr);
    EXPECT_EQ(fs::file_size(path()), 512u);
    EXPECT_EQ(FileStore::create(path("huge"), ~0ull, error), nullptr);
    EXPECT_FALSE(fs::exists(path("huge")));
}

TEST_F(FileStoreTest, DeallocatesExactlyTheRange) {
    constexpr std::size_t kSize = 1 << 20;
    const auto store = create(kSize);
    ASSERT_EQ(put(*store, 0, filled(kSize, 2)), IoStatus::kOk);
    ASSERT_EQ(store->deallocate(100, kSize - 300), IoStatus::kOk);
    ASSERT_EQ(store->deallocate(50, 0), IoStatus::kOk);
    Bytes expected = filled(kSize, 2);
    std::fill(expected.begin() + 100, expected.end() - 200, std::byte{0});
    EXPECT_EQ(content(*store, 0, kSize), expected);
    EXPECT_EQ(fs::file_size(path()), kSize);
}

TEST_F(FileStoreTest, GrowsWithZerosAndShrinks) {
    const auto store = create(1000);
    ASSERT_EQ(put(*store, 0, filled(1000, 2)), IoStatus::kOk);
    ASSERT_EQ(store->resize(100), IoStatus::kOk);
    ASSERT_EQ(store->resize(2000), IoStatus::kOk);
    EXPECT_EQ(store->size(), 2000u);
    EXPECT_EQ(content(*store, 0, 100), filled(100, 2));
    EXPECT_EQ(content(*store, 100, 1900), filled(1900, 0));
    EXPECT_EQ(store->resize(~0ull), IoStatus::kWriteError);
    EXPECT_EQ(store->size(), 2000u);
}

TEST_F(FileStoreTest, ReportsAReadErrorWhenTheFileWasCutBehindItsBack) {
    const auto store = create(8192);
    ASSERT_EQ(::truncate(path().c_str(), 4096), 0);
    Bytes bytes = filled(4096, 0);
    EXPECT_EQ(store->read(4096, bytes.data(), 4096), IoStatus::kReadError);
    EXPECT_EQ(store->read(2048, bytes.data(), 4096), IoStatus::kReadError);
    EXPECT_EQ(store->read(0, bytes.data(), 4096), IoStatus::kOk);
}

}  // namespace
}  // namespace media::test
