// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace observe {

struct VcdDeclaration {
    std::string name;  ///< with its scopes, separated by dots
    unsigned width;    ///< 0: an event
};

/// Everything up to $enddefinitions; the code of a signal is that of its index (vcd_code). Signals
/// of one scope stand together, scopes and signals in the order in which they came.
void append_vcd_header(std::string& out, const std::vector<VcdDeclaration>& declarations);

}  // namespace observe
