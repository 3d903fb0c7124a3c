// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/nvme/state/data_rate.h"

namespace nvme {

/// What the data of I/O commands pass between media and link: the controller's memory, and how much
/// the power state lets through. What a host sends to be compared passes nothing.
///
/// Each byte goes into the memory and out of it again. A command goes on when its data are in; that
/// they go out takes the memory as long again, while they are on the link or on their way to the
/// media. Reads and writes share the memory, and have a limit of the power state each.
class DataPath {
public:
    /// `memory_mb_s`: megabytes (10^6 bytes) a second; 0: no limit.
    explicit DataPath(std::uint32_t memory_mb_s) : memory_(memory_mb_s) {}

    /// Limits of the power state, in megabytes a second; 0: none.
    void set_limits(std::uint32_t read_mb_s, std::uint32_t write_mb_s) {
        reads_.set(read_mb_s);
        writes_.set(write_mb_s);
    }
    /// Data that the media has given at `now`; returns when they can leave for the host.
    [[nodiscard]] util::TimePs read(util::TimePs now, std::uint64_t bytes) {
        return reads_.pass(through_memory(now, bytes), bytes);
    }
    /// Data of the host that are there at `now`; returns when the media can have them.
    [[nodiscard]] util::TimePs write(util::TimePs now, std::uint64_t bytes) {
        return writes_.pass(through_memory(now, bytes), bytes);
    }
    /// Of a Compare and Write: what the media has given, and what it is to have.
    [[nodiscard]] util::TimePs both(util::TimePs now, std::uint64_t bytes) {
        return std::max(read(now, bytes), write(now, bytes));
    }
    /// Data that the media has given, and that go back there.
    [[nodiscard]] util::TimePs copy(util::TimePs now, std::uint64_t bytes) {
        const util::TimePs in = through_memory(now, bytes);
        return std::max(reads_.pass(in, bytes), writes_.pass(in, bytes));
    }

    /// Nothing is on its way any more.
    void reset() {
        memory_.reset();
        reads_.reset();
        writes_.reset();
    }

private:
    util::TimePs through_memory(util::TimePs now, std::uint64_t bytes) {
        const util::TimePs in = memory_.pass(now, bytes);
        memory_.load(bytes);
        return in;
    }

    DataRate memory_, reads_, writes_;
};

}  // namespace nvme
