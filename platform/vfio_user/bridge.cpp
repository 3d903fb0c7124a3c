// SPDX-License-Identifier: Apache-2.0
// The bridge's process: what arrives at the socket happens here.
#include "platform/vfio_user/bridge.h"

#include <algorithm>
#include <utility>

#include "models/util/report.h"
#include "platform/vfio_user/bell.h"
#include "platform/vfio_user/bus_error_guard.h"

namespace platform {

using vfio_user::IrqIndex;
using vfio_user::RegionIndex;

namespace {

constexpr std::uint64_t kConfigSize = 4096;
constexpr std::uint64_t kDoorbellOffset = 0x1000;
constexpr std::size_t kStackBytes = 512 * 1024;  // parses JSON
/// By the clock on the wall: what a client may make us do before others have their turn.
constexpr auto kTurn = std::chrono::microseconds(200);

vfio_user::DeviceDescription describe(const VfioUserParams& params) {
    using namespace vfio_user;
    constexpr std::uint32_t kAccess = kRegionReadable | kRegionWritable;
    const auto at = [](auto index) { return static_cast<std::size_t>(index); };
    DeviceDescription d;
    d.regions[at(RegionIndex::kBar0)] = {params.bar0_size, kAccess};
    d.regions[at(RegionIndex::kBar4)] = {params.bar4_size, kAccess};
    d.regions[at(RegionIndex::kConfig)] = {kConfigSize, kAccess};
    if (params.intx) d.irqs[at(IrqIndex::kIntx)] = {1, kIrqEventfd | kIrqMaskable | kIrqAutomasked};
    d.irqs[at(IrqIndex::kMsix)] = {params.msix_vectors, kIrqEventfd};
    d.irqs[at(IrqIndex::kError)] = {1, kIrqEventfd};
    d.irqs[at(IrqIndex::kRequest)] = {1, kIrqEventfd};
    return d;
}

}  // namespace

VfioUserBridge::VfioUserBridge(const sc_core::sc_module_name& name, const VfioUserParams& params)
    : sc_module(name),
      params_(params),
      description_(describe(params)),
      reception_(std::chrono::milliseconds(params.take_ms)) {
    dma.register_b_transport(this, &VfioUserBridge::dma_transport);
    dma.register_transport_dbg(this, &VfioUserBridge::dma_debug);
    dma.register_get_direct_mem_ptr(this, &VfioUserBridge::dma_direct);
    perst_n.initialize(true);
    SC_THREAD(serve);
    set_stack_size(kStackBytes);
    SC_METHOD(intx_changed);
    sensitive << intx;
    dont_initialize();
}

std::string VfioUserBridge::listen() {
    if (std::string wrong = vfio_user::bell::problem(); !wrong.empty()) return wrong;
    return reception_.open(params_.socket_path);
}

/// One turn for each time that the loop finds work. It does not look for more itself: a client that
/// never stops ringing would not let the simulation go on. Nor does it last until all is done: some
/// messages are a lot of work for the few bytes that they are, and other clients of the same server
/// wait meanwhile.
void VfioUserBridge::serve() {
    for (;;) {
        next_turn();
        take_doorbells();
        while (reception_.has_next() && !turn_is_over()) {
            follow_wall_clock();
            handle(reception_.next(message_));
            message_.fds.clear();  // closes what nobody wanted
        }
        if (stopping_) {
            disconnect();
            finished_ = true;
            return;
        }
    }
}

/// Everybody else who has something to do has a turn first.
void VfioUserBridge::next_turn() {
    wait(work_);
    turn_end_ = Clock::now() + kTurn;
}

void VfioUserBridge::continue_in_next_turn() {
    in_a_message_ = true;
    next_turn();
    in_a_message_ = false;
}

void VfioUserBridge::handle(Event event) {
    switch (event) {
        case Event::kConnected:
            return connect();
        case Event::kMessage:
            if (dropped_) return;
            // A doorbell in memory was written before a message that came after it.
            take_doorbells();
            if (!session_->handle(message_)) drop_client();
            replied_.notify(sc_core::SC_ZERO_TIME);
            return;
        default:
            return disconnect();
    }
}

void VfioUserBridge::connect() {
    dropped_ = false;
    ++clients_;
    complaints_.next_client();
    if (arrived_) arrived_();
    description_ = describe(params_);
    if (params_.doorbells == Doorbells::kMapped) {
        // Anew for each client: the last one can still write to its page.
        doorbells_ = std::make_unique<vfio_user::DoorbellPage>();
        const std::string wrong = doorbells_->create(kDoorbellOffset, params_.doorbell_registers);
        if (!wrong.empty()) {
            NVME_INFO(util::report::kModel, sc_core::SC_LOW, name() << ": " << wrong);
            doorbells_.reset();
            drop_client();
        } else {
            auto& region = description_.regions[static_cast<std::size_t>(RegionIndex::kBar0)];
            region.map_fd = doorbells_->fd();
            region.map_offset = kDoorbellOffset;
            region.map_size = doorbells_->size();
        }
    }
    session_.reset(new vfio_user::Session(description_, *this, *this));
    session_->irqs().set_intx_level(intx.read());
    hand_over();
}

/// The device is reset; what else a client's end means to it is the listener's matter.
void VfioUserBridge::disconnect() {
    if (!session_) return;
    session_->close();
    session_.reset();
    doorbells_.reset();
    unmapped_ = {};
    replied_.notify(sc_core::SC_ZERO_TIME);
    memory_changed_.notify(sc_core::SC_ZERO_TIME);
    if (look_at_what_is_left_) look_at_what_is_left_();
    pulse_perst();
}

void VfioUserBridge::drop_client() {
    dropped_ = true;
    reception_.hang_up();
}

bool VfioUserBridge::send(const std::uint8_t* message, std::size_t bytes, int fd) {
    const bool sent = !dropped_ && reception_.send(message, bytes, fd);
    if (!sent) drop_client();
    return sent;
}

/// What the client does now happens at this time of the wall clock, not at the time of the last
/// thing that was simulated.
void VfioUserBridge::follow_wall_clock() {
    if (wall_ == nullptr || !wall_->runs()) return;
    const util::TimePs wanted = wall_->now(), now = time_.now();
    if (wanted > now) wait(time_.to_sc(wanted - now));
}

void VfioUserBridge::take_doorbells() {
    if (!doorbells_ || !doorbells_->any()) return;
    follow_wall_clock();
    for (std::uint32_t i = 0; i < doorbells_->doorbells(); ++i) {
        std::uint32_t value = doorbells_->take(i);
        if (value == vfio_user::DoorbellPage::kTaken) continue;
        (void)transfer(tlm::TLM_WRITE_COMMAND, static_cast<std::uint32_t>(RegionIndex::kBar0),
                       kDoorbellOffset + 4 * std::uint64_t{i},
                       reinterpret_cast<std::uint8_t*>(&value), sizeof value);
    }
}

bool VfioUserBridge::find_work() {
    if (finished_) return false;
    if (const auto now = vfio_user::bus_error_guard::rescued(); now != rescued_) {
        rescued_ = now;
        if (session_ && session_->memory().torn()) drop_client();
    }
    const bool was_sending = reception_.sending();
    const bool arrived = reception_.look();
    const bool sent = was_sending && !reception_.sending();
    if (sent) replied_.notify(sc_core::SC_ZERO_TIME);
    return arrived || sent || in_a_message_ || (doorbells_ && doorbells_->any()) || stopping_;
}

VfioUserBridge::Clock::time_point VfioUserBridge::next_deadline() const {
    const auto patience = dropped_ ? Clock::time_point::max() : reception_.patience_end();
    return deadlines_.empty() ? patience : std::min(patience, *deadlines_.begin());
}

/// Whoever waits for the client longer than to its deadline finds out by itself.
void VfioUserBridge::wake_expired(Clock::time_point now) {
    if (next_deadline() > now) return;
    if (reception_.patience_end() <= now) drop_client();
    memory_changed_.notify(sc_core::SC_ZERO_TIME);
    dma_answered_.notify(sc_core::SC_ZERO_TIME);
}

void VfioUserBridge::intx_changed() {
    if (session_) session_->irqs().set_intx_level(intx.read());
}

}  // namespace platform
