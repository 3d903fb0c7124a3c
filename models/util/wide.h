// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace util {

/// 128-bit intermediate results. The attribute silences -Wpedantic: ISO C++ has no such type.
__extension__ typedef unsigned __int128 UInt128;

}  // namespace util
