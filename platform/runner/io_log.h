// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>

#include "models/util/time.h"
#include "platform/runner/request_source.h"

namespace platform {

/// fio's logs of one clone: bandwidth, latency and requests per second, a line for each request or
/// for each stretch of time. Lines are "milliseconds, value, direction, bytes, [offset,] priority";
/// latencies are in ns and bandwidths in kB/s of a request, or KiB/s of a stretch. [fio 3.33 fio(1)
/// Log file formats]
///
/// Memory does not grow with the run: lines are written as they come.
class IoLog {
public:
    /// Null: the job wants none. Times in the log count from `begin`.
    [[nodiscard]] static std::unique_ptr<IoLog> make(const JobReporting& reporting,
                                                     util::TimePs begin);

    /// A request that completed; times never decrease. Flushes are in no log.
    void record(const IoRequest& request, util::TimePs issued, util::TimePs completed);
    /// To be called once. Empty, or which file could not be written.
    [[nodiscard]] std::string close(util::TimePs now);

private:
    struct File {
        std::string path;  // empty: not wanted
        std::ofstream stream;

        void open(const std::string& name, const char* kind, unsigned number);
    };
    /// What one direction did in the stretch of time.
    struct Stretch {
        std::uint64_t requests = 0;
        std::uint64_t bytes = 0;
        util::UInt128 latency = 0;
    };

    IoLog(const JobReporting& reporting, util::TimePs begin);
    void line(File& file, util::TimePs time, std::uint64_t value, std::size_t direction,
              std::uint64_t bytes, std::uint64_t offset);
    void end_stretch(util::TimePs end);

    const util::TimePs begin_;
    const util::TimePs average_;  // 0: each request
    const bool offsets_;
    File bandwidth_, latency_, completion_, iops_;
    util::TimePs stretch_begin_;
    PerDirection<Stretch> stretches_;
};

}  // namespace platform
