// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/slurm_tasks.h"

#include <algorithm>
#include <utility>

namespace nvme_vp {

bool SlurmTasks::expects(std::size_t point) const {
    const auto found = tasks_.find(point);
    return found != tasks_.end() && !found->second.settled();
}

void SlurmTasks::arrived(std::size_t point) {
    tasks_.at(point).state = State::kArrived;
    ++settled_;
}

void SlurmTasks::look(const std::set<std::size_t>& queued) {
    for (auto& [point, task] : tasks_) {
        if (task.settled()) continue;
        if (queued.count(point) == 0) {
            miss(point, task);
            continue;
        }
        task.state = State::kQueued;
        // Somebody has submitted it before this sweep went on.
        task.tries = std::max(task.tries, 1u);
    }
}

void SlurmTasks::miss(std::size_t point, Task& task) {
    if (task.state == State::kQueued) {
        task.state = State::kMissed;
    } else if (task.state == State::kMissed && task.tries < kMostTries) {
        task.state = State::kWanted;
    } else if (task.state == State::kMissed) {
        task.state = State::kFailed;
        failed_.push_back(point);
        ++settled_;
    }
}

std::vector<std::size_t> SlurmTasks::wanted() const {
    std::vector<std::size_t> points;
    for (const auto& [point, task] : tasks_)
        if (task.state == State::kWanted) points.push_back(point);
    return points;
}

void SlurmTasks::submitted(const std::vector<std::size_t>& points) {
    for (const std::size_t point : points) {
        Task& task = tasks_.at(point);
        task.state = State::kQueued;
        ++task.tries;
    }
}

std::vector<std::size_t> SlurmTasks::take_failed() {
    return std::exchange(failed_, {});
}

bool SlurmTasks::any_queued() const {
    return std::any_of(tasks_.begin(), tasks_.end(), [](const auto& entry) {
        return entry.second.state == State::kQueued || entry.second.state == State::kMissed;
    });
}

}  // namespace nvme_vp
