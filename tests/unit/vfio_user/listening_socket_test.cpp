// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/listening_socket.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <filesystem>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace platform::vfio_user {
namespace {

class ListeningSocketTest : public ::testing::Test {
protected:
    ListeningSocketTest() : folder_(std::filesystem::temp_directory_path() / "nvme_tlm_XXXXXX") {
        EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    }
    ~ListeningSocketTest() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::string path() const { return folder_ + "/socket"; }

    /// The file of a server that died.
    void leave_stale_file() const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path().copy(address.sun_path, sizeof address.sun_path - 1);
        const UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM, 0));
        ASSERT_EQ(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
                  0);
    }
    [[nodiscard]] bool can_connect() const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path().copy(address.sun_path, sizeof address.sun_path - 1);
        const UniqueFd client(::socket(AF_UNIX, SOCK_STREAM, 0));
        return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address),
                         sizeof address) == 0;
    }

private:
    std::string folder_;
};

// Each of them used to find the file of a server that had died, or one that was bound and did not
// listen yet, took it away, and said that it listened; clients reached the last one alone.
TEST_F(ListeningSocketTest, OfManyServersThatStartAtOnceExactlyOneListens) {
    constexpr int kServers = 4;
    for (int round = 0; round < 100; ++round) {
        if (round % 2 == 0) leave_stale_file();
        std::vector<ListeningSocket> sockets(kServers);
        std::vector<std::string> said(kServers);
        std::vector<std::thread> servers;
        std::atomic<int> ready{0};
        for (int i = 0; i < kServers; ++i)
            servers.emplace_back([&, i] {
                ++ready;
                while (ready != kServers) std::this_thread::yield();
                said[i] = sockets[i].open(path());
            });
        for (std::thread& server : servers) server.join();
        int listening = 0;
        for (const std::string& text : said) {
            listening += text.empty() ? 1 : 0;
            EXPECT_TRUE(text.empty() || text == path() + ": another server listens there") << text;
        }
        ASSERT_EQ(listening, 1) << "in round " << round;
        ASSERT_TRUE(can_connect()) << "in round " << round;
    }
    EXPECT_FALSE(std::filesystem::exists(path()));
}

}  // namespace
}  // namespace platform::vfio_user
