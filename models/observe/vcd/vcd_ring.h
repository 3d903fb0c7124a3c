// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace observe {

/// The end of a queue that the host moves: what it has written, as far as anybody can know. It
/// writes a doorbell, which the queue's process sees later; or, with shadow doorbells, a place in
/// its memory, of which the first that is seen is that the process has taken note of it.
class VcdRing {
public:
    /// The queue has so many entries, and is empty. 0: it does not exist, or nobody knows.
    void begin(std::uint32_t entries) {
        *this = VcdRing{};
        entries_ = entries;
    }
    /// The host has written the doorbell. How many entries further it is.
    std::uint32_t ring(std::uint16_t value) {
        on_its_way_ = true;
        return move(value);
    }
    /// The queue's process goes by `value`. How many entries further the host is.
    std::uint32_t see(std::uint16_t value) {
        if (on_its_way_ && ahead(seen_, value) >= ahead(seen_, at_)) on_its_way_ = false;
        seen_ = value;
        return on_its_way_ ? 0 : move(value);
    }
    [[nodiscard]] std::uint16_t at() const { return at_; }

private:
    [[nodiscard]] std::uint32_t ahead(std::uint32_t from, std::uint32_t to) const {
        if (entries_ == 0) return to >= from ? to - from : 0;
        return (to % entries_ + entries_ - from % entries_) % entries_;
    }
    std::uint32_t move(std::uint16_t value) {
        const std::uint32_t further = ahead(at_, value);
        at_ = value;
        return further;
    }

    std::uint32_t entries_ = 0;
    std::uint16_t at_ = 0, seen_ = 0;
    bool on_its_way_ = false;  // what the host wrote last
};

}  // namespace observe
