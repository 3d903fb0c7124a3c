// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "models/util/time.h"

namespace platform {

/// A number, or why the text is none: a phrase that continues "bs=4x: ".
using ParsedNumber = std::variant<std::uint64_t, std::string>;

/// A number as fio writes it: decimal or 0x hexadecimal, then optionally k, m, g, t or p, an "i",
/// and "b", in any case. With kb_base 1024 (fio's default) "4k" is 4096 and "4ki" is 4000; with
/// 1000 it is the other way round. [fio 3.33 fio(1) Parameter types]
/// Stricter than fio, which ignores what it does not know: a sign, a fraction, an unknown suffix
/// and a value above 2^64 - 1 are errors.
[[nodiscard]] ParsedNumber parse_number(std::string_view text, unsigned kb_base);

/// A time in ps: a number and optionally us or usec, ms or msec, s or sec, m, h, d in any case.
/// Without a unit the number counts `default_unit` ps.
[[nodiscard]] ParsedNumber parse_time(std::string_view text, util::TimePs default_unit);

/// Text for a message: at most 60 characters, unprintable ones as '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace platform
