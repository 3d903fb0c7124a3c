// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_plan.h"

#include <algorithm>
#include <utility>

#include "platform/workload/random.h"
#include "platform/workload/verify_ledger.h"

namespace platform {

namespace {

constexpr std::size_t kMaxInstances = 65535;  // I/O queue pairs of one controller

std::uint64_t percent_of(std::uint64_t whole, std::uint64_t percent) {
    return static_cast<std::uint64_t>(UInt128{whole} * percent / 100);
}

std::uint64_t round_up(std::uint64_t value, std::uint64_t step) {
    const std::uint64_t rest = value % step;
    return rest == 0 ? value : value + (step - rest);
}

bool changes_data(const Job& job) {
    return job.pattern.writes || job.pattern.trims;
}
bool checks_data(const Job& job) {
    return job.verify && !job.pattern.trims;
}

class Planner {
public:
    Planner(const JobFile& file, const std::vector<JobMedium>& media)
        : file_(file), media_(media) {}

    JobPlan run() {
        std::size_t total = 0;
        for (const Job& job : file_.jobs) total += job.numjobs;
        if (total > kMaxInstances) {
            fail(file_.jobs.back(), "all jobs together have more than 65535 clones");
            return std::move(plan_);
        }
        for (std::size_t i = 0; i < file_.jobs.size(); ++i) {
            capacity_ = media_[i].capacity;
            block_bytes_ = std::max<std::uint32_t>(media_[i].block_bytes, 1);
            plan_job(file_.jobs[i], static_cast<unsigned>(i));
        }
        check_overlaps();
        return std::move(plan_);
    }

private:
    void fail(const Job& job, const std::string& problem) {
        plan_.errors.push_back(file_.file_name + ":" + std::to_string(job.line) + ": [" + job.name +
                               "]: " + problem);
    }

    [[nodiscard]] bool block_sizes_fit(const Job& job) {
        for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
            const std::uint32_t size = job.block_size[index_of(op)];
            if (!job.pattern.uses(op) || size % block_bytes_ == 0) continue;
            fail(job, "bs=" + std::to_string(size) + " is no multiple of the logical block size " +
                          std::to_string(block_bytes_));
            return false;
        }
        return true;
    }

    [[nodiscard]] std::uint64_t position(const Job& job, const Amount& amount) const {
        if (amount.kind != Amount::Kind::kPercent) return amount.value;
        return round_up(percent_of(capacity_, amount.value), job.smallest_block());
    }

    /// Length of the region of one clone, when the first begins at `offset`.
    [[nodiscard]] std::uint64_t region_size(const Job& job, std::uint64_t offset,
                                            bool side_by_side) const {
        const std::uint64_t rest = capacity_ - offset;
        std::uint64_t size = rest / (side_by_side ? job.numjobs : 1);
        if (job.size.kind == Amount::Kind::kBytes) size = job.size.value;
        if (job.size.kind == Amount::Kind::kPercent) {
            size = std::min(percent_of(capacity_, job.size.value), size);
        }
        return size - size % job.smallest_block();
    }

    void plan_job(const Job& job, unsigned index) {
        if (!block_sizes_fit(job)) return;
        const std::uint64_t offset = position(job, job.offset);
        const bool side_by_side =
            job.numjobs > 1 && job.verify && job.pattern.writes && !job.offset_increment.set();
        if (offset >= capacity_) {
            fail(job, "offset " + std::to_string(offset) + " is beyond the namespace of " +
                          std::to_string(capacity_) + " bytes");
            return;
        }
        const std::uint64_t size = region_size(job, offset, side_by_side);
        const std::uint64_t step = side_by_side ? size : position(job, job.offset_increment);
        if (offset % block_bytes_ != 0 || step % block_bytes_ != 0) {
            fail(job,
                 "offset and offset_increment have to be multiples of the logical block size " +
                     std::to_string(block_bytes_));
            return;
        }
        for (unsigned clone = 0; clone < job.numjobs; ++clone) {
            if (!add_instance(job, index, clone, UInt128{offset} + UInt128{step} * clone, size)) {
                return;
            }
        }
    }

    [[nodiscard]] bool add_instance(const Job& job, unsigned index, unsigned clone, UInt128 offset,
                                    std::uint64_t size) {
        const bool to_the_end = !job.size.set() && offset < capacity_;
        if (to_the_end && offset + size > capacity_) {
            size = capacity_ - static_cast<std::uint64_t>(offset);
            size -= size % job.smallest_block();
        }
        if (offset + size > capacity_) {
            fail(job, "the region of " + std::to_string(size) + " bytes of clone " +
                          std::to_string(clone) + " ends beyond the namespace of " +
                          std::to_string(capacity_) + " bytes");
            return false;
        }
        if (size < job.largest_block()) {
            fail(job, "the region of " + std::to_string(size) +
                          " bytes is smaller than bs=" + std::to_string(job.largest_block()));
            return false;
        }
        JobInstance instance{job,
                             job.name,
                             index,
                             clone,
                             static_cast<std::uint64_t>(offset),
                             size,
                             size,
                             mix64(mix64(job.randseed, index), clone)};
        if (job.numjobs > 1) instance.name += "." + std::to_string(clone);
        if (job.io_size.kind == Amount::Kind::kBytes) instance.io_size = job.io_size.value;
        if (job.io_size.kind == Amount::Kind::kPercent) {
            instance.io_size = percent_of(size, job.io_size.value);
        }
        if (instance.io_size < job.smallest_block()) {
            fail(job, "io_size " + std::to_string(instance.io_size) + " is smaller than bs");
            return false;
        }
        if (job.verify && job.pattern.writes &&
            !VerifyLedger::fits(size, VerifyLedger::unit_of(job))) {
            fail(job, "verify would have to remember more than 2^28 blocks: reduce size");
            return false;
        }
        plan_.instances.push_back(std::move(instance));
        return true;
    }

    [[nodiscard]] unsigned place_of(const JobInstance& instance) const {
        return media_[instance.job_index].place;
    }

    /// One sweep over the regions of each wave and place, ordered by offset: how far do regions
    /// that are changed, and regions that are checked, reach to the right?
    void check_overlaps() {
        struct Reach {
            std::uint64_t end = 0;
            const JobInstance* instance = nullptr;
            void extend(const JobInstance& other) {
                if (other.offset + other.size <= end) return;
                end = other.offset + other.size;
                instance = &other;
            }
        };
        std::vector<const JobInstance*> order;
        for (const JobInstance& instance : plan_.instances) order.push_back(&instance);
        const auto together = [this](const JobInstance* instance) {
            return std::pair(instance->job.wave, place_of(*instance));
        };
        std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
            return std::pair(together(a), a->offset) < std::pair(together(b), b->offset);
        });
        Reach changed;
        Reach checked;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const JobInstance& next = *order[i];
            if (i > 0 && together(order[i - 1]) != together(order[i])) changed = checked = Reach{};
            const Reach* rival = nullptr;
            if (checks_data(next.job) && changed.end > next.offset) rival = &changed;
            if (changes_data(next.job) && checked.end > next.offset) rival = &checked;
            if (rival != nullptr) {
                fail(next.job, "verify is impossible: '" + next.name + "' and '" +
                                   rival->instance->name +
                                   "' run at the same time and share a region, and at least one of "
                                   "them changes it; separate them with offset or stonewall");
                return;
            }
            if (changes_data(next.job)) changed.extend(next);
            if (checks_data(next.job)) checked.extend(next);
        }
    }

    const JobFile& file_;
    const std::vector<JobMedium>& media_;
    // Of the job that is being planned.
    std::uint64_t capacity_ = 0;
    std::uint32_t block_bytes_ = 1;
    JobPlan plan_;
};

}  // namespace

JobPlan plan_jobs(const JobFile& file, const std::vector<JobMedium>& media) {
    return Planner{file, media}.run();
}

JobPlan plan_jobs(const JobFile& file, std::uint64_t capacity, std::uint32_t block_bytes) {
    return plan_jobs(file, std::vector<JobMedium>(file.jobs.size(), {capacity, block_bytes, 0}));
}

}  // namespace platform
