// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

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
    /// `wall` null: the clock on the wall.
    explicit ServeTest(VfioUserServerOptions options = {}, ServePace pace = ServePace::kEager,
                       WallClock* wall = nullptr);
    ~ServeTest() override;

    [[nodiscard]] std::string path() const { return directory_ + "/nvme.sock"; }

    /// Listens, runs the script, stops when it returns.
    void serve(const std::function<void()>& script);
    /// The same where it listens already: what a client has sent until now comes together.
    void run(const std::function<void()>& script);

    /// A client that has introduced itself and mapped `memory`: shared, or by messages.
    [[nodiscard]] std::unique_ptr<Client> client(bool shared = true);

    static void fill(std::uint8_t* data, std::size_t bytes, unsigned seed);
    /// Writes 16 KiB, reads them back elsewhere, compares.
    static bool round_trip(NvmeGuest& guest, unsigned seed);

    static UniqueFd bell();
    /// How often it was rung since the last call.
    static std::uint64_t rings(const UniqueFd& fd);

private:
    static std::string make_directory();
    static VfioUserServerOptions at(VfioUserServerOptions options, const std::string& path);
    const std::string directory_;

protected:
    VfioUserServer server;
    ServeLoop loop;
    GuestMemory memory{0x10'0000, NvmeGuest::kMemoryBytes};
};

}  // namespace platform::vfio_user::test
