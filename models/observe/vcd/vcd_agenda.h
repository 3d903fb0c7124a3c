// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/util/time.h"

namespace observe {

/// A signal of a VcdWriter.
enum class VcdSignal : std::uint32_t { kNone = 0xffff'ffff /**< nobody wants to see it */ };

class VcdAgenda;

/// Is called when a time has come that an event has told before; not after its destruction.
class VcdAlarm {
public:
    explicit VcdAlarm(VcdAgenda& agenda) : agenda_(agenda) {}
    virtual ~VcdAlarm();
    VcdAlarm(const VcdAlarm&) = delete;
    VcdAlarm& operator=(const VcdAlarm&) = delete;

    virtual void due(std::uint64_t payload) = 0;

private:
    VcdAgenda& agenda_;
};

/// What will happen, by time; at the same time, in the order in which it was added.
class VcdAgenda {
public:
    struct Item {
        util::TimePs at;
        std::uint64_t order;
        VcdAlarm* alarm;        ///< null: a change of `signal`
        std::uint64_t payload;  ///< of the alarm, or the difference
        VcdSignal signal;
    };

    [[nodiscard]] util::TimePs next() const {
        return heap_.empty() ? util::kNever : heap_.front().at;
    }
    void add(util::TimePs at, VcdAlarm* alarm, std::uint64_t payload, VcdSignal signal);
    /// The first item, which must exist, and is no longer there.
    Item take();
    /// Forgets what was to be told to `alarm`.
    void cancel(const VcdAlarm& alarm);

private:
    std::vector<Item> heap_;
    std::uint64_t count_ = 0;
};

}  // namespace observe
