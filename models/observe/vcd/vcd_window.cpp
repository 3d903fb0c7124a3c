// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_window.h"

#include <utility>

namespace observe {

void VcdHistory::begin_piece(util::TimePs now, std::string values) {
    older_ = std::move(newer_);
    newer_ = {now, std::move(values), {}};
}

std::string VcdHistory::take() {
    const bool two = !older_.text.empty();
    std::string all = std::move(two ? older_.values : newer_.values);
    all += older_.text;
    all += newer_.text;
    older_ = newer_ = {};
    return all;
}

}  // namespace observe
