// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sc_main/sweep/sweep_plan.h"

namespace nvme_vp {

/// The results of a sweep: a row for each point, job and kind of request.
class SweepTable {
public:
    using Row = std::vector<std::string>;
    /// Columns between those of the axes and the figures: job and kind of request.
    static constexpr std::size_t kWordsBehindAxes = 2;

    explicit SweepTable(const SweepPlan& plan);

    /// What a point's report says.
    void add(std::size_t point, const nlohmann::json& report);
    /// The point has no report.
    void add_failed(std::size_t point, const std::string& why);

    /// Those of points that have a report.
    [[nodiscard]] std::vector<const Row*> with_figures() const;
    /// The number of the column with this name of a figure.
    [[nodiscard]] std::size_t column(std::string_view figure) const;

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string csv() const;

private:
    const SweepPlan& plan_;
    std::vector<Row> rows_;  // the first is the head
};

}  // namespace nvme_vp
