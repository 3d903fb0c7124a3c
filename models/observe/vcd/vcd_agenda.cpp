// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_agenda.h"

#include <algorithm>

namespace observe {

namespace {

/// For a heap with the first item on top.
struct Later {
    bool operator()(const VcdAgenda::Item& a, const VcdAgenda::Item& b) const {
        return a.at != b.at ? a.at > b.at : a.order > b.order;
    }
};

}  // namespace

void VcdAgenda::add(util::TimePs at, VcdAlarm* alarm, std::uint64_t payload, VcdSignal signal) {
    heap_.push_back({at, count_++, alarm, payload, signal});
    std::push_heap(heap_.begin(), heap_.end(), Later());
}

VcdAgenda::Item VcdAgenda::take() {
    std::pop_heap(heap_.begin(), heap_.end(), Later());
    const Item item = heap_.back();
    heap_.pop_back();
    return item;
}

void VcdAgenda::cancel(const VcdAlarm& alarm) {
    const auto its = [&alarm](const Item& item) { return item.alarm == &alarm; };
    heap_.erase(std::remove_if(heap_.begin(), heap_.end(), its), heap_.end());
    std::make_heap(heap_.begin(), heap_.end(), Later());
}

VcdAlarm::~VcdAlarm() {
    agenda_.cancel(*this);
}

}  // namespace observe
