// SPDX-License-Identifier: Apache-2.0
#include "models/observe/trace_filter.h"

#include <algorithm>
#include <charconv>

#include "models/util/text_part.h"

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
    const auto& all = event_names();
    while (!list.empty()) {
        const std::string_view item = util::take_part(list, ',');
        if (item.empty()) continue;
        const auto found = std::find(all.begin(), all.end(), item);
        if (found == all.end()) return std::string{item};
        events_.resize(all.size());
        events_[static_cast<std::size_t>(found - all.begin())] = true;
    }
    return {};
}

std::string TraceSelection::choose_queues(std::string_view list) {
    while (!list.empty()) {
        const std::string_view item = util::take_part(list, ',');
        if (item.empty()) continue;
        const std::size_t dash = item.find('-');
        std::uint32_t first = 0, last = 0;
        const bool good = read_number(item.substr(0, dash), first) &&
                          read_number(dash == item.npos ? item : item.substr(dash + 1), last) &&
                          first <= last;
        if (!good) return std::string{item};
        if (queues_.size() <= last) queues_.resize(last + 1);
        std::fill(queues_.begin() + first, queues_.begin() + last + 1, true);
    }
    return {};
}

bool TraceSelection::names_a_detail() const {
    for (std::size_t i = 0; i < events_.size(); ++i)
        if (events_[i] && names()[i].detail) return true;
    return false;
}

}  // namespace observe
