// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/vfio_user/serve_fixture.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "models/media/store/ram_store.h"

namespace platform::vfio_user::test {

ServeTest::ServeTest(VfioUserServerOptions options, ServePace pace, WallClock* wall)
    : directory_(make_directory()),
      server(at(std::move(options), directory_ + "/nvme.sock")),
      loop(wall == nullptr ? ServeLoop(pace) : ServeLoop(pace, *wall)) {
    loop.add(server);
    nvme::NamespaceConfig config;
    config.nsid = 1;
    config.lba_size = 512;
    EXPECT_EQ(
        server.controller().add_namespace(config, std::make_unique<media::RamStore>(16ull << 20)),
        "");
}

ServeTest::~ServeTest() {
    std::filesystem::remove_all(directory_);
}

void ServeTest::serve(const std::function<void()>& script) {
    ASSERT_EQ(server.bridge().listen(), "");
    run(script);
}

void ServeTest::run(const std::function<void()>& script) {
    std::thread client([&] {
        script();
        loop.stop().give();
    });
    loop.run();
    client.join();
}

std::unique_ptr<Client> ServeTest::client(bool shared) {
    auto c = std::make_unique<Client>(path(), &memory);
    EXPECT_TRUE(c->introduce());
    EXPECT_TRUE(c->map(memory.base(), memory.size(), shared ? memory.fd() : -1));
    return c;
}

void ServeTest::fill(std::uint8_t* data, std::size_t bytes, unsigned seed) {
    for (std::size_t i = 0; i < bytes; ++i)
        data[i] = static_cast<std::uint8_t>(i * 31 + i / 256 + seed);
}

bool ServeTest::round_trip(NvmeGuest& guest, unsigned seed) {
    constexpr std::size_t kBytes = 16384;
    std::vector<std::uint8_t> wanted(kBytes);
    fill(wanted.data(), kBytes, seed);
    std::memcpy(guest.buffer(), wanted.data(), kBytes);
    if (!guest.write(seed, kBytes / 512)) return false;
    std::memset(guest.buffer(), 0xcc, kBytes);
    if (!guest.read(seed, kBytes / 512)) return false;
    return std::memcmp(guest.buffer(), wanted.data(), kBytes) == 0;
}

UniqueFd ServeTest::bell() {
    return UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
}

std::uint64_t ServeTest::rings(const UniqueFd& fd) {
    std::uint64_t count = 0;
    return ::read(fd.get(), &count, sizeof count) == sizeof count ? count : 0;
}

std::string ServeTest::make_directory() {
    std::string name = std::filesystem::temp_directory_path() / "nvme_tlm_XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    return name;
}

VfioUserServerOptions ServeTest::at(VfioUserServerOptions options, const std::string& path) {
    options.socket_path = path;
    return options;
}

}  // namespace platform::vfio_user::test
