// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "platform/config/program_config.h"
#include "sc_main/sweep/sweep_directory.h"

namespace nvme_vp {

/// How running the points of a sweep has ended.
enum class SweepEnd : unsigned char {
    kAll,      ///< all have been run
    kStopped,  ///< by a signal; nothing goes on
    kGivenUp   ///< standard error has the reason; what has been started may go on
};

/// What gets the runs of a sweep run.
class SweepEngine {
public:
    using Done = std::function<void(std::size_t)>;

    virtual ~SweepEngine() = default;
    /// Adds what it needs and does not find. Called before anything is made.
    virtual void check(std::vector<std::string>& problems) = 0;
    /// Runs all, and calls done(count) as they end. What has been run and has no good report then,
    /// has a log.
    [[nodiscard]] virtual SweepEnd run(const std::vector<SweepWork>& all,
                                       const SweepDirectory& directory, const Done& done) = 0;
};

/// The one that the user has chosen.
[[nodiscard]] std::unique_ptr<SweepEngine> make_engine(const platform::RunOptions& options);

}  // namespace nvme_vp
