// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

namespace observe {

/// Which host memory queues and outstanding commands use, and where two of them meet.
class MemoryLint {
public:
    /// A queue's memory; `key` tells queues apart. False: it overlaps that of another.
    [[nodiscard]] bool add_queue(std::uint32_t key, std::uint64_t base, std::uint64_t bytes);
    void remove_queue(std::uint32_t key);

    enum class Meets : std::uint8_t { kNothing, kQueue, kBuffer };
    /// A piece of the data buffer of an outstanding command. Buffers that are only read from may
    /// overlap.
    [[nodiscard]] Meets add_buffer(std::uint32_t command, std::uint64_t gpa, std::uint32_t bytes,
                                   bool to_host);
    void remove_buffers(std::uint32_t command);
    void clear();

private:
    struct Range {
        std::uint64_t last;  // inclusive
        std::uint32_t owner;
        bool to_host;
    };
    using Ranges = std::multimap<std::uint64_t, Range>;  // by first address

    Ranges queues_, buffers_;
    std::uint64_t longest_queue_ = 0, longest_buffer_ = 0;
    std::multimap<std::uint32_t, Ranges::iterator> of_command_;
};

}  // namespace observe
