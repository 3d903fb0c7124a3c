// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/doorbell_page.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

std::string DoorbellPage::create(std::uint64_t offset, std::uint32_t doorbells) {
    size_ = (std::uint64_t{doorbells} * 4 + kPageBytes - 1) / kPageBytes * kPageBytes;
    fd_ = UniqueFd(::memfd_create("doorbells", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    // Sealed: who maps it must not be able to take it away.
    if (!fd_ || ::ftruncate(fd_.get(), static_cast<off_t>(offset + size_)) != 0 ||
        ::fcntl(fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return std::string("doorbells: ") + std::strerror(errno);
    if (const int wrong = memory_.map(fd_.get(), offset + size_, true); wrong != 0)
        return std::string("doorbells: ") + std::strerror(wrong);
    offset_ = offset;
    doorbells_ = doorbells;
    clear();
    return {};
}

std::uint32_t* DoorbellPage::at(std::uint32_t doorbell) const {
    return reinterpret_cast<std::uint32_t*>(memory_.data() + offset_) + doorbell;
}

bool DoorbellPage::any() const {
    for (std::uint32_t i = 0; i < doorbells_; ++i)
        if (__atomic_load_n(at(i), __ATOMIC_RELAXED) != kTaken) return true;
    return false;
}

std::uint32_t DoorbellPage::take(std::uint32_t doorbell) {
    if (__atomic_load_n(at(doorbell), __ATOMIC_RELAXED) == kTaken) return kTaken;
    // What the host wrote before it rang, the entries of the queue, must be seen after this.
    return __atomic_exchange_n(at(doorbell), kTaken, __ATOMIC_ACQ_REL);
}

void DoorbellPage::clear() {
    for (std::uint32_t i = 0; i < doorbells_; ++i)
        __atomic_store_n(at(i), kTaken, __ATOMIC_RELAXED);
}

}  // namespace platform::vfio_user
