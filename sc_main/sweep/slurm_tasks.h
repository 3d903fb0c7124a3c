// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <map>
#include <set>
#include <vector>

namespace nvme_vp {

/// What has become of the tasks of a sweep, as far as one can tell from outside: a task is in the
/// queue, or its report has arrived, or it is lost. A lost one is wanted again. Knows nothing of
/// Slurm, files and time.
class SlurmTasks {
public:
    /// So often a task is submitted until it has failed.
    static constexpr unsigned kMostTries = 3;

    void add(std::size_t point) { tasks_[point]; }

    /// Whether this is one of the tasks, and has not settled.
    [[nodiscard]] bool expects(std::size_t point) const;
    /// The report of one that is expected is there, and good.
    void arrived(std::size_t point);
    /// What was in the queue a moment ago, before arrived() was last called. A task is lost when it
    /// is in two of these not there: a shared file system may show a report late.
    void look(const std::set<std::size_t>& queued);

    /// To be submitted, in their order.
    [[nodiscard]] std::vector<std::size_t> wanted() const;
    void submitted(const std::vector<std::size_t>& points);

    /// Those that have been lost for good since this was last called.
    [[nodiscard]] std::vector<std::size_t> take_failed();
    [[nodiscard]] bool any_queued() const;
    /// How many have arrived or failed.
    [[nodiscard]] std::size_t settled() const { return settled_; }
    [[nodiscard]] bool all_settled() const { return settled_ == tasks_.size(); }

private:
    enum class State : unsigned char { kWanted, kQueued, kMissed, kArrived, kFailed };
    struct Task {
        State state = State::kWanted;
        unsigned tries = 0;
        [[nodiscard]] bool settled() const {
            return state == State::kArrived || state == State::kFailed;
        }
    };
    void miss(std::size_t point, Task& task);

    std::map<std::size_t, Task> tasks_;
    std::vector<std::size_t> failed_;
    std::size_t settled_ = 0;
};

}  // namespace nvme_vp
