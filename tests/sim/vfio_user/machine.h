// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "tests/sim/vfio_user/nvme_guest.h"

namespace platform::vfio_user::test {

/// A machine of its own: memory, a connection to the server, a driver.
struct Machine {
    enum class Memory : std::uint8_t {
        kShared,   ///< the server reaches it directly
        kPrivate,  ///< by messages
    };
    explicit Machine(const std::string& socket, Memory kind = Memory::kShared)
        : client(socket, &memory) {
        const int fd = kind == Memory::kShared ? memory.fd() : -1;
        EXPECT_TRUE(client.introduce());
        EXPECT_TRUE(client.map(memory.base(), memory.size(), fd));
    }
    void bring_up() {
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
    }

    GuestMemory memory{0x10'0000, NvmeGuest::kMemoryBytes};
    Client client;
    NvmeGuest guest{client, memory};
};

}  // namespace platform::vfio_user::test
