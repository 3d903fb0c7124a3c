// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <thread>

#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {

/// Two controllers in one server: whatever the client of one does, the client of the other is
/// served. Nothing is measured: a server that stops is a hang.
class Neighbours : public ServeTest {
protected:
    Neighbours() : ServeTest(endlessly_patient()) {
        loop.add(second_);
        EXPECT_EQ(second_.bridge().listen(), "");
    }

    /// A client that takes nothing is not hung up on while these tests last.
    static VfioUserServerOptions endlessly_patient() {
        VfioUserServerOptions options;
        options.take_ms = 3'600'000;
        return options;
    }
    VfioUserServerOptions second_options() {
        VfioUserServerOptions options = endlessly_patient();
        options.number = 1;
        options.socket_path = path() + "2";
        return options;
    }

    /// The other client gets answers.
    void expect_service() {
        Client other(path() + "2");
        ASSERT_TRUE(other.introduce());
        other.write(RegionIndex::kConfig, 4, 6, 2);
        for (int i = 0; i < 50; ++i)
            ASSERT_EQ(other.read(RegionIndex::kBar0, 8, 4), 0x20000u) << "VS";
    }

    /// The same, while a client of the first controller sends one request again and again.
    void expect_service_during(Command command, const std::vector<std::uint8_t>& payload,
                               std::uint32_t flags) {
        serve([&] {
            Client storm(path());
            ASSERT_TRUE(storm.introduce());
            storm.write(RegionIndex::kConfig, 4, 6, 2);
            std::atomic<bool> enough{false};
            std::thread sender([&] {
                while (!enough) storm.send(command, payload, {}, flags);
            });
            expect_service();
            enough = true;
            storm.hang_up();
            sender.join();
        });
    }

private:
    VfioUserServer second_{second_options()};
};

}  // namespace platform::vfio_user::test
