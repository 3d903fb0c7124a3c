// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/observe/vcd/vcd_views.h"

/// What a viewer shows, whichever it is: its files are made from this.
namespace observe {

enum class VcdForm : std::uint8_t { kBits, kNumber, kHex, kLevel /**< a curve */ };
enum class VcdColour : std::uint8_t { kGreen, kRed, kOrange, kYellow, kBlue, kViolet };

struct VcdRow {
    std::string signal;
    std::string shown;  ///< its name for people
    unsigned width;     ///< bits; 0: an event
    VcdForm form;
    VcdColour colour;
    std::string filter;  ///< that names its values; empty: none
};
struct VcdGroup {
    std::string name;
    bool open;  ///< at first
    std::vector<VcdRow> rows;
};

/// Of the signals that the view has, those of queues and controllers that a person looks at; and
/// all that are no controller's. No group is empty.
[[nodiscard]] std::vector<VcdGroup> vcd_layout(const VcdView& view);

}  // namespace observe
