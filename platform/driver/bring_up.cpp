// SPDX-License-Identifier: Apache-2.0
// From a function in configuration space to a controller that takes admin commands.
#include <algorithm>

#include "platform/driver/host_driver.h"

namespace platform {

namespace {

constexpr std::uint32_t kNvmeClassCode =
    0x01'08'02;  // mass storage, NVM, NVM Express I/O controller
constexpr std::uint32_t kAllOnes = 0xFFFF'FFFF;
constexpr std::uint64_t kTimeoutUnitMs = 500;
constexpr std::uint32_t kMaxAdminDepth = 4096;

constexpr unsigned log2_of(std::uint64_t power_of_two) {
    unsigned bits = 0;
    while (power_of_two >>= 1) ++bits;
    return bits;
}

/// Page 0 stays unused, so that a null address is never a good one.
std::uint64_t memory_base(const HostPlatform& platform, unsigned endpoint,
                          const DriverOptions& options) {
    if (options.memory_bytes != 0) return options.memory_base;
    const std::uint64_t share = platform.memory.size() / platform.root_complex.config.size();
    return std::max<std::uint64_t>(endpoint * share, HostMemoryAllocator::kPageBytes);
}

std::uint64_t memory_bytes(const HostPlatform& platform, unsigned endpoint,
                           const DriverOptions& options) {
    if (options.memory_bytes != 0) return options.memory_bytes;
    const std::uint64_t share = platform.memory.size() / platform.root_complex.config.size();
    return (endpoint + 1) * share - memory_base(platform, endpoint, options);
}

sc_core::sc_time nanoseconds(std::uint64_t ns) {
    return {static_cast<double>(ns), sc_core::SC_NS};
}

std::uint64_t window_share(const HostPlatform& platform) {
    return platform.root_complex.params().mmio_size / platform.root_complex.config.size();
}

}  // namespace

HostDriver::HostDriver(HostPlatform& host, unsigned endpoint, const DriverOptions& options)
    : platform_(host),
      endpoint_(endpoint),
      options_(options),
      poll_interval_(nanoseconds(std::max<std::uint64_t>(options.costs.poll_ns, 1))),
      submit_cost_(nanoseconds(options.costs.submit_ns)),
      register_cost_(nanoseconds(options.costs.register_ns)),
      interrupt_cost_(nanoseconds(options.costs.interrupt_ns)),
      default_timeout_(static_cast<double>(options.command_timeout_ms), sc_core::SC_MS),
      allocator_(host.memory, memory_base(host, endpoint, options),
                 memory_bytes(host, endpoint, options)),
      pci_(host.cpu, endpoint, host.root_complex.params().mmio_base + endpoint * window_share(host),
           window_share(host)) {}

HostDriver::~HostDriver() = default;

DriverError HostDriver::enumerate() {
    if (const DriverError error = pci_.enumerate(); error != DriverError::kNone) return error;
    if (pci_.class_code() != kNvmeClassCode || pci_.bar(0) == 0) return DriverError::kUnsupported;
    bar0_ = pci_.bar(0);
    pci_.set_intx_disable(options_.interrupts != InterruptMode::kIntx);
    return options_.interrupts == InterruptMode::kMsix ? set_up_msix() : DriverError::kNone;
}

DriverError HostDriver::set_up_msix() {
    if (pci_.msix_entries() == 0) return DriverError::kUnsupported;
    if (vectors_ == 0) {
        const unsigned wanted = std::clamp(unsigned{options_.vectors}, 1u, pci_.msix_entries());
        const auto first = platform_.interrupts.allocate(wanted);
        if (!first) return DriverError::kNoResources;
        first_vector_ = *first;
        vectors_ = wanted;
    }
    // No message may leave with half an entry: enabled under the function mask.
    pci_.set_msix(true, true);
    for (unsigned v = 0; v < vectors_; ++v) {
        const unsigned host = host_vector(v);
        pci_.set_msix_entry(v, platform_.interrupts.message_address(host),
                            InterruptController::message_data(host), false);
    }
    pci_.set_msix(true, false);
    return DriverError::kNone;
}

DriverError HostDriver::check_capabilities() {
    if (bar0_ == 0 || read32(spec::offset::kCsts) == kAllOnes) return DriverError::kNoDevice;
    cap_.raw = read64(spec::offset::kCap);
    // A queue of one entry can never hold any: 0 is not allowed. [NVMe-Base-2.0 3.1.3.1 CAP, MQES]
    if (cap_.get<spec::Cap::Mqes>() == 0) return DriverError::kUnsupported;
    const std::uint64_t smallest = std::uint64_t{4096} << cap_.get<spec::Cap::Mpsmin>();
    const std::uint64_t largest = std::uint64_t{4096} << cap_.get<spec::Cap::Mpsmax>();
    const std::uint64_t page = std::max<std::uint64_t>(options_.page_bytes, smallest);
    const bool power_of_two = (page & (page - 1)) == 0;
    if (!power_of_two || page > largest) return DriverError::kUnsupported;
    page_bytes_ = static_cast<std::uint32_t>(page);
    return DriverError::kNone;
}

spec::Cc HostDriver::wanted_configuration() const {
    const std::uint32_t sets = cap_.get<spec::Cap::Css>();
    std::uint32_t css = spec::kCssNvm;
    if ((sets & spec::kCapCssIoCommandSets) != 0)
        css = spec::kCssAllSupported;
    else if ((sets & spec::kCapCssNvm) == 0)
        css = spec::kCssAdminOnly;
    const bool weighted = options_.weighted_round_robin &&
                          (cap_.get<spec::Cap::Ams>() & spec::kCapAmsWeightedRoundRobin) != 0;
    return spec::Cc{}
        .with<spec::Cc::Css>(css)
        .with<spec::Cc::Mps>(log2_of(page_bytes_) - 12)
        .with<spec::Cc::Ams>(weighted ? spec::kAmsWeightedRoundRobin : spec::kAmsRoundRobin)
        .with<spec::Cc::Iosqes>(log2_of(sizeof(spec::SubmissionEntry)))
        .with<spec::Cc::Iocqes>(log2_of(sizeof(spec::CompletionEntry)));
}

/// The order is that of the Base Specification's chapter on memory-based controller initialization.
DriverError HostDriver::enable() {
    if (const auto error = check_capabilities(); error != DriverError::kNone) return error;
    // (1) Start from a controller that is disabled and has finished becoming so.
    if (const auto error = disable(); error != DriverError::kNone) return error;
    // (2) Admin queue.
    if (const auto error = set_up_admin_queue(); error != DriverError::kNone) return error;
    // (3) Command set, arbitration, page size; entry sizes too, for the I/O queues to come.
    const spec::Cc configuration = wanted_configuration();
    write32(spec::offset::kCc, configuration.raw);
    // (4) Enable, and (5) wait.
    write32(spec::offset::kCc, configuration.with<spec::Cc::En>(true).raw);
    return wait_ready(true);
}

DriverError HostDriver::set_up_admin_queue() {
    const std::uint32_t depth = options_.admin_depth;
    if (depth < 2 || depth > kMaxAdminDepth) return DriverError::kBadArgument;
    const DmaBuffer sq_memory = allocator_.allocate(depth * sizeof(spec::SubmissionEntry));
    const DmaBuffer cq_memory = allocator_.allocate(depth * sizeof(spec::CompletionEntry));
    if (!sq_memory || !cq_memory) {
        allocator_.release(sq_memory);
        allocator_.release(cq_memory);
        return DriverError::kNoResources;
    }
    CompletionQueue* completion = add_cq({0, depth, 0, true}, cq_memory);
    add_sq({0, depth, 0}, sq_memory, *completion);
    write32(spec::offset::kAqa,
            spec::Aqa{}.with<spec::Aqa::Asqs>(depth - 1).with<spec::Aqa::Acqs>(depth - 1).raw);
    write64(spec::offset::kAsq, sq_memory.gpa);
    write64(spec::offset::kAcq, cq_memory.gpa);
    return DriverError::kNone;
}

DriverError HostDriver::bring_up() {
    if (const auto error = enumerate(); error != DriverError::kNone) return error;
    if (const auto error = enable(); error != DriverError::kNone) return error;
    spec::IdentifyController identity;
    const Completion completion = identify_controller(identity);
    if (completion.error != DriverError::kNone) return completion.error;
    return completion.ok() ? DriverError::kNone : DriverError::kCommandFailed;
}

sc_core::sc_time HostDriver::ready_timeout() {
    std::uint64_t units = std::max(cap_.get<spec::Cap::To>(), 1u);
    if (cap_.get<spec::Cap::Crwms>()) {
        const auto crto = spec::Crto::from(read32(spec::offset::kCrto));
        units = std::max<std::uint64_t>(units, crto.get<spec::Crto::Crwmt>());
    }
    return sc_core::sc_time(static_cast<double>(units * kTimeoutUnitMs), sc_core::SC_MS);
}

DriverError HostDriver::wait_ready(bool ready) {
    const std::uint32_t rdy = spec::Csts{}.with<spec::Csts::Rdy>(true).raw;
    // A controller in fatal status can still be disabled: that is the way out of it.
    return wait_csts(rdy, ready ? rdy : 0, ready_timeout(), ready);
}

DriverError HostDriver::wait_csts(std::uint32_t mask, std::uint32_t value,
                                  const sc_core::sc_time& timeout, bool heed_fatal) {
    const sc_core::sc_time deadline = sc_core::sc_time_stamp() + timeout;
    const sc_core::sc_time longest(1, sc_core::SC_MS);
    sc_core::sc_time pause = poll_interval_;
    for (;;) {
        const spec::Csts status = csts();
        if (status.raw == kAllOnes) return DriverError::kNoDevice;
        if (heed_fatal && status.get<spec::Csts::Cfs>()) return DriverError::kFatalStatus;
        if ((status.raw & mask) == value) return DriverError::kNone;
        if (sc_core::sc_time_stamp() >= deadline) return DriverError::kTimedOut;
        sc_core::wait(pause);
        pause = std::min(pause + pause, std::max(longest, poll_interval_));
    }
}

std::uint32_t HostDriver::read32(std::uint32_t offset) {
    return platform_.cpu.read32(bar0_ + offset);
}

std::uint64_t HostDriver::read64(std::uint32_t offset) {
    return platform_.cpu.read64(bar0_ + offset);
}

void HostDriver::write32(std::uint32_t offset, std::uint32_t value) {
    platform_.cpu.write32(bar0_ + offset, value);
}

void HostDriver::write64(std::uint32_t offset, std::uint64_t value) {
    platform_.cpu.write64(bar0_ + offset, value);
}

spec::Csts HostDriver::csts() {
    return spec::Csts::from(read32(spec::offset::kCsts));
}

std::uint32_t HostDriver::sq_doorbell(std::uint16_t qid) const {
    return spec::offset::kDoorbells +
           2u * qid * spec::doorbell_stride(cap_.get<spec::Cap::Dstrd>());
}

std::uint32_t HostDriver::cq_doorbell(std::uint16_t qid) const {
    return sq_doorbell(qid) + spec::doorbell_stride(cap_.get<spec::Cap::Dstrd>());
}

std::uint64_t HostDriver::max_transfer_bytes() const {
    if (controller_.mdts == 0 || controller_.mdts > 40) return 0;
    return std::uint64_t{4096} << (cap_.get<spec::Cap::Mpsmin>() + controller_.mdts);
}

}  // namespace platform
