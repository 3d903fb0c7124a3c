// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/registers.h"
#include "platform/driver/command_builders.h"
#include "platform/driver/driver_queues.h"
#include "platform/driver/driver_types.h"
#include "platform/driver/host_costs.h"
#include "platform/driver/host_memory_allocator.h"
#include "platform/driver/pci_function.h"
#include "platform/driver/shadow_buffers.h"
#include "platform/modules/host_platform.h"

namespace platform {

enum class InterruptMode : std::uint8_t {
    kMsix,    ///< a message for each vector
    kIntx,    ///< one level-triggered wire, masked with INTMS while it is served
    kPolled,  ///< none; waiters look at the queues every poll interval
};

struct DriverOptions {
    HostCosts costs{};
    InterruptMode interrupts = InterruptMode::kMsix;
    std::uint16_t vectors = 16;       ///< MSI-X vectors wanted; fewer where the device has fewer
    std::uint32_t admin_depth = 32;   ///< entries of both admin queues, 2 to 4096
    std::uint32_t page_bytes = 4096;  ///< memory page size (CC.MPS); raised to the device's minimum
    bool weighted_round_robin = false;         ///< CC.AMS, where CAP.AMS offers it
    std::uint64_t command_timeout_ms = 5'000;  ///< where a call names no other
    /// create_io_queues() asks for shadow doorbells at its end, where the controller has them.
    ShadowedQueues shadowed = ShadowedQueues::kNone;
    RingRule ring_rule = RingRule::kModulo65536;
    /// Host RAM that the driver may use. Size 0: an equal share of RAM for each endpoint.
    std::uint64_t memory_base = 0;
    std::uint64_t memory_bytes = 0;
};

/// One completion queue. `vector` counts from the first MSI-X vector of the device.
struct CqOptions {
    std::uint16_t qid = 1;
    std::uint32_t depth = 256;  ///< entries, 2 to 65536
    std::uint16_t vector = 0;
    bool interrupts = true;
};

struct SqOptions {
    std::uint16_t qid = 1;
    std::uint32_t depth = 256;  ///< entries, 2 to 65536
    std::uint16_t cqid = 1;
    spec::QueuePriority priority = spec::QueuePriority::kUrgent;
};

/// A submission queue with its completion queue. An existing `cqid` is shared.
struct QueuePairOptions {
    std::uint16_t qid = 1;
    std::uint32_t depth = 256;   ///< of the submission queue
    std::uint32_t cq_depth = 0;  ///< 0: as depth
    std::uint16_t cqid = 0;      ///< 0: as qid
    std::uint16_t vector = 0;
    bool interrupts = true;
    spec::QueuePriority priority = spec::QueuePriority::kUrgent;
};

enum class Doorbell : std::uint8_t { kNow, kLater };

/// Reference NVMe driver, written from the host's side of the specification. A plain class that is
/// called from SC_THREADs, any number of them; a call returns when what it does is done in
/// simulated time, or fails with a DriverError after a time-out: it never hangs and never throws.
///
/// Queues and data lie in host RAM, which the driver reads and writes directly, as a CPU does
/// through its cache; registers and doorbells are accessed by TLM. submit(), ring(), poll() and
/// wait() allocate nothing once each command identifier has been used with its largest transfer.
class HostDriver {
public:
    HostDriver(HostPlatform& platform, unsigned endpoint, const DriverOptions& options = {});
    ~HostDriver();
    HostDriver(const HostDriver&) = delete;
    HostDriver& operator=(const HostDriver&) = delete;

    // --- Bring-up and reset (bring_up.cpp, resets.cpp) ---

    /// Finds the device, assigns BARs, sets up MSI-X. Again after every reset that reaches PCIe.
    [[nodiscard]] DriverError enumerate();
    /// Resets the controller if it runs, sets up the admin queue and waits until it is ready.
    [[nodiscard]] DriverError enable();
    /// enumerate(), enable() and Identify Controller.
    [[nodiscard]] DriverError bring_up();

    /// CC.EN = 0. All queues are gone afterwards; commands that were outstanding end as kAborted.
    [[nodiscard]] DriverError disable();
    /// Deletes the I/O queues (normal shutdown only), then CC.SHN and waits for CSTS.SHST.
    [[nodiscard]] DriverError shutdown(spec::Shn how = spec::Shn::kNormal);
    /// The following resets take queues and PCIe configuration with them: enumerate() and enable()
    /// bring the device back.
    [[nodiscard]] DriverError subsystem_reset();
    [[nodiscard]] DriverError function_level_reset();
    /// PERST# of the slot, low for 100 us.
    void fundamental_reset();
    /// Tells the driver that the device was reset by someone else: as disable(), without MMIO.
    void forget_everything();

    // --- Queues (queues.cpp) ---

    /// Set Features (Number of Queues), then `count` pairs 1 to count, or as many as the controller
    /// grants. Vectors are dealt out in turn. Returns kNone when at least one pair was created.
    [[nodiscard]] DriverError create_io_queues(std::uint16_t count, std::uint32_t depth,
                                               bool interrupts = true);
    /// Doorbell Buffer Config, with new buffers. They are in use when it succeeds, until a reset.
    [[nodiscard]] Completion use_shadow_doorbells(ShadowedQueues which);
    [[nodiscard]] Completion create_cq(const CqOptions& options);
    [[nodiscard]] Completion create_sq(const SqOptions& options);
    [[nodiscard]] Completion create_queue_pair(const QueuePairOptions& options);
    [[nodiscard]] Completion delete_sq(std::uint16_t qid);
    [[nodiscard]] Completion delete_cq(std::uint16_t qid);
    /// The submission queue, and its completion queue unless another one completes there.
    [[nodiscard]] Completion delete_queue_pair(std::uint16_t qid);
    [[nodiscard]] std::vector<std::uint16_t> io_queues() const;
    [[nodiscard]] const SubmissionQueue* find_sq(std::uint16_t qid) const;
    [[nodiscard]] const CompletionQueue* find_cq(std::uint16_t qid) const;

    // --- Commands (commands.cpp) ---

    /// Puts a command into a queue; does not wait for it. With `data`, the PRPs are filled in. A
    /// command with `on_completion` ends by that call, any other by wait() on its ticket.
    Ticket submit(std::uint16_t qid, const spec::SubmissionEntry& entry, const Transfer& data = {},
                  const OnCompletion& on_completion = {}, Doorbell doorbell = Doorbell::kNow);
    /// Writes the tail doorbell if there is something new.
    void ring(std::uint16_t qid);
    /// Takes what has completed, without waiting; rings the head doorbell. `qid` is that of a
    /// submission queue. Returns how many completions of its completion queue were taken.
    unsigned poll(std::uint16_t qid);
    /// Waits until something completes in the completion queue that `qid` uses. Returns how many
    /// did, 0 after the time-out or when the queue is gone.
    unsigned wait_any(std::uint16_t qid, const sc_core::sc_time& timeout);
    unsigned wait_any(std::uint16_t qid) { return wait_any(qid, default_timeout_); }
    /// Waits for one command. After kTimedOut the ticket is still good.
    Completion wait(const Ticket& ticket, const sc_core::sc_time& timeout);
    Completion wait(const Ticket& ticket) { return wait(ticket, default_timeout_); }
    /// Gives up a ticket: its completion, now or later, is thrown away.
    void abandon(const Ticket& ticket);
    /// True when wait() would return at once.
    [[nodiscard]] bool done(const Ticket& ticket) const;
    /// submit() and wait(); when the queue is full, waits for room.
    Completion execute(std::uint16_t qid, const spec::SubmissionEntry& entry,
                       const Transfer& data = {});

    // --- Admin commands (admin.cpp) ---

    Completion admin(const spec::SubmissionEntry& entry, const Transfer& data = {}) {
        return execute(0, entry, data);
    }
    /// With data in ordinary memory of `bytes` bytes, copied through a buffer of the driver.
    Completion admin_read(const spec::SubmissionEntry& entry, void* out, std::uint64_t bytes);
    Completion admin_write(const spec::SubmissionEntry& entry, const void* in, std::uint64_t bytes);

    /// `out` has 4096 bytes.
    Completion identify(spec::Cns cns, std::uint32_t nsid, void* out,
                        spec::Csi csi = spec::Csi::kNvm, std::uint16_t cntid = 0);
    Completion identify_controller(spec::IdentifyController& out);
    Completion identify_namespace(std::uint32_t nsid, spec::IdentifyNamespace& out);
    Completion active_namespaces(std::vector<std::uint32_t>& out);
    Completion get_log_page(const commands::LogRequest& request, void* out);
    Completion set_features(spec::FeatureId fid, std::uint32_t cdw11, bool save = false);
    Completion get_features(spec::FeatureId fid,
                            spec::FeatureSelect select = spec::FeatureSelect::kCurrent,
                            std::uint32_t cdw11 = 0);

    // --- NVM commands (io.cpp): on queue `qid`, 0 = the first I/O queue; blocks 1 to 65536 ---
    // Those with data ask for the block size of the namespace first, and end as kBadArgument when
    // that fails or the buffer is too small. execute() sends anything.

    Completion read(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                    const DmaBuffer& buffer, std::uint16_t qid = 0);
    Completion write(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                     const DmaBuffer& buffer, bool fua = false, std::uint16_t qid = 0);
    Completion compare(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                       const DmaBuffer& buffer, std::uint16_t qid = 0);
    Completion verify(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                      std::uint16_t qid = 0);
    Completion write_zeroes(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                            bool deallocate = false, std::uint16_t qid = 0);
    Completion flush(std::uint32_t nsid, std::uint16_t qid = 0);
    /// Deallocates 1 to 256 ranges.
    Completion dataset_management(std::uint32_t nsid, const std::vector<spec::DsmRange>& ranges,
                                  std::uint16_t qid = 0);
    /// Bytes of a logical block, from Identify Namespace; asked once. 0 when that fails.
    [[nodiscard]] std::uint32_t block_bytes(std::uint32_t nsid);

    // --- Reservations (reservations.cpp): on queue `qid`, 0 = the first I/O queue ---
    // A host identifies itself first. Each namespace has registrants with keys of their choice, and
    // perhaps one reservation.

    /// Host Identifier of 128 bits, or of 64, which are the first eight bytes.
    Completion set_host_identifier(const HostId& id, bool extended = true);
    Completion get_host_identifier(HostId& out, bool extended = true);

    Completion reservation_register(std::uint32_t nsid, std::uint64_t key,
                                    spec::ChangePtpl ptpl = spec::ChangePtpl::kNoChange,
                                    std::uint16_t qid = 0);
    Completion reservation_unregister(std::uint32_t nsid, std::uint64_t key, std::uint16_t qid = 0);
    Completion reservation_replace(std::uint32_t nsid, std::uint64_t key, std::uint64_t new_key,
                                   std::uint16_t qid = 0);
    Completion reservation_acquire(std::uint32_t nsid, spec::ReservationType type,
                                   std::uint64_t key, std::uint16_t qid = 0);
    /// Takes registration, and reservation if it is that, from the hosts with `victim_key`. With
    /// `abort` their outstanding commands have ended when this returns.
    Completion reservation_preempt(std::uint32_t nsid, spec::ReservationType type,
                                   std::uint64_t key, std::uint64_t victim_key, bool abort = false,
                                   std::uint16_t qid = 0);
    Completion reservation_release(std::uint32_t nsid, spec::ReservationType type,
                                   std::uint64_t key, std::uint16_t qid = 0);
    /// Ends the reservation and all registrations.
    Completion reservation_clear(std::uint32_t nsid, std::uint64_t key, std::uint16_t qid = 0);
    /// As many registered controllers as there are. `extended`: as the Host Identifier that is set.
    Completion reservation_report(std::uint32_t nsid, ReservationReport& out, bool extended = true,
                                  std::uint16_t qid = 0);
    /// With the data of a reservation command in ordinary memory.
    Completion reservation_command(const spec::SubmissionEntry& entry, const void* data,
                                   std::uint64_t bytes, std::uint16_t qid = 0);

    // --- Memory and state ---

    /// The doorbell buffers in use.
    [[nodiscard]] const ShadowBuffers& shadows() const { return shadows_; }
    /// Doorbells that were rung in BAR 0.
    [[nodiscard]] std::uint64_t doorbells_rung() const { return doorbells_rung_; }

    [[nodiscard]] DmaBuffer allocate(std::uint64_t bytes) { return allocator_.allocate(bytes); }
    void release(const DmaBuffer& buffer) { allocator_.release(buffer); }
    [[nodiscard]] HostMemoryAllocator& allocator() { return allocator_; }
    [[nodiscard]] PciFunction& pci() { return pci_; }
    [[nodiscard]] HostPlatform& platform() { return platform_; }

    /// Registers, by offset in BAR 0.
    [[nodiscard]] std::uint32_t read32(std::uint32_t offset);
    [[nodiscard]] std::uint64_t read64(std::uint32_t offset);
    void write32(std::uint32_t offset, std::uint32_t value);
    void write64(std::uint32_t offset, std::uint64_t value);
    /// Offset of a doorbell in BAR 0, for the stride that CAP announced.
    [[nodiscard]] std::uint32_t sq_doorbell(std::uint16_t qid) const;
    [[nodiscard]] std::uint32_t cq_doorbell(std::uint16_t qid) const;

    [[nodiscard]] spec::Cap cap() const { return cap_; }
    [[nodiscard]] spec::Csts csts();
    [[nodiscard]] const spec::IdentifyController& controller() const { return controller_; }
    /// Largest data transfer of a command (MDTS), 0: no limit.
    [[nodiscard]] std::uint64_t max_transfer_bytes() const;
    /// MSI-X vectors in use.
    [[nodiscard]] unsigned vectors() const { return vectors_; }
    /// Vector of the interrupt controller that a vector of the device arrives at.
    [[nodiscard]] unsigned host_vector(unsigned vector) const { return first_vector_ + vector; }

    /// Completions for commands that were not outstanding, or for queues that do not match: each is
    /// a fault of the controller.
    [[nodiscard]] std::uint64_t protocol_errors() const { return protocol_errors_; }
    /// Completions that were there when a wait timed out, without an interrupt for them.
    [[nodiscard]] std::uint64_t missed_interrupts() const { return missed_interrupts_; }

private:
    class Use;

    [[nodiscard]] DriverError set_up_msix();
    [[nodiscard]] DriverError check_capabilities();
    [[nodiscard]] DriverError set_up_admin_queue();
    [[nodiscard]] spec::Cc wanted_configuration() const;
    [[nodiscard]] DriverError wait_ready(bool ready);
    [[nodiscard]] sc_core::sc_time ready_timeout();
    /// Reads CSTS until (CSTS & mask) == value.
    [[nodiscard]] DriverError wait_csts(std::uint32_t mask, std::uint32_t value,
                                        const sc_core::sc_time& timeout, bool heed_fatal);

    CompletionQueue* add_cq(const CqOptions& options, const DmaBuffer& memory);
    SubmissionQueue* add_sq(const SqOptions& options, const DmaBuffer& memory, CompletionQueue& cq);
    void drop_sq(std::uint16_t qid);
    void drop_cq(std::uint16_t qid);
    void forget_retired();

    /// Of the specification's bit, for this driver's mode.
    [[nodiscard]] bool uses_interrupts(const CqOptions& options) const;
    [[nodiscard]] SubmissionQueue* sq(std::uint16_t qid) const;
    [[nodiscard]] CompletionQueue* cq(std::uint16_t qid) const;
    [[nodiscard]] SubmissionQueue::Slot* slot_of(const Ticket& ticket) const;
    [[nodiscard]] bool attach_data(SubmissionQueue& queue, std::uint16_t cid, const Transfer& data,
                                   spec::SubmissionEntry& entry);
    unsigned reap(CompletionQueue& queue);
    void dispatch(const CompletionQueue& queue, const spec::CompletionEntry& entry);
    void finish(SubmissionQueue& queue, std::uint16_t cid, const Completion& completion);
    void ring_head(CompletionQueue& queue);
    static void spend(const sc_core::sc_time& cost);
    void write_doorbell(std::uint16_t qid, bool completion, std::uint64_t address,
                        std::uint32_t value, std::uint32_t depth);
    void drop_shadows();
    void block(CompletionQueue& queue, const sc_core::sc_time& deadline);
    void block_on_wire(CompletionQueue& queue, const sc_core::sc_time& deadline);
    unsigned serve_wire();
    [[nodiscard]] std::uint16_t first_io_queue() const;
    [[nodiscard]] Completion io(std::uint16_t qid, std::uint32_t blocks,
                                const spec::SubmissionEntry& entry, const DmaBuffer* buffer);

    HostPlatform& platform_;
    const unsigned endpoint_;
    const DriverOptions options_;
    const sc_core::sc_time poll_interval_;
    const sc_core::sc_time submit_cost_, register_cost_, interrupt_cost_;
    const sc_core::sc_time default_timeout_;
    HostMemoryAllocator allocator_;
    PciFunction pci_;

    std::uint64_t bar0_ = 0;
    unsigned first_vector_ = 0;
    unsigned vectors_ = 0;
    bool wire_in_service_ = false;
    spec::Cap cap_{};
    std::uint32_t page_bytes_ = 4096;
    spec::IdentifyController controller_{};

    std::vector<std::unique_ptr<SubmissionQueue>> sqs_;  // by queue identifier, with gaps
    std::vector<std::unique_ptr<CompletionQueue>> cqs_;
    std::vector<std::unique_ptr<CompletionQueue>> retired_;  // gone, but somebody is inside
    struct BlockSize {
        std::uint32_t nsid, bytes;
    };
    std::vector<BlockSize> block_sizes_;
    ShadowBuffers shadows_;
    ShadowedQueues shadowed_ = ShadowedQueues::kNone;
    std::uint64_t doorbells_rung_ = 0;
    std::uint64_t next_serial_ = 1;
    std::uint64_t protocol_errors_ = 0;
    std::uint64_t missed_interrupts_ = 0;
    /// One event carries the deadlines of all waiters: a time-out per wait() would leave a
    /// cancelled entry in the kernel's timed queue for each command.
    sc_core::sc_event deadline_;
};

}  // namespace platform
