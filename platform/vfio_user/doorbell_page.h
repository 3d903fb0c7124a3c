// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "platform/vfio_user/shared_memory.h"
#include "platform/vfio_user/unique_fd.h"

namespace platform::vfio_user {

/// Doorbells in memory that is shared with the client. Nobody is told of a write: take() has to be
/// called again and again.
///
/// A doorbell that was taken holds kTaken, which no host writes because the upper half of a
/// doorbell is reserved. So the value that was there before, even that of a queue that has been
/// deleted since, is found when it is written anew.
class DoorbellPage {
public:
    static constexpr std::uint32_t kTaken = 0xffff'ffff;

    /// A file in which the doorbells of `doorbells` registers of 4 bytes begin at `offset`, a
    /// multiple of 4096. Empty, or what is wrong.
    [[nodiscard]] std::string create(std::uint64_t offset, std::uint32_t doorbells);

    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Bytes from `offset` that a client may map.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::uint32_t doorbells() const { return doorbells_; }

    /// Whether take() would find any.
    [[nodiscard]] bool any() const;
    /// The value that was written to a doorbell since the last call; kTaken: none was.
    [[nodiscard]] std::uint32_t take(std::uint32_t doorbell);
    /// Forgets what was written.
    void clear();

private:
    [[nodiscard]] std::uint32_t* at(std::uint32_t doorbell) const;

    UniqueFd fd_;
    SharedMemory memory_;
    std::uint64_t offset_ = 0;
    std::uint64_t size_ = 0;
    std::uint32_t doorbells_ = 0;
};

}  // namespace platform::vfio_user
