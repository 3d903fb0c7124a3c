// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "platform/vfio_user/dma_map.h"

namespace platform::uml {

/// A split virtqueue as its device sees it. Everything in it was written by the guest: a descriptor
/// may point anywhere, a chain may have no end. [Virtio 1.1, 2.6 Split Virtqueues]
class Virtqueue {
public:
    static constexpr std::uint32_t kMaxSize = 1024;

    /// Where the guest's memory is; must outlive the queue.
    explicit Virtqueue(const vfio_user::DmaMap& memory) : memory_(memory) {}

    /// False: a queue has no such size.
    [[nodiscard]] bool set_size(std::uint32_t size);
    void set_addresses(std::uint64_t descriptors, std::uint64_t available, std::uint64_t used);
    void set_base(std::uint16_t index) { next_ = used_index_ = index; }
    void enable(bool enabled) { enabled_ = enabled; }
    [[nodiscard]] bool enabled() const { return enabled_; }

    /// What the guest has put into the queue at one place.
    struct Chain {
        std::uint16_t head = 0;
        std::vector<std::uint8_t> readable;  ///< the bytes, copied
        struct Part {
            std::byte* data = nullptr;
            std::uint32_t bytes = 0;
        };
        std::vector<Part> writable;
        /// Of the parts together.
        [[nodiscard]] std::size_t room() const;
        /// Fills the parts from the front; what there is no room for is lost.
        void write(const std::uint8_t* data, std::size_t bytes) const;
    };
    /// The next chain. None: the queue is empty, or broken().
    [[nodiscard]] std::optional<Chain> pop();
    /// Gives a chain back; `written` bytes of its writable parts have been filled.
    void push(const Chain& chain, std::uint32_t written);
    /// Tells the guest that it need not kick. The queue must have its addresses.
    void suppress_kicks();

    /// What the guest has written makes no sense. Nothing is taken from the queue any more.
    [[nodiscard]] bool broken() const { return broken_; }

private:
    struct Descriptor;
    [[nodiscard]] std::byte* at(std::uint64_t address, std::uint64_t bytes) const;
    [[nodiscard]] std::optional<Chain> give_up();
    [[nodiscard]] bool add(const Descriptor& descriptor, Chain& chain) const;

    const vfio_user::DmaMap& memory_;
    std::uint32_t size_ = 0;
    std::uint64_t descriptors_ = 0, available_ = 0, used_ = 0;
    std::uint16_t next_ = 0, used_index_ = 0;
    bool enabled_ = false;
    bool broken_ = false;
};

}  // namespace platform::uml
