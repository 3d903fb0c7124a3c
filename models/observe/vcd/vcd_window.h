// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>

#include "models/util/time.h"

namespace observe {

/// Which part of a simulation a VCD file shows.
struct VcdWindow {
    util::TimePs from = 0;
    util::TimePs to = util::kNever;  ///< included
    bool triggered = false;          ///< only from a trigger on, and what led to it
    /// So much before the trigger is shown at least.
    util::TimePs before = 100 * util::kPsPerUs;

    [[nodiscard]] bool has(util::TimePs time) const { return time >= from && time <= to; }
};

/// The text of the last while: what led to a trigger, when one comes. Two pieces, of which the
/// older one is given up when the newer one is as long as the while.
class VcdHistory {
public:
    explicit VcdHistory(util::TimePs length) : length_(length) {}

    [[nodiscard]] bool wants_piece(util::TimePs now) const {
        return newer_.text.empty() || now - newer_.begin > length_;
    }
    /// `values`: the complete state that the piece begins with.
    void begin_piece(util::TimePs now, std::string values);
    [[nodiscard]] std::string& text() { return newer_.text; }
    /// A state and all that has changed since; nothing is left.
    [[nodiscard]] std::string take();

private:
    struct Piece {
        util::TimePs begin = 0;
        std::string values, text;
    };
    const util::TimePs length_;
    Piece older_, newer_;
};

}  // namespace observe
