// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <istream>
#include <string>

#include "models/observe/trace.h"

namespace observe {

/// Reads what a TextTrace has written, and records each event to `sink` as it was. Keys that an
/// event does not have are passed over, and so are notes, which follow from the rest. Stops at the
/// first line that is not understood, or is not whole, as of a run that was cut off: returns its
/// number and what is wrong, empty at the end of a good file.
[[nodiscard]] std::string read_text_trace(std::istream& file, TraceSink& sink);

}  // namespace observe
