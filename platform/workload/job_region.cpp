// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_region.h"

#include <algorithm>

namespace platform {

JobRegion::JobRegion(const JobInstance& instance_)
    : instance(instance_),
      pattern(instance_),
      format{instance_.job.verify_kind, instance_.job.verify_pattern},
      left(instance_.size) {
    if (instance.job.verify && instance.job.pattern.writes) ledger.emplace(instance);
}

JobRegions::JobRegions(const std::vector<JobInstance>& instances)
    : smallest_block_(instances.front().job.smallest_block()) {
    regions_.reserve(instances.size());
    for (const JobInstance& instance : instances) regions_.emplace_back(instance);
}

unsigned JobRegions::take_turn() {
    for (std::size_t tried = 0;; ++tried) {
        if (tried == regions_.size()) refill();
        const unsigned candidate = turn_;
        turn_ = turn_ + 1 < regions_.size() ? turn_ + 1 : 0;
        if (regions_[candidate].left >= smallest_block_) return candidate;
    }
}

bool JobRegions::exhausted() const {
    return std::all_of(regions_.begin(), regions_.end(),
                       [this](const JobRegion& region) { return region.left < smallest_block_; });
}

void JobRegions::rewind() {
    refill();
    for (JobRegion& region : regions_) region.pattern.rewind();
}

/// After this each has room: plan_jobs() makes no region smaller than a block.
void JobRegions::refill() {
    for (JobRegion& region : regions_) region.left = region.instance.size;
}

}  // namespace platform
