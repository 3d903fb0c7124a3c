// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/resource_use.h"

#include <algorithm>

namespace analysis {

void LinkUse::transfer(util::TimePs start, util::TimePs done, std::uint64_t bytes) {
    const util::TimePs from = std::max(start, std::min(last_done_, done));
    const double took = static_cast<double>(done - std::min(from, done));
    if (bytes != 0) {
        const double each = took / static_cast<double>(bytes);
        // Behind another one there is no way to the host in it.
        const bool behind = from > start;
        if (each > 0 && (ps_per_byte_ == 0 || (behind && each < ps_per_byte_))) ps_per_byte_ = each;
    }
    const auto wire = static_cast<util::TimePs>(ps_per_byte_ * static_cast<double>(bytes));
    const util::TimePs begin = std::max(from, done - std::min(done, wire));
    busy_.add_interval(begin, done, 1);
    last_done_ = std::max(last_done_, done);
}

void MediaUse::access(util::TimePs begin, util::TimePs end) {
    if (end <= begin) return;
    while (!ends_.empty() && ends_.top() <= begin) ends_.pop();
    ends_.push(end);
    most_ = std::max(most_, ends_.size());
    busy_.add_interval(begin, end, 1);
}

void MediaUse::level(util::TimePs begin, util::TimePs end, std::size_t under_way) {
    if (end <= begin || under_way == 0) return;
    most_ = std::max(most_, under_way);
    busy_.add_interval(begin, end, static_cast<double>(under_way));
}

void DecoderUse::decoded(util::TimePs at, util::TimePs took) {
    least_ = std::min(least_, took);
    commands_.add(at, 1);
}

void UnitsUse::expect(std::uint32_t units) {
    units_.resize(std::max<std::size_t>(units_.size(), std::min(units, kMost)));
}

void UnitsUse::work(std::uint32_t unit, util::TimePs begin, util::TimePs end) {
    if (end <= begin || unit >= kMost) return;
    expect(unit + 1);
    units_[unit].add_interval(begin, end, 1);
}

std::vector<double> UnitsUse::between(util::TimePs begin, util::TimePs end) const {
    std::vector<double> fractions;
    for (const TimeSeries& unit : units_) {
        const TimeSeries::Part part = unit.between(begin, end);
        const double all = static_cast<double>(part.length);
        fractions.push_back(part.length == 0 ? 0 : std::min(1.0, part.sum / all));
    }
    return fractions;
}

}  // namespace analysis
