// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "platform/workload/io_request.h"
#include "platform/workload/job.h"

namespace platform {

/// Writes that wait to be read back, of a job that does so before its end (the key
/// verify_backlog).
class VerifyBacklog {
public:
    explicit VerifyBacklog(const Job& job) : most_(most_of(job)) { waiting_.reserve(most_); }

    /// Of memory, for this job.
    [[nodiscard]] static std::uint64_t bytes(const Job& job) {
        return most_of(job) * sizeof(Written);
    }

    [[nodiscard]] bool used() const { return most_ != 0; }
    /// It is time to read back, until nothing waits.
    [[nodiscard]] bool reading() const {
        return used() && (next_ != 0 || waiting_.size() >= most_);
    }
    void wrote(const IoRequest& write) {
        if (used()) waiting_.push_back({write.offset, write.length, write.region});
    }
    /// False: nothing waits. Otherwise the read, which taken() takes away.
    [[nodiscard]] bool next(IoRequest& read) const {
        if (next_ == waiting_.size()) return false;
        read = IoRequest{};
        read.verify = read.read_back = true;
        read.offset = waiting_[next_].offset;
        read.length = waiting_[next_].length;
        read.region = waiting_[next_].region;
        return true;
    }
    void taken() {
        if (++next_ < waiting_.size()) return;
        waiting_.clear();
        next_ = 0;
    }

private:
    static std::uint64_t most_of(const Job& job) {
        return job.verify && job.do_verify && job.pattern.writes ? job.verify_backlog : 0;
    }
    struct Written {
        std::uint64_t offset;
        std::uint32_t length;
        unsigned region;
    };
    const std::uint64_t most_;
    std::vector<Written> waiting_;
    std::size_t next_ = 0;
};

}  // namespace platform
