// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace analysis {

/// What is remembered of commands in flight, by queue and identifier. A table with places for twice
/// as many, in which a command is in the first free one from that of its key on; nothing is
/// allocated once it is as large as there were commands in flight at one time.
template <typename T>
class Flights {
public:
    /// Null: there is none. Holds until the next take() or erase().
    [[nodiscard]] T* find(std::uint32_t key) {
        for (std::size_t i = place(key); places_[i].taken; i = next(i))
            if (places_[i].key == key) return &places_[i].value;
        return nullptr;
    }
    /// Instead of one with the same key, if there is any.
    T& take(std::uint32_t key, const T& value) {
        if (T* const known = find(key)) return *known = value;
        if (2 * (count_ + 1) > places_.size()) grow();
        ++count_;
        return put(key, value);
    }
    void erase(std::uint32_t key) {
        std::size_t hole = place(key);
        while (places_[hole].taken && places_[hole].key != key) hole = next(hole);
        if (!places_[hole].taken) return;
        places_[hole].taken = false;
        --count_;
        // Those behind it that would not be found any more move up.
        for (std::size_t i = next(hole); places_[i].taken; i = next(i)) {
            const std::size_t home = place(places_[i].key);
            if (((i - home) & mask()) < ((i - hole) & mask())) continue;
            places_[hole] = places_[i];
            places_[i].taken = false;
            hole = i;
        }
    }
    void clear() {
        std::fill(places_.begin(), places_.end(), Place{});
        count_ = 0;
    }

private:
    struct Place {
        T value{};
        std::uint32_t key = 0;
        bool taken = false;
    };

    [[nodiscard]] std::size_t mask() const { return places_.size() - 1; }
    [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & mask(); }
    /// Identifiers of a queue mostly follow upon each other; queues lie apart.
    [[nodiscard]] std::size_t place(std::uint32_t key) const {
        return (key + (key >> 16) * 0x9e37u) & mask();
    }
    T& put(std::uint32_t key, const T& value) {
        std::size_t i = place(key);
        while (places_[i].taken) i = next(i);
        places_[i] = {value, key, true};
        return places_[i].value;
    }
    void grow() {
        std::vector<Place> before(2 * places_.size());
        before.swap(places_);
        for (const Place& each : before)
            if (each.taken) put(each.key, each.value);
    }

    std::vector<Place> places_ = std::vector<Place>(64);  // a power of two
    std::size_t count_ = 0;
};

}  // namespace analysis
