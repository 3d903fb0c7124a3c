// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/followed_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace nvme_trace {

namespace {

constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

FollowedFile::FollowedFile(const std::string& path, Goes goes_on)
    : path_(path), goes_on_(std::move(goes_on)), file_(path, std::ios::binary), piece_(kPiece) {
    std::error_code ignored;
    if (!file_)
        problem_ = std::strerror(errno);
    else if (std::filesystem::is_directory(path, ignored))
        problem_ = "is a directory, not an event trace";
}

bool FollowedFile::is_shorter() const {
    std::error_code wrong;
    const std::uintmax_t size = std::filesystem::file_size(path_, wrong);
    return !wrong && size < read_;
}

FollowedFile::int_type FollowedFile::underflow() {
    for (bool at_end = false;; at_end = true) {
        if (!problem_.empty() || !goes_on_(at_end)) return traits_type::eof();
        file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
        const std::streamsize count = file_.gcount();
        file_.clear();  // there may be more later
        if (count != 0) {
            read_ += static_cast<std::uint64_t>(count);
            setg(piece_.data(), piece_.data(), piece_.data() + count);
            return traits_type::to_int_type(piece_.front());
        }
        if (is_shorter()) problem_ = "has become shorter: another run writes it";
    }
}

}  // namespace nvme_trace
