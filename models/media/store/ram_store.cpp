// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/ram_store.h"

#include <cstring>
#include <new>

#include "models/media/store/range.h"

namespace media {

RamStore::RamStore(std::uint64_t size) {
    if (resize(size) != IoStatus::kOk) throw std::bad_alloc();
}

IoStatus RamStore::read(std::uint64_t offset, void* dst, std::size_t length) {
    if (!in_range(size(), offset, length)) return IoStatus::kOutOfRange;
    auto* to = static_cast<std::byte*>(dst);
    bytes_.look(offset, length, [&to](const std::byte* from, std::size_t count) {
        if (from != nullptr)
            std::memcpy(to, from, count);
        else
            std::memset(to, 0, count);
        to += count;
        return true;
    });
    return IoStatus::kOk;
}

IoStatus RamStore::write(std::uint64_t offset, const void* src, std::size_t length) {
    if (!in_range(size(), offset, length)) return IoStatus::kOutOfRange;
    const auto* from = static_cast<const std::byte*>(src);
    const bool room = bytes_.touch(offset, length, [&from](std::byte* to, std::size_t count) {
        std::memcpy(to, from, count);
        from += count;
    });
    return room && written_.mark(offset, length) ? IoStatus::kOk : IoStatus::kWriteError;
}

IoStatus RamStore::deallocate(std::uint64_t offset, std::uint64_t length) {
    if (!in_range(size(), offset, length)) return IoStatus::kOutOfRange;
    bytes_.clear(offset, length);
    written_.forget(offset, length);
    return IoStatus::kOk;
}

IoStatus RamStore::write_zeroes(std::uint64_t offset, std::uint64_t length) {
    if (!in_range(size(), offset, length)) return IoStatus::kOutOfRange;
    bytes_.clear(offset, length);
    return written_.mark(offset, length) ? IoStatus::kOk : IoStatus::kWriteError;
}

bool RamStore::written(std::uint64_t offset, std::uint64_t length) const {
    return !in_range(size(), offset, length) || written_.marked(offset, length);
}

IoStatus RamStore::resize(std::uint64_t new_size) {
    const std::uint64_t old_size = size();
    if (!bytes_.resize(new_size)) return IoStatus::kWriteError;
    if (written_.resize(new_size)) return IoStatus::kOk;
    (void)bytes_.resize(old_size);  // no larger than before: there is room
    return IoStatus::kWriteError;
}

}  // namespace media
