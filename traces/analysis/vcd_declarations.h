// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "models/util/time.h"
#include "traces/analysis/vcd_codes.h"
#include "traces/analysis/vcd_reader.h"
#include "traces/analysis/vcd_words.h"

namespace analysis {

/// What stands before the changes of a VCD file.
class VcdDeclarations {
public:
    VcdDeclarations(VcdWords& words, VcdListener& listener) : words_(words), listener_(listener) {}

    /// Up to $enddefinitions. False: they are not whole, and words.problem() may say why.
    [[nodiscard]] bool read();
    /// Of the signals that the listener wants.
    [[nodiscard]] const VcdCodes& codes() const { return codes_; }
    /// A time of the file, times and divided by these, is in ps.
    [[nodiscard]] util::TimePs multiply() const { return multiply_; }
    [[nodiscard]] util::TimePs divide() const { return divide_; }

private:
    [[nodiscard]] bool read_declaration(std::string_view keyword);
    [[nodiscard]] bool read_scale();
    [[nodiscard]] bool read_scope();
    [[nodiscard]] bool read_variable();
    void leave_scope();

    VcdWords& words_;
    VcdListener& listener_;
    VcdCodes codes_;
    std::string scope_;  // with a dot behind each, as far as it is not too long
    std::size_t scopes_too_deep_ = 0;
    util::TimePs multiply_ = 1, divide_ = 1;
};

}  // namespace analysis
