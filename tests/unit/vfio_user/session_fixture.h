// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "platform/vfio_user/session.h"

namespace platform::vfio_user::test {

/// A file in memory of `bytes` bytes.
inline UniqueFd memory_file(std::uint64_t bytes) {
    UniqueFd fd(::memfd_create("guest", MFD_CLOEXEC));
    EXPECT_EQ(::ftruncate(fd.get(), static_cast<off_t>(bytes)), 0);
    return fd;
}

/// Remembers what it is asked; regions are plain bytes.
class FakeDevice final : public Device {
public:
    void read_region(std::uint32_t region, std::uint64_t offset, std::uint8_t* data,
                     std::uint32_t count) override {
        for (std::uint32_t i = 0; i < count; ++i)
            data[i] = static_cast<std::uint8_t>(region * 16 + offset + i);
    }
    void write_region(std::uint32_t region, std::uint64_t offset, const std::uint8_t* data,
                      std::uint32_t count) override {
        writes.push_back({region, offset, {data, data + count}});
    }
    void outside(const RegionAccess& access) override { refused.push_back(access); }
    void reset() override { ++resets; }
    void mapped() override { ++maps; }
    void unmapping(std::uint64_t first, std::uint64_t last) override {
        unmapped.emplace_back(first, last);
    }
    void irqs_changed(IrqIndex) override { ++irq_changes; }
    void dma_answered() override { ++answers; }

    struct Write {
        std::uint32_t region;
        std::uint64_t offset;
        std::vector<std::uint8_t> data;
    };
    std::vector<Write> writes;
    std::vector<RegionAccess> refused;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> unmapped;
    int resets = 0, maps = 0, irq_changes = 0, answers = 0;
};

struct Sent {
    Header header;
    std::vector<std::uint8_t> payload;
    int fd;
};

class FakeChannel final : public Channel {
public:
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override {
        Sent s;
        std::memcpy(&s.header, message, sizeof(Header));
        s.payload.assign(message + sizeof(Header), message + bytes);
        s.fd = fd;
        EXPECT_EQ(s.header.size, bytes);
        sent.push_back(std::move(s));
        return reachable;
    }
    std::vector<Sent> sent;
    bool reachable = true;
};

template <typename... Parts>
std::vector<std::uint8_t> bytes_of(const Parts&... parts) {
    std::vector<std::uint8_t> bytes;
    const auto append = [&](const void* data, std::size_t n) {
        const auto* begin = static_cast<const std::uint8_t*>(data);
        bytes.insert(bytes.end(), begin, begin + n);
    };
    (append(&parts, sizeof parts), ...);
    return bytes;
}

/// A session of which the 64 KiB region BAR0 can be mapped from 1000h, as with mapped doorbells.
class SessionTest : public ::testing::Test {
protected:
    static DeviceDescription describe(int map_fd) {
        DeviceDescription d;
        const std::uint32_t access = kRegionReadable | kRegionWritable;
        d.regions[0] = {0x10000, access, map_fd, 0x1000, 0x1000};
        d.regions[4] = {0x2000, access};
        d.regions[7] = {0x1000, access};
        d.irqs[0] = {1, kIrqEventfd | kIrqMaskable | kIrqAutomasked};
        d.irqs[2] = {65, kIrqEventfd};
        d.irqs[3] = {1, kIrqEventfd};
        return d;
    }

    /// Hands a request over; returns whether the client may stay.
    bool request(Command command, std::vector<std::uint8_t> payload, std::vector<ClientFd> fds = {},
                 std::uint32_t flags = 0) {
        Message message;
        message.header.id = ++id;
        message.header.command = command;
        message.header.size = static_cast<std::uint32_t>(sizeof(Header) + payload.size());
        message.header.flags = flags;
        message.payload = std::move(payload);
        message.fds = std::move(fds);
        return session.handle(message);
    }
    bool request(Command command, std::vector<std::uint8_t> payload, UniqueFd fd) {
        std::vector<ClientFd> fds;
        fds.emplace_back(fd.release());
        return request(command, std::move(payload), std::move(fds));
    }

    /// The reply to the request just made.
    const Sent& answer() {
        static const Sent none{};
        if (channel.sent.empty() || channel.sent.back().header.id != id) {
            ADD_FAILURE() << "there is no reply";
            return none;
        }
        EXPECT_EQ(channel.sent.back().header.flags & kTypeMask, kTypeReply);
        return channel.sent.back();
    }
    /// 0, or the errno of an error reply, which carries nothing else.
    std::uint32_t error() {
        const Sent& a = answer();
        const bool failed = (a.header.flags & kFlagError) != 0;
        EXPECT_EQ(failed, a.header.error != 0);
        EXPECT_TRUE(!failed || a.header.size == sizeof(Header));
        return a.header.error;
    }
    void introduce() {
        ASSERT_TRUE(request(Command::kVersion, bytes_of(Version{0, 1})));
        ASSERT_EQ(error(), 0u);
    }
    static DmaMapRequest map_request(std::uint64_t address, std::uint64_t size,
                                     std::uint32_t flags = kDmaReadable | kDmaWritable,
                                     std::uint64_t offset = 0) {
        return {sizeof(DmaMapRequest), flags, offset, address, size};
    }

    UniqueFd doorbells = memory_file(0x2000);
    DeviceDescription description = describe(doorbells.get());
    FakeDevice device;
    FakeChannel channel;
    Session session{description, device, channel};
    std::uint16_t id = 0;
};

}  // namespace platform::vfio_user::test
