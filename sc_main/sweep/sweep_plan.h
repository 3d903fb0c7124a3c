// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nvme_vp {

/// What a sweep varies: a controller's parameter, an option of `run`, or an option of the job.
struct SweepAxis {
    enum class Kind { kParameter, kOption, kJobOption };
    std::string name;  ///< as the user calls it
    Kind kind;
    std::vector<std::string> values;
};

/// Whether an option says how a sweep is made, and nothing about its runs.
[[nodiscard]] bool is_option_of_sweep(std::string_view name);

/// Every combination of the values of the axes, the last axis changing fastest.
class SweepPlan {
public:
    static constexpr std::size_t kMostPoints = 100'000;

    SweepPlan() = default;
    /// `over`: NAME=VALUE,VALUE... separated by blanks. What is wrong is added to `problems`.
    SweepPlan(std::string_view over, std::vector<std::string>& problems);

    [[nodiscard]] const std::vector<SweepAxis>& axes() const { return axes_; }
    [[nodiscard]] std::size_t points() const;
    /// The value of each axis.
    [[nodiscard]] std::vector<std::string> values(std::size_t point) const;
    /// The words that make a run of `base`, the words of the user's own, the point. `job_set` is
    /// what the user sets of the job beside.
    [[nodiscard]] std::vector<std::string> arguments(std::size_t point,
                                                     const std::vector<std::string>& base,
                                                     const std::string& job_set) const;

private:
    void add(std::string_view word, std::vector<std::string>& problems);

    std::vector<SweepAxis> axes_;
};

}  // namespace nvme_vp
