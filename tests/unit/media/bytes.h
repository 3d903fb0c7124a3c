// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <vector>

#include "models/media/store/block_store.h"

namespace media {

inline void PrintTo(IoStatus status, std::ostream* out) {
    static constexpr const char* kNames[] = {"kOk",        "kOutOfRange", "kReadOnly",
                                             "kReadError", "kWriteError", "kTryLater"};
    *out << kNames[static_cast<unsigned>(status)];
}

namespace test {

using Bytes = std::vector<std::byte>;

inline Bytes filled(std::size_t length, unsigned value) {
    return Bytes(length, static_cast<std::byte>(value));
}

/// What the store shows at [offset, offset + length); fails the test when it cannot be read.
inline Bytes content(BlockStore& store, std::uint64_t offset, std::size_t length) {
    Bytes bytes = filled(length, 0xee);
    EXPECT_EQ(store.read(offset, bytes.data(), length), IoStatus::kOk);
    return bytes;
}

inline IoStatus put(BlockStore& store, std::uint64_t offset, const Bytes& bytes) {
    return store.write(offset, bytes.data(), bytes.size());
}

}  // namespace test
}  // namespace media
