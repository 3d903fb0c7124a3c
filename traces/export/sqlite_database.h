// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// All of it as the bytes of a SQLite database; docs/analysis.md has the tables. Throws
/// std::runtime_error when SQLite has no memory for it.
[[nodiscard]] std::string sqlite_database(const Analysis& analysis);

}  // namespace analysis
