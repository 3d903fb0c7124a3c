// SPDX-License-Identifier: Apache-2.0
// What the guest does to the device.
#include "platform/uml/pci_device.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "platform/modules/payload.h"

namespace platform::uml {

namespace {

/// A guest's queue of commands has 256 places or fewer in which writes stay until it looks.
constexpr unsigned kMostUnreaped = 64;
/// After that time a write to a register has done what it does to a pin.
constexpr double kUntilEffectNs = 1000;

}  // namespace

PciDevice::PciDevice(const sc_core::sc_module_name& name) : sc_module(name) {
    dma.register_b_transport(this, &PciDevice::dma_transport);
    dma.register_transport_dbg(this, &PciDevice::dma_debug);
    dma.register_get_direct_mem_ptr(this, &PciDevice::dma_direct);
    SC_METHOD(intx_rises);
    sensitive << intx.pos();
    dont_initialize();
    SC_METHOD(look_at_intx_again);
    sensitive << registers_written_;
    dont_initialize();
}

void PciDevice::listen(std::unique_ptr<vfio_user::ListeningSocket> socket,
                       std::chrono::milliseconds patience) {
    listening_ = std::move(socket);
    patience_ = patience;
}

std::string PciDevice::connect() {
    vfio_user::ClientFd fd(
        ::accept4(listening_->fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return std::string{"accept: "} + std::strerror(errno);
    guest_ = GuestSocket(std::move(fd), patience_);
    listening_.reset();  // a guest that begins anew finds nobody
    return {};
}

std::string PciDevice::serve(GuestTime& time) {
    if (!guest_) return connect();
    message_.fds.clear();
    std::string wrong = guest_.read(&message_.header, sizeof message_.header, &message_.fds);
    if (!wrong.empty()) return wrong;
    if (!receivable(message_.header)) return "the guest sends what is no vhost-user message";
    message_.payload.resize(message_.header.size);
    wrong = guest_.read(message_.payload.data(), message_.payload.size(), &message_.fds);
    if (!wrong.empty()) return wrong;

    // Nothing may point to the memory of before any more.
    if (message_.header.request == static_cast<std::uint32_t>(VhostRequest::kSetMemTable))
        dma->invalidate_direct_mem_ptr(0, ~std::uint64_t{0});
    const VhostUser::Answer answer = vhost_.handle(message_);
    if (!answer.problem.empty()) return answer.problem;
    if (vhost_.backend()) backend_ = GuestSocket(vhost_.take_backend(), patience_);
    if (answer.kicked == VhostUser::kCommandQueue) wrong = take_commands(time);
    if (!wrong.empty() || !answer.reply) return wrong;
    const auto reply = reply_bytes(message_.header.request, *answer.reply);
    return guest_.write(reply.data(), reply.size());
}

/// The guest stands still until the reply to its kick, so all of this happens at one moment.
std::string PciDevice::take_commands(GuestTime& time) {
    Virtqueue& queue = vhost_.queue(VhostUser::kCommandQueue);
    while (const auto chain = queue.pop())
        if (std::string wrong = command(*chain); !wrong.empty()) return wrong;
    if (queue.broken()) return "the guest's queue of commands makes no sense";
    if (std::string wrong = time.after_access(); !wrong.empty()) return wrong;
    if (unreaped_ < kMostUnreaped) return {};
    // The guest does not look by itself until it reads, and drops what it has no place for.
    unreaped_ = 0;
    return call(VhostUser::kCommandQueue, time);
}

std::string PciDevice::command(const Virtqueue::Chain& chain) {
    auto access = decode_access(chain.readable, chain.room());
    if (!access) return "the guest sends what is no access to a PCI device";
    perform(*access);
    std::uint32_t written = 0;
    if (access->write) {
        ++unreaped_;
    } else {
        chain.write(access->data.data(), access->data.size());
        written = access->size;
        unreaped_ = 0;
    }
    vhost_.queue(VhostUser::kCommandQueue).push(chain, written);
    return {};
}

/// As a series of accesses that a device has to understand. What it refuses is not written, and
/// reads as all ones.
void PciDevice::perform(PcidevAccess& access) {
    const std::uint32_t widest = access.space == PcidevAccess::Space::kConfig ? 4 : 8;
    const tlm::tlm_command direction =
        access.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND;
    for (std::uint32_t done = 0; done != access.size;) {
        const std::uint64_t address = access.address + done;
        const std::uint32_t size = aligned_piece(address, access.size - done, widest);
        std::uint8_t* const data = access.data.data() + done;
        if (!transfer(direction, access, address, data, size) && !access.write)
            std::fill_n(data, size, std::uint8_t{0xff});
        done += size;
    }
    const bool registers = access.space == PcidevAccess::Space::kBar && access.bar == 0;
    if (access.write && registers && intx.read())
        registers_written_.notify(kUntilEffectNs, sc_core::SC_NS);
}

bool PciDevice::transfer(tlm::tlm_command command, const PcidevAccess& access,
                         std::uint64_t address, std::uint8_t* data, std::uint32_t count) {
    tlm::tlm_generic_payload trans;
    prepare(trans, command, address, data, count);
    sc_core::sc_time delay;
    if (access.space == PcidevAccess::Space::kConfig)
        config->b_transport(trans, delay);
    else if (access.bar == 0)
        bar0->b_transport(trans, delay);
    else if (access.bar == 4)
        bar4->b_transport(trans, delay);
    return trans.is_response_ok();
}

std::string PciDevice::call(std::uint32_t queue, GuestTime& time) {
    if (!backend_) return "the guest has given no way to call it";
    const auto bytes = call_bytes(queue);
    std::string wrong = backend_.write(bytes.data(), bytes.size());
    if (wrong.empty()) wrong = time.await(backend_.fd());
    std::array<std::uint8_t, kCallReplyBytes> reply{};
    if (wrong.empty()) wrong = backend_.read(reply.data(), reply.size());
    if (wrong.empty() && !is_good_call_reply(reply)) wrong = "the guest refuses a call";
    return wrong;
}

}  // namespace platform::uml
