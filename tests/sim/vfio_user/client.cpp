// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/vfio_user/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>

#include <gtest/gtest.h>

#include "tests/support/send_descriptors.h"

namespace platform::vfio_user::test {

namespace {
constexpr int kHangMs = 30'000;
constexpr std::size_t kManyFds = 64;
}  // namespace

Client::Client(const std::string& path, GuestMemory* memory) : memory_(memory) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        fd_ = std::move(fd);
}

bool Client::readable(int ms) const {
    pollfd source{fd_.get(), POLLIN, 0};
    return ::poll(&source, 1, ms) == 1;
}

void Client::send_raw(const void* data, std::size_t bytes) {
    // The server may have hung up on a script that tests just that.
    (void)::send(fd_.get(), data, bytes, MSG_NOSIGNAL);
}

std::size_t Client::send_without_waiting(const void* data, std::size_t bytes) {
    const ssize_t sent = ::send(fd_.get(), data, bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Client::hang_up() {
    ::shutdown(fd_.get(), SHUT_RDWR);
}

std::uint16_t Client::send(Command command, const std::vector<std::uint8_t>& payload,
                           const std::vector<int>& fds, std::uint32_t flags) {
    Header header;
    if (numbers_messages) header.id = next_id_++;
    header.command = command;
    header.size = static_cast<std::uint32_t>(sizeof header + payload.size());
    header.flags = flags;
    auto message = bytes_of(header);
    message.insert(message.end(), payload.begin(), payload.end());
    if ((flags & (kTypeMask | kFlagNoReply)) == 0) ++due_;

    const ssize_t sent = send_with_descriptors(fd_.get(), message, fds);
    if (sent > 0 && static_cast<std::size_t>(sent) < message.size())
        send_raw(message.data() + sent, message.size() - static_cast<std::size_t>(sent));
    return header.id;
}

bool Client::fill(void* data, std::size_t bytes, std::vector<ClientFd>& fds) {
    auto* to = static_cast<std::uint8_t*>(data);
    while (bytes != 0) {
        alignas(cmsghdr) std::array<char, CMSG_SPACE(kManyFds * sizeof(int))> space{};
        iovec vector{to, bytes};
        msghdr in{};
        in.msg_iov = &vector;
        in.msg_iovlen = 1;
        in.msg_control = space.data();
        in.msg_controllen = space.size();
        if (!readable(kHangMs)) {
            ADD_FAILURE() << "the server says nothing";
            return false;
        }
        const ssize_t got = ::recvmsg(fd_.get(), &in, MSG_CMSG_CLOEXEC);
        if (got <= 0) return false;
        for (cmsghdr* c = CMSG_FIRSTHDR(&in); c != nullptr; c = CMSG_NXTHDR(&in, c)) {
            const std::size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            for (std::size_t i = 0; i < count; ++i) {
                int fd = -1;
                std::memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
                fds.emplace_back(fd);
            }
        }
        to += got;
        bytes -= static_cast<std::size_t>(got);
    }
    return true;
}

std::optional<Message> Client::receive() {
    Message message;
    if (!fill(&message.header, sizeof message.header, message.fds)) return std::nullopt;
    message.payload.resize(message.header.size - sizeof(Header));
    if (!fill(message.payload.data(), message.payload.size(), message.fds)) return std::nullopt;
    return message;
}

void Client::serve_dma(const Message& message) {
    overtaken += due_;
    ++dma_messages;
    EXPECT_TRUE(message.fds.empty());
    const auto access = load<DmaAccess>(message.payload);
    const bool write = message.header.command == Command::kDmaWrite;
    if (!access || (!write && message.header.command != Command::kDmaRead)) {
        ADD_FAILURE() << "the server asks for what it must not";
        return;
    }
    if (!answer_dma) return;
    std::uint8_t* place = memory_ ? memory_->at(access->address, access->count) : nullptr;
    Header header = message.header;
    header.flags = kTypeReply | (place == nullptr ? kFlagError : 0);
    header.error = place == nullptr ? ENODEV : 0;
    std::vector<std::uint8_t> payload;
    if (place != nullptr) {
        payload = bytes_of(*access);
        if (write)
            std::memcpy(place, message.payload.data() + sizeof *access, access->count);
        else
            payload.insert(payload.end(), place, place + access->count);
    }
    header.size = static_cast<std::uint32_t>(sizeof header + payload.size());
    auto reply_bytes = bytes_of(header);
    reply_bytes.insert(reply_bytes.end(), payload.begin(), payload.end());
    send_raw(reply_bytes.data(), reply_bytes.size());
}

std::optional<Message> Client::reply() {
    for (;;) {
        auto message = receive();
        if (!message) return std::nullopt;
        if ((message->header.flags & kTypeMask) == kTypeReply) {
            --due_;
            return message;
        }
        serve_dma(*message);
    }
}

Message Client::request(Command command, const std::vector<std::uint8_t>& payload,
                        const std::vector<int>& fds) {
    const std::uint16_t id = send(command, payload, fds);
    auto answer = reply();
    if (!answer) {
        ADD_FAILURE() << "no reply to command " << static_cast<int>(command);
        return {};
    }
    EXPECT_EQ(answer->header.id, id);
    EXPECT_EQ(answer->header.command, command);
    return std::move(*answer);
}

std::uint32_t Client::errno_of(Command command, const std::vector<std::uint8_t>& payload,
                               const std::vector<int>& fds) {
    return request(command, payload, fds).header.error;
}

bool Client::serve(int ms) {
    if (!readable(ms)) return false;
    const auto message = receive();
    if (!message) return false;
    EXPECT_EQ(message->header.flags & kTypeMask, kTypeRequest) << "a reply to nothing";
    serve_dma(*message);
    return true;
}

bool Client::hung_up() {
    while (const auto message = receive()) {
    }
    return !::testing::Test::HasFailure();
}

bool Client::introduce() {
    return connected() && errno_of(Command::kVersion, bytes_of(Version{0, 1})) == 0;
}

bool Client::map(std::uint64_t address, std::uint64_t size, int fd, std::uint64_t offset,
                 std::uint32_t flags) {
    const DmaMapRequest wanted{sizeof(DmaMapRequest), flags, offset, address, size};
    return errno_of(Command::kDmaMap, bytes_of(wanted),
                    fd < 0 ? std::vector<int>{} : std::vector<int>{fd}) == 0;
}

bool Client::unmap(std::uint64_t address, std::uint64_t size) {
    const DmaUnmapRequest wanted{sizeof(DmaUnmapRequest), 0, address, size};
    return errno_of(Command::kDmaUnmap, bytes_of(wanted)) == 0;
}

std::uint64_t Client::read(RegionIndex region, std::uint64_t offset, std::uint32_t count) {
    const RegionAccess access{offset, static_cast<std::uint32_t>(region), count};
    const Message answer = request(Command::kRegionRead, bytes_of(access));
    EXPECT_EQ(answer.payload.size(), sizeof access + count);
    std::uint64_t value = 0;
    if (answer.payload.size() == sizeof access + count && count <= sizeof value)
        std::memcpy(&value, answer.payload.data() + sizeof access, count);
    return value;
}

void Client::write(RegionIndex region, std::uint64_t offset, std::uint64_t value,
                   std::uint32_t count) {
    auto payload = bytes_of(RegionAccess{offset, static_cast<std::uint32_t>(region), count}, value);
    payload.resize(sizeof(RegionAccess) + count);
    EXPECT_EQ(request(Command::kRegionWrite, payload).payload.size(), sizeof(RegionAccess));
}

void Client::post(RegionIndex region, std::uint64_t offset, std::uint64_t value,
                  std::uint32_t count) {
    auto payload = bytes_of(RegionAccess{offset, static_cast<std::uint32_t>(region), count}, value);
    payload.resize(sizeof(RegionAccess) + count);
    (void)send(Command::kRegionWrite, payload, {}, kFlagNoReply);
}

std::uint32_t Client::set_irqs(std::uint32_t flags, IrqIndex index, std::uint32_t start,
                               std::uint32_t count, const std::vector<int>& fds) {
    const SetIrqs wanted{sizeof(SetIrqs), flags, static_cast<std::uint32_t>(index), start, count};
    return errno_of(Command::kDeviceSetIrqs, bytes_of(wanted), fds);
}

}  // namespace platform::vfio_user::test
