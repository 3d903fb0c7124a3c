// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "models/nvme/ports/result.h"
#include "models/nvme/spec/logs.h"
#include "models/util/time.h"

namespace nvme {

/// What the SMART / Health Information log counts over the controller's life. Survives every reset
/// and power cycle.
/// [NVMe-Base-2.0 5.16.1.3 SMART / Health Information]
class Health {
public:
    void command_started(util::TimePs now) {
        if (busy_++ == 0) busy_since_ = now;
    }
    void command_ended(util::TimePs now) {
        if (busy_ == 0 || --busy_ != 0) return;
        busy_ps_ += now - busy_since_;
        idle_since_ = now;
    }
    /// Commands that a reset ended without completing them.
    void all_commands_ended(util::TimePs now) {
        if (busy_ != 0) busy_ps_ += now - busy_since_;
        busy_ = 0;
        idle_since_ = now;
    }
    /// For how long there have been I/O commands.
    [[nodiscard]] util::TimePs busy_time(util::TimePs now) const {
        return busy_ps_ + (busy_ != 0 ? now - busy_since_ : 0);
    }
    /// When the last I/O command ended; empty while there is one.
    [[nodiscard]] std::optional<util::TimePs> idle_since() const {
        return busy_ == 0 ? std::optional(idle_since_) : std::nullopt;
    }
    void count_read(std::uint64_t bytes) { ++read_commands_, read_bytes_ += bytes; }
    void count_verified(std::uint64_t bytes) { read_bytes_ += bytes; }
    void count_write(std::uint64_t bytes) { ++write_commands_, written_bytes_ += bytes; }
    void count_media_error() { ++media_errors_; }
    [[nodiscard]] std::uint64_t read_bytes() const { return read_bytes_; }
    [[nodiscard]] std::uint64_t written_bytes() const { return written_bytes_; }
    void power_on(util::TimePs now) {
        ++power_cycles_;
        powered_ = true;
        powered_since_ = now;
    }
    void power_off(util::TimePs now) {
        if (powered_) powered_ps_ += now - powered_since_;
        powered_ = false;
    }
    void count_unsafe_shutdown() { ++unsafe_shutdowns_; }

    /// The counters alone: what describes a state is zero.
    [[nodiscard]] spec::SmartLog log(util::TimePs now, std::uint64_t error_entries) const;

private:
    unsigned busy_ = 0;
    util::TimePs busy_since_ = 0, busy_ps_ = 0, idle_since_ = 0;
    bool powered_ = false;
    util::TimePs powered_since_ = 0, powered_ps_ = 0;
    std::uint64_t read_commands_ = 0, write_commands_ = 0, read_bytes_ = 0, written_bytes_ = 0;
    std::uint64_t media_errors_ = 0, power_cycles_ = 0, unsafe_shutdowns_ = 0;
};

/// The Error Information log: the newest failures, newest first. Survives resets.
/// [NVMe-Base-2.0 5.16.1.2 Error Information]
class ErrorLog {
public:
    static constexpr std::uint16_t kNoCommand = 0xffff;

    /// Keeps `entries` of them (ELPE + 1).
    explicit ErrorLog(std::size_t entries) : ring_(entries) {}

    struct Context {
        std::uint16_t sqid = kNoCommand, cid = kNoCommand;
        std::uint32_t nsid = 0;
        std::uint64_t lba = 0;
    };
    void add(const Context& context, const CommandError& error);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] std::size_t capacity() const { return ring_.size(); }
    /// `age` 0 is the newest; entries never used are all zero.
    [[nodiscard]] const spec::ErrorLogEntry& entry(std::size_t age) const {
        return ring_[(next_ + ring_.size() - 1 - age % ring_.size()) % ring_.size()];
    }

private:
    std::vector<spec::ErrorLogEntry> ring_;
    std::size_t next_ = 0;
    std::uint64_t count_ = 0;  // over the controller's life
};

/// The status half of a completion entry, phase bit clear.
std::uint16_t completion_status(spec::StatusCode code, bool do_not_retry, bool more);

}  // namespace nvme
