// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/watched_file.h"

#include <utility>

namespace analysis {

namespace {

constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

WatchedFile::WatchedFile(std::istream& file, ReadingProgress told)
    : file_(file), told_(std::move(told)), piece_(kPiece) {}

WatchedFile::int_type WatchedFile::underflow() {
    file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    const std::streamsize count = file_.gcount();
    read_ += static_cast<std::uint64_t>(count);
    if (told_) told_(read_);
    setg(piece_.data(), piece_.data(), piece_.data() + count);
    return count == 0 ? traits_type::eof() : traits_type::to_int_type(piece_.front());
}

}  // namespace analysis
