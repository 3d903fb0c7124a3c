// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "platform/vfio_user/unique_fd.h"
#include "sc_main/sweep/sweep_plan.h"

namespace nvme_vp {

/// A run of this program: one point of a sweep.
struct SweepWork {
    std::size_t point;
    std::vector<std::string> words;  ///< behind the name of the program
    std::string report;              ///< that it writes; removed when it ends badly
    std::string log;                 ///< what it says goes there; removed when it ends well
};

/// What a sweep varies, and what all of its runs have.
struct SweepOrder {
    std::string over;                ///< the plan, as a text
    std::vector<std::string> words;  ///< the options of each run
    std::string job_set;
    std::vector<std::string> files;  ///< that the runs read
};

/// The files of one sweep: sweep.json says which one it is, and each point has a report when it has
/// been run well, or a log when it has not.
class SweepDirectory {
public:
    explicit SweepDirectory(std::filesystem::path path) : path_(std::move(path)) {}

    /// Makes it where it is not there. A problem when it holds another sweep, or when somebody else
    /// works in it: until the end of this object nobody else does.
    void open(const SweepOrder& order, std::vector<std::string>& problems);
    /// What open() has written there for a sweep that goes on now. A problem when this is not the
    /// program that began it, or does not find the same files.
    [[nodiscard]] SweepOrder order(std::vector<std::string>& problems) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path log(std::size_t point) const;
    /// The report of a point that has been run well; nothing if there is none.
    [[nodiscard]] std::optional<nlohmann::json> report(std::size_t point) const;
    /// The points of which there are reports, good or not.
    [[nodiscard]] std::vector<std::size_t> reported() const;
    [[nodiscard]] SweepWork work(const SweepPlan& plan, const SweepOrder& order,
                                 std::size_t point) const;
    /// Reports that killed runs have not completed.
    void remove_unfinished() const;

private:
    [[nodiscard]] std::filesystem::path file_of(std::size_t point, const char* ending) const;
    [[nodiscard]] std::string where() const { return "out = \"" + path_.string() + "\": "; }

    const std::filesystem::path path_;
    platform::vfio_user::UniqueFd lock_;
};

}  // namespace nvme_vp
