// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_plan.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "platform/workload/access_pattern.h"
#include "platform/workload/random.h"
#include "platform/workload/verify_backlog.h"
#include "platform/workload/verify_ledger.h"

namespace platform {

namespace {

constexpr std::size_t kMaxClones = 65535;  // I/O queue pairs of one controller
constexpr std::size_t kMaxInstances = 1 << 17;
constexpr std::uint64_t kMaxRemembered = std::uint64_t{4} << 30;
constexpr std::uint64_t kRegionSeed = 0x7265'6769'6f6e;

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
    return job.verify && !job.pattern.only_trims() && job.verify_kind != VerifyKind::kNull;
}

/// Clones that check what they write must not have what another one writes.
bool lie_side_by_side(const Job& job) {
    return job.numjobs > 1 && job.verify && job.pattern.writes && !job.offset_increment.set();
}

std::uint64_t zone_range_of(const Job& job) {
    return job.zone_range != 0 ? job.zone_range : job.zone_size;
}

std::uint64_t bytes_or_none(const Amount& amount) {
    return amount.kind == Amount::Kind::kBytes ? amount.value : 0;
}

class Planner {
public:
    Planner(const JobFile& file, const std::vector<JobMedia>& media) : file_(file), media_(media) {}

    JobPlan run() {
        std::size_t total = 0;
        std::size_t regions = 0;
        for (std::size_t i = 0; i < file_.jobs.size(); ++i) {
            total += file_.jobs[i].numjobs;
            regions += file_.jobs[i].numjobs * media_[i].size();
        }
        if (total > kMaxClones || regions > kMaxInstances) {
            fail(file_.jobs.back(), total > kMaxClones
                                        ? "all jobs together have more than 65535 clones"
                                        : "the clones of all jobs together have more than 2^17 "
                                          "namespaces to work on");
            return std::move(plan_);
        }
        for (std::size_t i = 0; i < file_.jobs.size(); ++i)
            plan_job(file_.jobs[i], static_cast<unsigned>(i));
        check_memory();
        check_overlaps();
        return std::move(plan_);
    }

private:
    void fail(const Job& job, const std::string& problem) {
        plan_.errors.push_back(place_in_file(job) + problem);
    }

    /// Once for all clones and namespaces of a job.
    void note_cut(const Job& job, std::uint64_t size) {
        const std::string place = place_in_file(job);
        if (!plan_.notes.empty() && plan_.notes.back().compare(0, place.size(), place) == 0) return;
        plan_.notes.push_back(place + "the namespace ends after " + std::to_string(size) +
                              " bytes of its size");
    }

    [[nodiscard]] std::string place_in_file(const Job& job) const {
        return file_.file_name + ":" + std::to_string(job.line) + ": [" + job.name + "]: ";
    }

    [[nodiscard]] bool block_sizes_fit(const Job& job) {
        for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
            if (!job.pattern.uses(op)) continue;
            const std::size_t direction = index_of(op);
            if (!fits(job, "bs", job.block_size[direction]) ||
                !fits(job, "bs", job.largest_block(op)) ||
                !fits(job, "blockalign", job.align[direction]))
                return false;
            for (const SizeShare& share : job.split[direction])
                if (!fits(job, "bs", share.bytes)) return false;
        }
        const auto step = job.sequential_step < 0 ? -job.sequential_step : job.sequential_step;
        if (!fits(job, "rw with a step of ", static_cast<std::uint64_t>(step))) return false;
        return zones_fit(job) && interval_fits(job);
    }

    [[nodiscard]] bool fits(const Job& job, const std::string& what, std::uint64_t bytes) {
        if (bytes % block_bytes_ == 0) return true;
        fail(job, what + (what.back() == ' ' ? "" : "=") + std::to_string(bytes) +
                      " is no multiple of the logical block size " + std::to_string(block_bytes_));
        return false;
    }

    [[nodiscard]] bool zones_fit(const Job& job) {
        if (job.zone_size == 0) return true;
        const std::uint64_t range = zone_range_of(job);
        if (range < job.largest_block()) {
            fail(job, "zonerange=" + std::to_string(range) + " is smaller than bs");
            return false;
        }
        return fits(job, "zonerange", range) && fits(job, "zoneskip", job.zone_skip);
    }

    /// Checkable blocks must be whole ones in every request.
    [[nodiscard]] bool interval_fits(const Job& job) {
        if (!job.verify || job.pattern.only_trims()) return true;
        Job sizes = job;
        sizes.verify_interval = 0;
        const std::uint32_t common = VerifyLedger::unit_of(sizes);
        const std::uint32_t unit = VerifyLedger::unit_of(job);
        if (common % unit == 0 && unit >= kMinVerifyBlock) return true;
        fail(job, "verify: blocks of " + std::to_string(unit) +
                      " bytes do not make up all sizes and places of the requests, which are "
                      "multiples of " +
                      std::to_string(common));
        return false;
    }

    [[nodiscard]] std::uint64_t position(const Job& job, const Amount& amount) const {
        if (amount.kind != Amount::Kind::kPercent) return amount.value;
        return round_up(percent_of(capacity_, amount.value), job.smallest_block());
    }

    /// Length of the region of one clone, when the first begins at `offset`.
    [[nodiscard]] std::uint64_t region_size(const Job& job, std::uint64_t offset, bool side_by_side,
                                            std::size_t regions) const {
        const std::uint64_t rest = capacity_ - offset;
        std::uint64_t size = rest / (side_by_side ? job.numjobs : 1);
        if (job.size.kind == Amount::Kind::kBytes) size = job.size.value / regions;
        if (job.size.kind == Amount::Kind::kPercent) {
            size = std::min(percent_of(capacity_, job.size.value), size);
        }
        return size - size % job.smallest_block();
    }

    /// Where the regions of the clones lie in one of the namespaces of a job.
    struct Layout {
        std::uint64_t offset = 0;
        std::uint64_t step = 0;
        std::uint64_t size = 0;
    };
    [[nodiscard]] std::optional<Layout> lay_out(const Job& job, std::size_t regions) {
        if (!block_sizes_fit(job)) return std::nullopt;
        Layout layout;
        layout.offset = position(job, job.offset);
        const bool side_by_side = lie_side_by_side(job);
        if (layout.offset >= capacity_) {
            fail(job, "offset " + std::to_string(layout.offset) + " is beyond the namespace of " +
                          std::to_string(capacity_) + " bytes");
            return std::nullopt;
        }
        layout.size = region_size(job, layout.offset, side_by_side, regions);
        layout.step = side_by_side ? layout.size : position(job, job.offset_increment);
        if (layout.offset % block_bytes_ == 0 && layout.step % block_bytes_ == 0) return layout;
        fail(job, "offset and offset_increment have to be multiples of the logical block size " +
                      std::to_string(block_bytes_));
        return std::nullopt;
    }

    void look_at(const JobMedium& medium) {
        capacity_ = medium.capacity;
        block_bytes_ = std::max<std::uint32_t>(medium.block_bytes, 1);
        cut_ = medium.cut;
    }

    void plan_job(const Job& job, unsigned index) {
        const JobMedia& media = media_[index];
        std::vector<Layout> layouts;
        for (const JobMedium& medium : media) {
            look_at(medium);
            const std::optional<Layout> layout = lay_out(job, media.size());
            if (!layout) return;
            layouts.push_back(*layout);
        }
        for (unsigned clone = 0; clone < job.numjobs; ++clone) {
            const std::size_t first = plan_.instances.size();
            for (unsigned region = 0; region < media.size(); ++region) {
                look_at(media[region]);
                if (!add_instance(job, index, clone, region, layouts[region])) return;
            }
            if (!set_io_size(job, first)) return;
        }
    }

    [[nodiscard]] bool add_instance(const Job& job, unsigned index, unsigned clone, unsigned region,
                                    const Layout& layout) {
        const UInt128 offset = UInt128{layout.offset} + UInt128{layout.step} * clone;
        std::uint64_t size = layout.size;
        const bool fixed = job.size.kind == Amount::Kind::kBytes;
        if (offset < capacity_ && offset + size > capacity_ && (!fixed || cut_)) {
            size = capacity_ - static_cast<std::uint64_t>(offset);
            size -= size % job.smallest_block();
            if (fixed) note_cut(job, size);
        }
        if (offset + size > capacity_) {
            fail(job, "the region of " + std::to_string(size) + " bytes of clone " +
                          std::to_string(clone) + " ends beyond the namespace of " +
                          std::to_string(capacity_) + " bytes");
            return false;
        }
        if (job.zone_size != 0 && size < zone_range_of(job)) {
            fail(job, "the region of " + std::to_string(size) + " bytes is smaller than a zone");
            return false;
        }
        if (size < job.largest_block()) {
            fail(job, "the region of " + std::to_string(size) +
                          " bytes is smaller than bs=" + std::to_string(job.largest_block()));
            return false;
        }
        if (job.verify && job.pattern.writes &&
            !VerifyLedger::fits(size, VerifyLedger::unit_of(job))) {
            fail(job, "verify would have to remember more than 2^28 blocks: reduce size");
            return false;
        }
        JobInstance instance;
        instance.job = job;
        // There may be many of both, and of clones.
        instance.job.filenames.clear();
        instance.job.options.clear();
        if (job.zone_range == 0) instance.job.zone_range = job.zone_size;
        instance.name = job.name;
        if (job.numjobs > 1) instance.name += "." + std::to_string(clone);
        instance.job_index = index;
        instance.clone = clone;
        instance.region = region;
        instance.offset = static_cast<std::uint64_t>(offset);
        instance.size = size;
        instance.seed = mix64(mix64(job.randseed, index), clone);
        if (region > 0) instance.seed = mix64(instance.seed, kRegionSeed + region);
        plan_.instances.push_back(std::move(instance));
        return true;
    }

    /// Of a clone whose instances begin at `first`.
    [[nodiscard]] bool set_io_size(const Job& job, std::size_t first) {
        const auto begin = plan_.instances.begin() + static_cast<std::ptrdiff_t>(first);
        std::uint64_t io_size = 0;
        for (auto instance = begin; instance != plan_.instances.end(); ++instance)
            io_size += instance->size;
        if (job.io_size.kind == Amount::Kind::kBytes) io_size = job.io_size.value;
        if (job.io_size.kind == Amount::Kind::kPercent)
            io_size = percent_of(io_size, job.io_size.value);
        if (io_size < job.smallest_block()) {
            fail(job, "io_size " + std::to_string(io_size) + " is smaller than bs");
            return false;
        }
        for (auto instance = begin; instance != plan_.instances.end(); ++instance)
            instance->io_size = io_size;
        return true;
    }

    [[nodiscard]] unsigned place_of(const JobInstance& instance) const {
        return media_[instance.job_index][instance.region].place;
    }

    /// What the host of the simulation needs for all jobs.
    void check_memory() {
        std::uint64_t bytes = 0;
        const JobInstance* most = nullptr;
        std::uint64_t most_bytes = 0;
        for (const JobInstance& instance : plan_.instances) {
            std::uint64_t own = AccessPattern::map_bytes(instance);
            if (instance.region == 0) own += VerifyBacklog::bytes(instance.job);
            if (instance.job.verify && instance.job.pattern.writes)
                own += VerifyLedger::bytes(instance.size, VerifyLedger::unit_of(instance.job));
            bytes += own;
            if (own <= most_bytes) continue;
            most_bytes = own;
            most = &instance;
        }
        if (bytes > kMaxRemembered)
            fail(most->job, "remembering touched and verified blocks needs " +
                                std::to_string(bytes >> 20) +
                                " MiB, 4096 MiB are allowed: reduce size, numjobs or "
                                "verify_backlog, or set norandommap");
    }

    /// Job `later` begins when `earlier` has ended, or when one has that waits for it.
    [[nodiscard]] bool waits_for(unsigned later, unsigned earlier) const {
        for (;;) {
            const Job& job = file_.jobs[later];
            if (job.wait_for.empty()) return false;
            if (file_.jobs[earlier].name == job.wait_for) return true;
            // check_job() has seen that there is one.
            do {
                if (later == 0) return false;
                --later;
            } while (file_.jobs[later].name != job.wait_for);
        }
    }

    /// How far regions of the jobs reach to the right, of which a sweep has seen the beginning.
    class Reaches {
    public:
        void extend(const JobInstance& instance) {
            const auto own = std::find_if(farthest_.begin(), farthest_.end(), [&](const auto* f) {
                return f->job_index == instance.job_index;
            });
            if (own == farthest_.end())
                farthest_.push_back(&instance);
            else if (end_of(instance) > end_of(**own))
                *own = &instance;
        }
        /// Of a job that runs at the same time; null: none reaches into it.
        [[nodiscard]] const JobInstance* rival_of(const JobInstance& instance,
                                                  const Planner& plan) const {
            for (const JobInstance* other : farthest_)
                if (end_of(*other) > instance.offset &&
                    !plan.waits_for(instance.job_index, other->job_index) &&
                    !plan.waits_for(other->job_index, instance.job_index))
                    return other;
            return nullptr;
        }

    private:
        static std::uint64_t end_of(const JobInstance& instance) {
            return instance.offset + instance.size;
        }
        std::vector<const JobInstance*> farthest_;  // one of each job
    };

    /// One sweep over the regions of each wave and place, ordered by offset: how far do regions
    /// that are changed, and regions that are checked, reach to the right?
    void check_overlaps() {
        std::vector<const JobInstance*> order;
        for (const JobInstance& instance : plan_.instances) order.push_back(&instance);
        const auto together = [this](const JobInstance* instance) {
            return std::pair(instance->job.wave, place_of(*instance));
        };
        std::stable_sort(order.begin(), order.end(), [&](const auto* a, const auto* b) {
            return std::pair(together(a), a->offset) < std::pair(together(b), b->offset);
        });
        Reaches changed;
        Reaches checked;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const JobInstance& next = *order[i];
            if (i > 0 && together(order[i - 1]) != together(order[i])) changed = checked = {};
            const JobInstance* rival = nullptr;
            if (checks_data(next.job)) rival = changed.rival_of(next, *this);
            if (rival == nullptr && changes_data(next.job)) rival = checked.rival_of(next, *this);
            if (rival != nullptr) {
                fail(next.job, "verify is impossible: '" + next.name + "' and '" + rival->name +
                                   "' run at the same time and share a region, and at least one of "
                                   "them changes it; separate them with offset or stonewall");
                return;
            }
            if (changes_data(next.job)) changed.extend(next);
            if (checks_data(next.job)) checked.extend(next);
        }
    }

    const JobFile& file_;
    const std::vector<JobMedia>& media_;
    // Of the medium that is being looked at.
    std::uint64_t capacity_ = 0;
    std::uint32_t block_bytes_ = 1;
    bool cut_ = false;
    JobPlan plan_;
};

}  // namespace

std::uint64_t bytes_of(const JobFile& file) {
    UInt128 most = 0;
    for (const Job& job : file.jobs) {
        // Zones are seen to be apart when there is a second one.
        const std::uint64_t zones = job.zone_size == 0 ? 0 : 2 * zone_range_of(job) + job.zone_skip;
        const std::uint64_t size = std::max(bytes_or_none(job.size), zones);
        const std::uint64_t step =
            lie_side_by_side(job) ? size : bytes_or_none(job.offset_increment);
        const UInt128 begin =
            UInt128{bytes_or_none(job.offset)} + UInt128{step} * (job.numjobs - 1);
        if (begin + size > most) most = begin + std::max<std::uint64_t>(size, job.largest_block());
    }
    return static_cast<std::uint64_t>(std::min<UInt128>(most, kMostJobBytes + 1));
}

JobPlan plan_jobs(const JobFile& file, const std::vector<JobMedia>& media) {
    return Planner{file, media}.run();
}

JobPlan plan_jobs(const JobFile& file, std::uint64_t capacity, std::uint32_t block_bytes) {
    return plan_jobs(
        file, std::vector<JobMedia>(file.jobs.size(), {JobMedium{capacity, block_bytes, 0}}));
}

}  // namespace platform
