// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>

namespace nvme {

/// Room for data that cannot be moved in place: two transfers of the largest size, because Compare
/// needs both sides. It takes memory when something bounces for the first time.
class BounceBuffer {
public:
    /// `transfer` bytes are the largest. What was in it is gone.
    void reset(std::size_t transfer) {
        transfer_ = transfer;
        bytes_.reset();
    }
    [[nodiscard]] std::byte* first() {
        if (!bytes_) bytes_.reset(new std::byte[2 * transfer_]);  // not initialised
        return bytes_.get();
    }
    [[nodiscard]] std::byte* second() { return first() + transfer_; }

private:
    std::unique_ptr<std::byte[]> bytes_;
    std::size_t transfer_ = 0;
};

}  // namespace nvme
