// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <istream>
#include <streambuf>
#include <vector>

namespace analysis {

/// Told now and then how many bytes of a file have been read.
using ReadingProgress = std::function<void(std::uint64_t bytes)>;

/// Gives the bytes of a file, and tells how many these were.
class WatchedFile final : public std::streambuf {
public:
    /// `file` outlives it. `told` may be empty.
    WatchedFile(std::istream& file, ReadingProgress told);

protected:
    int_type underflow() override;

private:
    std::istream& file_;
    const ReadingProgress told_;
    std::vector<char> piece_;
    std::uint64_t read_ = 0;
};

}  // namespace analysis
