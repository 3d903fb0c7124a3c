// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>

#include "platform/workload/random.h"

namespace platform {

/// What jobs of one flow_id that run at the same time have done together.
struct FlowGroup {
    std::uint64_t weight = 0;    ///< of all members
    std::uint64_t requests = 1;  ///< of all members, and one to begin with
};

/// A job's place in its group, as long as it runs. A job that has more than its share waits.
/// [fio 3.33 flow.c]
class FlowMember {
public:
    /// Of no group.
    FlowMember() = default;

    void join(std::shared_ptr<FlowGroup> group, std::uint64_t weight) {
        group_ = std::move(group);
        weight_ = weight;
        group_->weight += weight;
    }
    void leave() {
        if (!group_) return;
        group_->weight -= weight_;
        group_->requests -= requests_;
        group_.reset();
    }
    /// The share of the job is used up: the next request has to wait for those of the others.
    [[nodiscard]] bool ahead() const {
        return group_ && UInt128{requests_} * group_->weight > UInt128{weight_} * group_->requests;
    }
    void issued() {
        if (!group_) return;
        ++requests_;
        ++group_->requests;
    }

private:
    std::shared_ptr<FlowGroup> group_;
    std::uint64_t weight_ = 0;
    std::uint64_t requests_ = 0;
};

}  // namespace platform
