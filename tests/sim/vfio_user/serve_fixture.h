// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "models/media/ram_store.h"
#include "platform/vfio_user/serve_loop.h"
#include "platform/vfio_user/server.h"
#include "tests/sim/support/sim_test.h"
#include "tests/sim/vfio_user/client.h"
#include "tests/sim/vfio_user/nvme_guest.h"

namespace platform::vfio_user::test {

inline VfioUserServerOptions with(Doorbells doorbells, bool intx = false) {
    VfioUserServerOptions options;
    options.doorbells = doorbells;
    options.controller.intx = intx;
    return options;
}

/// A server with one namespace of 16 MiB, and scripts that are its clients: they run in a thread of
/// their own, the simulation in this one.
class ServeTest : public nvme::test::SimTest {
protected:
    explicit ServeTest(VfioUserServerOptions options = {}, ServePace pace = ServePace::kAsap)
        : directory_(make_directory()),
          server(at(std::move(options), directory_ + "/nvme.sock")),
          loop(pace) {
        loop.add(server.bridge());
        nvme::NamespaceConfig config;
        config.nsid = 1;
        config.lba_size = 512;
        EXPECT_EQ(server.controller().add_namespace(config,
                                                    std::make_unique<media::RamStore>(16ull << 20)),
                  "");
    }
    ~ServeTest() override { std::filesystem::remove_all(directory_); }

    [[nodiscard]] std::string path() const { return directory_ + "/nvme.sock"; }

    /// Listens, runs the script, stops when it returns.
    void serve(const std::function<void()>& script) {
        ASSERT_EQ(server.bridge().listen(), "");
        run(script);
    }
    /// The same where it listens already: what a client has sent until now comes together.
    void run(const std::function<void()>& script) {
        std::thread client([&] {
            script();
            loop.request_stop();
        });
        loop.run();
        client.join();
    }

    /// A client that has introduced itself and mapped `memory`: shared, or by messages.
    [[nodiscard]] std::unique_ptr<Client> client(bool shared = true) {
        auto c = std::make_unique<Client>(path(), &memory);
        EXPECT_TRUE(c->introduce());
        EXPECT_TRUE(c->map(memory.base(), memory.size(), shared ? memory.fd() : -1));
        return c;
    }

    static void fill(std::uint8_t* data, std::size_t bytes, unsigned seed) {
        for (std::size_t i = 0; i < bytes; ++i)
            data[i] = static_cast<std::uint8_t>(i * 31 + i / 256 + seed);
    }
    /// Writes 16 KiB, reads them back elsewhere, compares.
    static bool round_trip(NvmeGuest& guest, unsigned seed) {
        constexpr std::size_t kBytes = 16384;
        std::vector<std::uint8_t> wanted(kBytes);
        fill(wanted.data(), kBytes, seed);
        std::memcpy(guest.buffer(), wanted.data(), kBytes);
        if (!guest.write(seed, kBytes / 512)) return false;
        std::memset(guest.buffer(), 0xcc, kBytes);
        if (!guest.read(seed, kBytes / 512)) return false;
        return std::memcmp(guest.buffer(), wanted.data(), kBytes) == 0;
    }

    static UniqueFd bell() { return UniqueFd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }
    /// How often it was rung since the last call.
    static std::uint64_t rings(const UniqueFd& fd) {
        std::uint64_t count = 0;
        return ::read(fd.get(), &count, sizeof count) == sizeof count ? count : 0;
    }

private:
    static std::string make_directory() {
        std::string name = std::filesystem::temp_directory_path() / "nvme_tlm_XXXXXX";
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        return name;
    }
    static VfioUserServerOptions at(VfioUserServerOptions options, const std::string& path) {
        options.socket_path = path;
        return options;
    }
    const std::string directory_;

protected:
    VfioUserServer server;
    ServeLoop loop;
    GuestMemory memory{0x10'0000, NvmeGuest::kMemoryBytes};
};

}  // namespace platform::vfio_user::test
