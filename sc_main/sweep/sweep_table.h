// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sc_main/sweep/sweep_plan.h"

namespace nvme_vp {

/// The results of a sweep: a row for each point, job and kind of request.
class SweepTable {
public:
    explicit SweepTable(const SweepPlan& plan);

    /// What a point's report says.
    void add(std::size_t point, const nlohmann::json& report);
    /// The point has no report.
    void add_failed(std::size_t point, const std::string& why);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string csv() const;

private:
    const SweepPlan& plan_;
    std::vector<std::vector<std::string>> rows_;  // the first is the head
};

}  // namespace nvme_vp
