// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sc_main/sweep/sweep_plan.h"
#include "sc_main/sweep/sweep_table.h"

namespace nvme_vp {

/// The axis of a sweep that is x in its plots: the one with the most values among those that have
/// numbers only ("4k" is one), or, where there is none, among all.
struct PlotX {
    std::size_t axis = 0;
    bool numeric = false;
    std::vector<double> places;  ///< of its values; 0, 1, 2... where they are no numbers

    /// The places are powers of two, and more than one.
    [[nodiscard]] bool logarithmic() const;
};
[[nodiscard]] PlotX plot_x(const SweepPlan& plan);

/// Rows of the table that differ in x alone.
struct PlotCurve {
    std::string title;  ///< in what it differs from the other curves; printable
    std::map<double, const SweepTable::Row*> rows;
};
/// All rows that have figures, in the order of the table.
[[nodiscard]] std::vector<PlotCurve> plot_curves(const SweepPlan& plan, const SweepTable& table,
                                                 const PlotX& x);

}  // namespace nvme_vp
