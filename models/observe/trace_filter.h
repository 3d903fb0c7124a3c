// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/observe/trace.h"

namespace observe {

/// Which events a trace is to hold. What says nothing chooses all.
class TraceSelection {
public:
    util::TimePs from = 0;
    util::TimePs to = util::kNever;  ///< included

    /// Names of events, separated by commas. Empty, or the first that is none.
    [[nodiscard]] std::string choose_events(std::string_view names);
    /// Queue identifiers and ranges of them, separated by commas: "0,4-7". What happens to no queue
    /// is not affected. Empty, or the first that is neither.
    [[nodiscard]] std::string choose_queues(std::string_view numbers);

    [[nodiscard]] bool chooses_all() const {
        return events_.empty() && queues_.empty() && from == 0 && to == util::kNever;
    }
    /// An event that only sinks are told of that want details.
    [[nodiscard]] bool names_a_detail() const;

    template <typename E>
    [[nodiscard]] bool has(const E& event) const {
        if (event.ps < from || event.ps > to) return false;
        if (!events_.empty() && !events_[index_of<E>()]) return false;
        if (queues_.empty()) return true;
        FindQueue queue;
        E::fields(event, queue);
        return queue.id == kNoId || (queue.id < queues_.size() && queues_[queue.id]);
    }

    [[nodiscard]] static const std::vector<std::string_view>& event_names();

private:
    /// Visitor of an event's fields: the first queue that it names.
    struct FindQueue : WithoutNotes {
        std::uint32_t id = kNoId;

        template <typename T>
        void dec(std::string_view key, const T& value) {
            if (id == kNoId && (key == "sqid" || key == "qid"))
                id = static_cast<std::uint32_t>(value);
        }
        void id_or_none(std::string_view key, std::uint32_t value) { dec(key, value); }
        template <typename T>
        void hex(std::string_view, const T&) {}
        template <typename T>
        void hex_or_none(std::string_view, const T&) {}
        template <typename T>
        void word(std::string_view, const T&) {}
        void either(std::string_view, bool, std::string_view, std::string_view) {}
        void token(std::string_view, std::string_view) {}
        void text(std::string_view, std::string_view) {}
    };
    template <typename E>
    [[nodiscard]] static constexpr std::size_t index_of();

    std::vector<bool> events_;  // in the order of the list of events; empty: all
    std::vector<bool> queues_;  // empty: all
};

namespace detail {

template <typename E, typename... All>
constexpr std::size_t index_in(EventTypes<All...>) {
    std::size_t index = 0;
    bool found = false;
    ((found = found || std::is_same_v<E, All>, index += found ? 0 : 1), ...);
    return index;
}

}  // namespace detail

template <typename E>
constexpr std::size_t TraceSelection::index_of() {
    return detail::index_in<E>(Events{});
}

/// Passes on to another sink what a selection has.
class TraceFilter final : public EveryEvent<TraceFilter> {
public:
    /// `sink` must live as long as the filter records.
    TraceFilter(const TraceSelection& selection, TraceSink& sink)
        : selection_(selection), sink_(sink) {}

    [[nodiscard]] bool wants_details() const override { return sink_.wants_details(); }

    template <typename E>
    void every(const E& event) {
        if (selection_.has(event)) sink_.record(event);
    }

private:
    const TraceSelection selection_;
    TraceSink& sink_;
};

}  // namespace observe
