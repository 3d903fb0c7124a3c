// SPDX-License-Identifier: Apache-2.0
// Ways to stop the controller, from polite to brutal.
#include <algorithm>

#include "platform/driver/host_driver.h"

namespace platform {

namespace {

/// At least this long a host waits for a shutdown; longer when RTD3 Entry Latency says so.
constexpr std::uint64_t kShutdownMs = 5'000;
/// PCIe: software leaves a device alone for so long after a conventional reset.
constexpr int kConventionalResetMs = 100;
constexpr int kPerstUs = 100;
constexpr std::uint32_t kAllOnes = 0xFFFF'FFFF;

}  // namespace

DriverError HostDriver::disable() {
    const spec::Cc configuration = spec::Cc::from(read32(spec::offset::kCc));
    if (configuration.raw == kAllOnes) {
        forget_everything();
        return DriverError::kNoDevice;
    }
    // A controller that is on its way to ready may not be stopped before it is there. If it never
    // gets there, stopping it is all the same the only thing left to do.
    if (configuration.get<spec::Cc::En>()) (void)wait_ready(true);
    write32(spec::offset::kCc,
            configuration.with<spec::Cc::En>(false).with<spec::Cc::Shn>(spec::Shn::kNone).raw);
    const DriverError error = wait_ready(false);
    // While it still runs, it may still use the queues.
    if (error != DriverError::kTimedOut) forget_everything();
    return error;
}

DriverError HostDriver::shutdown(spec::Shn how) {
    if (how == spec::Shn::kNormal) {
        for (const std::uint16_t qid : io_queues()) {
            if (const Completion end = delete_queue_pair(qid); end.error != DriverError::kNone)
                return end.error;
        }
        for (std::size_t qid = 1; qid < cqs_.size(); ++qid) {
            if (cqs_[qid]) (void)delete_cq(static_cast<std::uint16_t>(qid));
        }
    }
    const spec::Cc configuration = spec::Cc::from(read32(spec::offset::kCc));
    write32(spec::offset::kCc, configuration.with<spec::Cc::Shn>(how).raw);

    const std::uint64_t announced_ms = controller_.rtd3e / 1000;
    const auto limit_ms = static_cast<double>(std::max(kShutdownMs, announced_ms));
    const std::uint32_t mask = spec::Csts{}.with<spec::Csts::Shst>(spec::Shst::kReserved).raw;
    const std::uint32_t complete = spec::Csts{}.with<spec::Csts::Shst>(spec::Shst::kComplete).raw;
    return wait_csts(mask, complete, sc_core::sc_time(limit_ms, sc_core::SC_MS), true);
}

DriverError HostDriver::subsystem_reset() {
    if (!cap_.get<spec::Cap::Nssrs>()) return DriverError::kUnsupported;
    write32(spec::offset::kNssr, spec::kNssrReset);
    forget_everything();
    sc_core::wait(kConventionalResetMs, sc_core::SC_MS);
    return DriverError::kNone;
}

DriverError HostDriver::function_level_reset() {
    const DriverError error = pci_.function_level_reset();
    if (error == DriverError::kNone) forget_everything();
    return error;
}

void HostDriver::fundamental_reset() {
    platform_.perst_n[endpoint_].write(false);
    sc_core::wait(kPerstUs, sc_core::SC_US);
    forget_everything();
    platform_.perst_n[endpoint_].write(true);
    sc_core::wait(kConventionalResetMs, sc_core::SC_MS);
}

void HostDriver::forget_everything() {
    drop_shadows();
    for (std::size_t qid = 0; qid < sqs_.size(); ++qid) drop_sq(static_cast<std::uint16_t>(qid));
    for (std::size_t qid = 0; qid < cqs_.size(); ++qid) drop_cq(static_cast<std::uint16_t>(qid));
    block_sizes_.clear();
}

}  // namespace platform
