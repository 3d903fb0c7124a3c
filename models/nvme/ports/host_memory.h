// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/util/time.h"

namespace nvme {

/// When an access takes place. It reaches memory at `at`, now or later; its bytes are on the link
/// from `from` until `until`, before that or after it, for whoever is behind the link and takes
/// them as they come.
struct AccessTime {
    AccessTime(util::TimePs now) : at(now), from(now), until(now) {}  // a time is enough
    AccessTime(util::TimePs at_, util::TimePs from_, util::TimePs until_)
        : at(at_), from(from_), until(until_) {}
    util::TimePs at, from, until;
};

/// Outcome of one access to host memory.
struct [[nodiscard]] DmaResult {
    bool ok = false;
    util::TimePs done = 0;  ///< when the access has ended; meaningful on success only
    explicit operator bool() const { return ok; }
};

/// The controller's one way to host memory. The SystemC implementation may suspend the calling
/// process inside a call (a blocking TLM target): callers must re-check what can change meanwhile.
class HostMemory {
public:
    virtual ~HostMemory() = default;

    /// `done` is `when.at` and what the access takes beyond the link.
    virtual DmaResult read(const AccessTime& when, std::uint64_t gpa, void* dst,
                           std::size_t len) = 0;
    virtual DmaResult write(const AccessTime& when, std::uint64_t gpa, const void* src,
                            std::size_t len) = 0;

    /// The same memory as the controller's own process may address it, or null when there is no
    /// such way. Good until the calling process waits or accesses host memory again; `latency` is
    /// what the access costs beyond the link.
    struct Direct {
        std::byte* data = nullptr;
        util::TimePs latency = 0;
    };
    virtual Direct direct(std::uint64_t gpa, std::size_t len, bool for_writing) {
        (void)gpa, (void)len, (void)for_writing;
        return {};
    }
    /// As a debugger would look: no time passes, and nobody else notices. False: it cannot be seen.
    [[nodiscard]] virtual bool peek(std::uint64_t /*gpa*/, void* /*dst*/, std::size_t /*len*/) {
        return false;
    }
    /// An access would not suspend the calling process.
    [[nodiscard]] virtual bool reaches(std::uint64_t /*gpa*/, std::size_t /*len*/,
                                       bool /*for_writing*/) const {
        return false;
    }
};

}  // namespace nvme
