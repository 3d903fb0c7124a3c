// SPDX-License-Identifier: Apache-2.0
// A disk image that cannot grow because the file system of the computer that simulates is full.
// The host used to be told Write Fault with Do Not Retry, as of media that are worn out, and gave
// the data up, although a moment later there may be room.
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "models/media/store/file_store.h"
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint64_t kImage = 1 << 20;
constexpr std::uint64_t kRoom = kImage / 2;  // of the file system, while it is full
constexpr std::uint32_t kImageNsid = 2;
constexpr std::uint64_t kBehind = kRoom / 512 + 64;  // a block for which there is no room

class FullImage : public CommandsTest {
protected:
    explicit FullImage(const ControllerParams& params = {}) : CommandsTest(params) {
        std::signal(SIGXFSZ, SIG_IGN);
        EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
        EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &usual_), 0);
        std::string error;
        auto store = media::FileStore::create(folder_ + "/disk.img", kImage, error);
        EXPECT_NE(store, nullptr) << error;
        NamespaceConfig config;
        config.nsid = kImageNsid;
        EXPECT_EQ(controller.add_namespace(config, std::move(store)), "");
    }
    ~FullImage() override {
        full(false);
        std::filesystem::remove_all(folder_);
    }
    /// The file system has no room behind kRoom, or has room again.
    void full(bool now) {
        rlimit limit = usual_;
        if (now) limit.rlim_cur = kRoom;
        EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    }
    static void expect_try_again(const Completion& completion) {
        EXPECT_EQ(status(completion), StatusCode::kWriteFault);
        EXPECT_FALSE(completion.do_not_retry);
    }
    std::uint64_t media_errors() {
        return log_page<spec::SmartLog>(spec::LogId::kSmartHealth).media_errors.low;
    }

private:
    std::string folder_ = (std::filesystem::temp_directory_path() / "full-image.XXXXXX").string();
    rlimit usual_{};
};

ControllerParams without_cache() {
    ControllerParams params;
    params.write_cache_bytes = 0;
    return params;
}

class FullImageWithoutCache : public FullImage {
protected:
    FullImageWithoutCache() : FullImage(without_cache()) {}
};

TEST_F(FullImageWithoutCache, RefusesWhatItHasNoRoomForAndTakesItWhenThereIsRoomAgain) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 1), in = driver.allocate(4096);
        full(true);
        EXPECT_TRUE(driver.write(kImageNsid, 0, 8, data).ok()) << "there is room for this one";
        expect_try_again(driver.write(kImageNsid, kBehind, 8, data));
        EXPECT_TRUE(driver.flush(kImageNsid).ok()) << "what was acknowledged is safe";
        EXPECT_EQ(media_errors(), 0u) << "no data was damaged";
        full(false);
        EXPECT_TRUE(driver.write(kImageNsid, kBehind, 8, data).ok());
        ASSERT_TRUE(driver.read(kImageNsid, kBehind, 8, in).ok());
        EXPECT_TRUE(same(in, data, 4096));
    });
}

// With a cache the host is told when the data has to move: by the Flush, by a write that needs the
// room, and at once with FUA.
TEST_F(FullImage, LetsTheCacheTakeAWriteAndTellsTheFlushThatItIsNotDurable) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 2), in = driver.allocate(4096);
        full(true);
        EXPECT_TRUE(driver.write(kImageNsid, kBehind, 8, data).ok());
        expect_try_again(driver.flush(kImageNsid));
        expect_try_again(driver.write(kImageNsid, kBehind + 8, 8, data, true));
        expect_try_again(driver.set_features(spec::FeatureId::kVolatileWriteCache, 0, false));
        ASSERT_TRUE(driver.read(kImageNsid, kBehind, 8, in).ok());
        EXPECT_TRUE(same(in, data, 4096)) << "nothing that was acknowledged is lost";
        full(false);
        EXPECT_TRUE(driver.flush(kImageNsid).ok());
        power_cycle();
        ASSERT_TRUE(driver.read(kImageNsid, kBehind, 8, in).ok());
        EXPECT_TRUE(same(in, data, 4096));
    });
}

class FullImageWithSmallCache : public FullImage {
protected:
    FullImageWithSmallCache()
        : FullImage([] {
              ControllerParams params;
              params.write_cache_bytes = 8192;
              return params;
          }()) {}
};

TEST_F(FullImageWithSmallCache, TellsTheWriteThatNeedsTheRoomAndKeepsWhatWasAcknowledged) {
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 3), in = driver.allocate(4096);
        full(true);
        for (unsigned i = 0; i < 2; ++i)
            EXPECT_TRUE(driver.write(kImageNsid, kBehind + 8 * i, 8, data).ok());
        expect_try_again(driver.write(kImageNsid, 0, 8, data));
        full(false);
        EXPECT_TRUE(driver.write(kImageNsid, 0, 8, data).ok());
        for (const std::uint64_t lba : {std::uint64_t{0}, kBehind, kBehind + 8}) {
            ASSERT_TRUE(driver.read(kImageNsid, lba, 8, in).ok());
            EXPECT_TRUE(same(in, data, 4096)) << lba;
        }
    });
}

TEST_F(FullImage, MayStillForgetAndZeroWhatItHolds) {
    simulate([this] {
        bring_up();
        full(true);
        EXPECT_TRUE(driver.write_zeroes(kImageNsid, 8, 8).ok());
        const Completion beyond = driver.write_zeroes(kImageNsid, kBehind, 8);
        // Where holes can be punched that takes no room; where they cannot, zeros are written.
        if (!beyond.ok()) expect_try_again(beyond);
    });
}

}  // namespace
}  // namespace nvme::test
