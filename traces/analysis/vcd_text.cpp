// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/vcd_text.h"

#include <algorithm>

namespace analysis {

void VcdText::fill() {
    const auto gone = buffer_.begin() + static_cast<std::ptrdiff_t>(at_);
    const auto behind = buffer_.begin() + static_cast<std::ptrdiff_t>(end_);
    lines_ += static_cast<std::uint64_t>(std::count(buffer_.begin(), gone, '\n'));
    std::copy(gone, behind, buffer_.begin());
    end_ -= at_;
    at_ = 0;
    buffer_.resize(kPiece + 1);
    file_.read(buffer_.data() + end_, static_cast<std::streamsize>(kPiece - end_));
    const auto read = static_cast<std::size_t>(file_.gcount());
    ended_ = end_ + read < kPiece;
    end_ += read;
    buffer_[end_] = '\0';
}

std::string_view VcdText::none(std::size_t size) {
    if (size != 0)
        problem_ = "there is a word of more than 65536 characters";
    else if (at_ != end_)
        problem_ = "there is a byte that is no text";
    return {};
}

std::uint64_t VcdText::line() const {
    const auto at = buffer_.begin() + static_cast<std::ptrdiff_t>(at_);
    return lines_ + static_cast<std::uint64_t>(std::count(buffer_.begin(), at, '\n')) + 1;
}

}  // namespace analysis
