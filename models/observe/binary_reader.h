// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <istream>
#include <string>

#include "models/observe/trace.h"

namespace observe {

/// Reads what a BinaryTrace has written, and records each event to `sink` as it was. A block that
/// is damaged is left out, and reading goes on with the next. Events, fields and words that this
/// version does not know are left out, too. Returns one line: what was first found wrong, at which
/// byte, and how much is missing; empty when all is there. Takes a few MiB, whatever the bytes are.
[[nodiscard]] std::string read_binary_trace(std::istream& file, TraceSink& sink);

}  // namespace observe
