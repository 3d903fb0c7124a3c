// SPDX-License-Identifier: Apache-2.0
#include "models/observe/trace_filter.h"

#include <algorithm>
#include <charconv>

namespace observe {
namespace {

constexpr std::uint32_t kMostQueue = 0xffff;

struct Name {
    std::string_view text;
    bool detail;
};

template <typename... E>
std::vector<Name> names_of(EventTypes<E...>) {
    // Traces of commands leave data buffers out, too.
    return {Name{E::kName, kIsDetail<E> || std::is_same_v<E, DataBuffer>}...};
}

const std::vector<Name>& names() {
    static const std::vector<Name> all = names_of(Events{});
    return all;
}

/// Calls take(item) for what commas separate and is not empty, until one returns false.
template <typename Take>
void for_each_item(std::string_view list, Take take) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (end != 0 && !take(list.substr(0, end))) return;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

bool read_number(std::string_view text, std::uint32_t& number) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end && number <= kMostQueue;
}

}  // namespace

const std::vector<std::string_view>& TraceSelection::event_names() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> texts;
        for (const Name& name : names()) texts.push_back(name.text);
        return texts;
    }();
    return all;
}

std::string TraceSelection::choose_events(std::string_view list) {
    std::string wrong;
    for_each_item(list, [&](std::string_view item) {
        const auto& all = event_names();
        const auto found = std::find(all.begin(), all.end(), item);
        if (found == all.end()) {
            wrong = item;
            return false;
        }
        events_.resize(all.size());
        events_[static_cast<std::size_t>(found - all.begin())] = true;
        return true;
    });
    return wrong;
}

std::string TraceSelection::choose_queues(std::string_view list) {
    std::string wrong;
    for_each_item(list, [&](std::string_view item) {
        const std::size_t dash = item.find('-');
        std::uint32_t first = 0, last = 0;
        const bool good = read_number(item.substr(0, dash), first) &&
                          read_number(dash == item.npos ? item : item.substr(dash + 1), last) &&
                          first <= last;
        if (!good) {
            wrong = item;
            return false;
        }
        if (queues_.size() <= last) queues_.resize(last + 1);
        std::fill(queues_.begin() + first, queues_.begin() + last + 1, true);
        return true;
    });
    return wrong;
}

bool TraceSelection::names_a_detail() const {
    for (std::size_t i = 0; i < events_.size(); ++i)
        if (events_[i] && names()[i].detail) return true;
    return false;
}

}  // namespace observe
