// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "platform/workload/access_pattern.h"
#include "platform/workload/job_plan.h"
#include "platform/workload/verify_ledger.h"

namespace platform {

/// One of the regions that a clone of a job works on: what is done there, and how far it is.
struct JobRegion {
    explicit JobRegion(const JobInstance& instance_);

    JobInstance instance;
    AccessPattern pattern;
    std::optional<VerifyLedger> ledger;  ///< of a job that writes and verifies
    VerifyFormat format;                 ///< of a job that verifies what others have written
    std::uint64_t left;                  ///< bytes until all of the region had its turn
    bool unflushed = false;
};

/// The regions of a clone, one on each of its namespaces, and whose turn it is. Requests go to them
/// in turns; one that has had its bytes is left out until all have had theirs. A Flush takes the
/// turn of a request. [fio 3.33 fio(1) file_service_type=roundrobin; io_u.c, get_next_file_rr()]
class JobRegions {
public:
    explicit JobRegions(const std::vector<JobInstance>& instances);

    /// Makes it the turn of the next one.
    [[nodiscard]] unsigned take_turn();
    /// All of them have had their bytes.
    [[nodiscard]] bool exhausted() const;
    /// As at the start of a loop. Whose turn it is stays.
    void rewind();

    [[nodiscard]] JobRegion& operator[](std::size_t i) { return regions_[i]; }
    [[nodiscard]] const JobRegion& operator[](std::size_t i) const { return regions_[i]; }
    [[nodiscard]] std::size_t size() const { return regions_.size(); }
    [[nodiscard]] auto begin() { return regions_.begin(); }
    [[nodiscard]] auto end() { return regions_.end(); }

private:
    void refill();

    std::vector<JobRegion> regions_;
    const std::uint32_t smallest_block_;
    unsigned turn_ = 0;
};

}  // namespace platform
