// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/plot_data.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <variant>

#include "platform/workload/units.h"

namespace nvme_vp {

namespace {

std::optional<double> number(const std::string& text) {
    const platform::ParsedNumber whole = platform::parse_number(text, 1024);
    if (const auto* value = std::get_if<std::uint64_t>(&whole)) return static_cast<double>(*value);
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

bool is_power_of_two(double value) {
    int exponent = 0;
    return value >= 1 && std::frexp(value, &exponent) == 0.5;
}

PlotX as_x(std::size_t axis, const std::vector<std::string>& values) {
    PlotX x{axis, values.size() > 1, {}};
    for (const std::string& value : values) {
        const std::optional<double> place = number(value);
        x.numeric = x.numeric && place;
        x.places.push_back(place.value_or(0));
    }
    if (!x.numeric)
        for (std::size_t i = 0; i != values.size(); ++i) x.places[i] = static_cast<double>(i);
    return x;
}

}  // namespace

bool PlotX::logarithmic() const {
    return numeric && std::all_of(places.begin(), places.end(), is_power_of_two);
}

PlotX plot_x(const SweepPlan& plan) {
    PlotX best;
    for (std::size_t i = 0; i != plan.axes().size(); ++i) {
        PlotX x = as_x(i, plan.axes()[i].values);
        if (std::pair(x.numeric, x.places.size()) > std::pair(best.numeric, best.places.size()))
            best = std::move(x);
    }
    return best;
}

std::vector<PlotCurve> plot_curves(const SweepPlan& plan, const SweepTable& table, const PlotX& x) {
    const std::size_t axes = plan.axes().size();
    const std::vector<const SweepTable::Row*> rows = table.with_figures();
    std::vector<std::size_t> telling;  // columns whose values tell one curve from another
    for (std::size_t i = 0; i != axes + SweepTable::kWordsBehindAxes; ++i) {
        std::set<std::string> values;
        for (const SweepTable::Row* row : rows) values.insert((*row)[i]);
        if (i != x.axis && values.size() > 1) telling.push_back(i);
    }
    std::vector<PlotCurve> curves;
    std::map<std::vector<std::string>, std::size_t> known;
    const std::vector<std::string>& values = plan.axes()[x.axis].values;
    for (const SweepTable::Row* row : rows) {
        std::vector<std::string> key;
        std::string title;
        for (const std::size_t i : telling) {
            key.push_back((*row)[i]);
            title += title.empty() ? "" : " ";
            if (i < axes) title += platform::printable(plan.axes()[i].name) + "=";
            title += platform::printable((*row)[i]);
        }
        const auto [curve, is_new] = known.emplace(std::move(key), curves.size());
        if (is_new) curves.push_back({std::move(title), {}});
        const auto place = std::find(values.begin(), values.end(), (*row)[x.axis]);
        curves[curve->second].rows[x.places[static_cast<std::size_t>(place - values.begin())]] =
            row;
    }
    return curves;
}

}  // namespace nvme_vp
