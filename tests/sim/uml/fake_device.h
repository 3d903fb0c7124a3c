// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <poll.h>
#include <sys/mman.h>

#include <array>
#include <vector>

#include "platform/uml/pcidev_message.h"
#include "platform/uml/vhost_protocol.h"
#include "tests/sim/uml/fake_calendar.h"
#include "tests/support/send_descriptors.h"

namespace platform::uml::test {

/// The device, as a guest's virtio_uml and virt-pci talk to it: memory, two queues, accesses.
class FakeDevice {
public:
    static constexpr std::uint64_t kBase = 0x10000, kBytes = 0x40000;

    explicit FakeDevice(FakeCalendar& calendar) : calendar_(calendar), fd_(connect_to("nv0")) {
        memory_fd_ = ::memfd_create("guest", 0);
        if (::ftruncate(memory_fd_, kBytes) != 0) ::abort();
        memory_ = static_cast<std::uint8_t*>(
            ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd_, 0));
        int back[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, back) != 0) ::abort();
        back_ = back[0];
        tell(VhostRequest::kSetProtocolFeatures, std::uint64_t{0x4028});
        tell(VhostRequest::kSetBackendReqFd, {}, {back[1]});
        ::close(back[1]);
        struct {
            MemoryTable table{1, 0};
            MemoryRegion region{kBase, kBytes, kBase, 0};
        } memory;
        tell(VhostRequest::kSetMemTable, memory, {memory_fd_});
        for (std::uint32_t queue = 0; queue < 2; ++queue) {
            const std::uint64_t at = kBase + 0x10000 * std::uint64_t{queue};
            tell(VhostRequest::kSetVringNum, VringState{queue, kQueueSize});
            tell(VhostRequest::kSetVringBase, VringState{queue, 0});
            tell(VhostRequest::kSetVringAddr, VringAddr{queue, 0, at, at + 0x2000, at + 0x1000, 0});
            tell(VhostRequest::kSetVringEnable, VringState{queue, 1});
        }
    }

    /// One access, with the device's answer in `room` bytes.
    void access(const PcidevHeader& header, const std::vector<std::uint8_t>& data,
                std::uint32_t room) {
        put(kMessage, header);
        std::memcpy(memory_ + (kMessage - kBase) + sizeof header, data.data(), data.size());
        const auto bytes = static_cast<std::uint32_t>(sizeof header + data.size());
        describe(0, kMessage, bytes, room != 0 ? 1 : 0, 1);
        describe(1, kAnswer, room, 2, 0);
        offer(0, 0, index_);
        tell(VhostRequest::kVringKick, VringState{0, 0});
    }

    /// Places for so many interrupts.
    void offer_places(std::uint16_t count) {
        for (std::uint16_t i = 0; i < count; ++i) {
            describe(i, kInterrupts + 32 * std::uint64_t{i}, 20, 2, 0, kQueueBytes);
            offer(i, kQueueBytes, offered_);
        }
    }
    /// Does nothing until this time, or an interrupt.
    void sleep_until(std::uint64_t ns) {
        calendar_.ask(CalendarOp::kRequest, ns);
        calendar_.ask(CalendarOp::kWait);
        for (;;) {
            std::array<pollfd, 2> sources{{{calendar_.fd(), POLLIN, 0}, {back_, POLLIN, 0}}};
            if (::poll(sources.data(), sources.size(), -1) < 0) ::_exit(0);
            if (sources[1].revents != 0)
                answer_call(true);
            else if (calendar_.receive().op == CalendarOp::kRun)
                return;
        }
    }
    /// What has come; its places are offered again.
    std::vector<InterruptMessage> take_interrupts() {
        std::vector<InterruptMessage> all;
        const std::uint64_t used = kBase + kQueueBytes + 0x2000;
        for (; get<std::uint16_t>(used + 2) != taken_; ++taken_) {
            const auto place =
                get<std::uint32_t>(used + 4 + 8 * std::uint64_t{taken_ % kQueueSize});
            all.push_back(get<InterruptMessage>(kInterrupts + 32 * std::uint64_t{place}));
            offer(static_cast<std::uint16_t>(place), kQueueBytes, offered_);
        }
        return all;
    }
    /// Of the last access.
    [[nodiscard]] std::uint8_t answer(std::size_t byte) const {
        return memory_[kAnswer - kBase + byte];
    }

    struct Nothing {};
    template <typename T>
    void tell(VhostRequest request, const T& payload, const std::vector<int>& fds = {}) {
        const std::size_t bytes = std::is_empty_v<T> ? 0 : sizeof payload;
        const VhostHeader header{static_cast<std::uint32_t>(request),
                                 kVhostVersion | kVhostNeedReply,
                                 static_cast<std::uint32_t>(bytes)};
        std::vector<std::uint8_t> message(sizeof header + bytes);
        std::memcpy(message.data(), &header, sizeof header);
        std::memcpy(message.data() + sizeof header, &payload, bytes);
        if (vfio_user::test::send_with_descriptors(fd_, message, fds) < 0) ::_exit(0);
        await_reply();
    }
    void tell(VhostRequest request, Nothing nothing, const std::vector<int>& fds) {
        tell<Nothing>(request, nothing, fds);
    }
    void put_anywhere(std::uint64_t offset, std::uint64_t value) {
        std::memcpy(memory_ + offset, &value, sizeof value);
    }
    [[nodiscard]] std::uint64_t get_anywhere(std::uint64_t offset) const {
        return get<std::uint64_t>(kBase + offset);
    }

private:
    static constexpr std::uint32_t kQueueSize = 256;
    static constexpr std::uint64_t kQueueBytes = 0x10000;  // command queue, then interrupt queue
    static constexpr std::uint64_t kMessage = kBase + 0x20000, kAnswer = kBase + 0x30000,
                                   kInterrupts = kBase + 0x38000;

    template <typename T>
    void put(std::uint64_t address, const T& value) {
        std::memcpy(memory_ + (address - kBase), &value, sizeof value);
    }
    template <typename T>
    [[nodiscard]] T get(std::uint64_t address) const {
        T value;
        std::memcpy(&value, memory_ + (address - kBase), sizeof value);
        return value;
    }
    void describe(std::uint16_t index, std::uint64_t address, std::uint32_t bytes,
                  std::uint16_t flags, std::uint16_t next, std::uint64_t queue = 0) {
        const std::uint64_t at = kBase + queue + 16 * std::uint64_t{index};
        put(at, address);
        put(at + 8, bytes);
        put(at + 12, flags);
        put(at + 14, next);
    }
    void offer(std::uint16_t head, std::uint64_t queue, std::uint16_t& index) {
        const std::uint64_t available = kBase + queue + 0x1000;
        put(available + 4 + 2 * std::uint64_t{index % kQueueSize}, head);
        put(available + 2, ++index);
    }
    void answer_call(bool run_now) {
        std::array<std::uint8_t, 20> call{};
        receive_bytes(back_, call.data(), call.size());
        const std::uint64_t now = calendar_.ask(CalendarOp::kGet);
        if (run_now) calendar_.ask(CalendarOp::kRequest, now);
        const VhostHeader header{4, kVhostVersion | kVhostReply, 8};
        std::memcpy(call.data(), &header, sizeof header);
        std::memset(call.data() + sizeof header, 0, 8);
        send_bytes(back_, call.data(), call.size());
    }
    /// Answers calls and the calendar meanwhile.
    void await_reply() {
        std::array<pollfd, 3> sources{
            {{calendar_.fd(), POLLIN, 0}, {back_, POLLIN, 0}, {fd_, POLLIN, 0}}};
        for (;;) {
            if (::poll(sources.data(), sources.size(), -1) < 0) ::_exit(0);
            if (sources[0].revents != 0) {
                (void)calendar_.receive();
            } else if (sources[1].revents != 0) {
                answer_call(false);
            } else {
                std::array<std::uint8_t, 20> reply{};
                receive_bytes(fd_, reply.data(), reply.size());
                return;
            }
        }
    }

    FakeCalendar& calendar_;
    int fd_, memory_fd_ = -1, back_ = -1;
    std::uint8_t* memory_ = nullptr;
    std::uint16_t index_ = 0, offered_ = 0, taken_ = 0;
};

}  // namespace platform::uml::test
