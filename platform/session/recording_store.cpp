// SPDX-License-Identifier: Apache-2.0
#include "platform/session/recording_store.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace platform {
using media::IoStatus;

RecordingStore::RecordingStore(std::unique_ptr<media::BlockStore> store, std::uint32_t ns,
                               Found found)
    : store_(std::move(store)), ns_(ns), found_(std::move(found)) {}

void RecordingStore::tell(std::uint64_t first, std::uint64_t end) {
    while (first != end) {
        MediaContent content;
        content.ns = ns_;
        content.offset = first;
        content.length = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(end - first, MediaContent::kLongest));
        first += content.length;
        std::vector<std::uint8_t> bytes(content.length);
        if (store_->read(content.offset, bytes.data(), bytes.size()) != IoStatus::kOk) continue;
        content.data = without_zeros_at_end(bytes.data(), bytes.size());
        if (!content.data.empty()) found_(std::move(content));
    }
}

IoStatus RecordingStore::read(std::uint64_t offset, void* dst, std::size_t length) {
    const IoStatus status = store_->read(offset, dst, length);
    if (status != IoStatus::kOk || length == 0) return status;
    const Range range = Range::right_open(offset, offset + length);
    if (boost::icl::contains(known_, range)) return status;
    Ranges unknown;
    unknown += range;
    unknown -= known_;
    for (const Range& part : unknown) tell(part.lower(), part.upper());
    known_ += range;
    return status;
}

IoStatus RecordingStore::write(std::uint64_t offset, const void* src, std::size_t length) {
    const IoStatus status = store_->write(offset, src, length);
    if (status == IoStatus::kOk && length != 0)
        known_ += Range::right_open(offset, offset + length);
    return status;
}

IoStatus RecordingStore::deallocate(std::uint64_t offset, std::uint64_t length) {
    const IoStatus status = store_->deallocate(offset, length);
    if (status == IoStatus::kOk && length != 0)
        known_ += Range::right_open(offset, offset + length);
    return status;
}

IoStatus RecordingStore::resize(std::uint64_t new_size) {
    const std::uint64_t old_size = store_->size();
    const IoStatus status = store_->resize(new_size);
    if (status != IoStatus::kOk || new_size == old_size) return status;
    // What is cut off is gone, and what comes back is zero: neither was there before.
    known_ += Range::right_open(std::min(old_size, new_size), std::max(old_size, new_size));
    return status;
}

}  // namespace platform
