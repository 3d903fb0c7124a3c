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

void MediaUse::access(util::TimePs told, util::TimePs begin, util::TimePs end) {
    if (end <= begin) return;
    pass(told);
    edges_.push({begin, true});
    edges_.push({end, false});
    busy_.add_interval(begin, end, 1);
}

/// All instants before `until`. Where one access ends and another one begins there are not two.
void MediaUse::pass(util::TimePs until) {
    while (!edges_.empty() && edges_.top().at < until) {
        const util::TimePs now = edges_.top().at;
        std::size_t begun = 0;
        std::size_t ended = 0;
        for (; !edges_.empty() && edges_.top().at == now; edges_.pop())
            ++(edges_.top().begins ? begun : ended);
        under_way_ = under_way_ + begun - ended;
        most_ = std::max(most_, under_way_);
    }
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
