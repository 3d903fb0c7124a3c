// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/health.h"

#include "models/nvme/spec/entries.h"

namespace nvme {
namespace {

constexpr util::TimePs kPsPerMinute = 60 * util::kPsPerS;

/// Thousands of 512-byte units, rounded up.
std::uint64_t data_units(std::uint64_t bytes) {
    return (bytes / 512 + 999) / 1000;
}

}  // namespace

spec::SmartLog Health::log(util::TimePs now, std::uint64_t error_entries) const {
    spec::SmartLog log{};
    log.data_units_read.low = data_units(read_bytes_);
    log.data_units_written.low = data_units(written_bytes_);
    log.host_read_commands.low = read_commands_;
    log.host_write_commands.low = write_commands_;
    log.controller_busy_time.low = busy_time(now) / kPsPerMinute;
    log.power_cycles.low = power_cycles_;
    const util::TimePs powered = powered_ps_ + (powered_ ? now - powered_since_ : 0);
    log.power_on_hours.low = powered / (60 * kPsPerMinute);
    log.unsafe_shutdowns.low = unsafe_shutdowns_;
    log.media_errors.low = media_errors_;
    log.error_log_entries.low = error_entries;
    return log;
}

void ErrorLog::add(const Context& context, const CommandError& error) {
    spec::ErrorLogEntry& e = ring_[next_];
    next_ = (next_ + 1) % ring_.size();
    e = {};
    e.error_count = ++count_;
    e.sqid = context.sqid;
    e.cid = context.cid;
    e.status = completion_status(error.code, error.do_not_retry, true);
    e.parameter_error_location = error.parameter.raw();
    e.lba = context.lba;
    e.nsid = context.nsid;
}

std::uint16_t completion_status(spec::StatusCode code, bool do_not_retry, bool more) {
    using S = spec::CompletionStatus;
    const auto value = static_cast<std::uint16_t>(code);
    return S{}
        .with<S::Sc>(value & 0xffu)
        .with<S::Sct>(value >> 8u)
        .with<S::Dnr>(do_not_retry)
        .with<S::M>(more)
        .raw;
}

}  // namespace nvme
