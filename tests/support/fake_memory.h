// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <unordered_map>
#include <vector>

#include "models/nvme/ports/clock.h"
#include "models/nvme/ports/host_memory.h"

namespace nvme::test {

/// Time that only a test moves.
class FakeClock final : public Clock {
public:
    [[nodiscard]] util::TimePs now() const override { return now_; }
    void set(util::TimePs now) { now_ = now; }

private:
    util::TimePs now_ = 0;
};

/// Host memory of a test: every address works and reads as zero until it is written, except the
/// ranges that fail() names. Pages come into being when they are first written.
class FakeMemory final : public HostMemory {
public:
    struct Access {
        bool write;
        std::uint64_t gpa;
        std::size_t len;
    };
    /// Called after the bytes have moved and before the access returns: what a target does that
    /// waits. The hook may call the controller, change time, or make ranges fail.
    std::function<void(const Access&)> on_access;
    /// Each access takes this long beyond its start.
    util::TimePs latency = 0;

    DmaResult read(const AccessTime& when, std::uint64_t gpa, void* dst, std::size_t len) override;
    DmaResult write(const AccessTime& when, std::uint64_t gpa, const void* src,
                    std::size_t len) override;

    /// Accesses that touch [gpa, gpa + len) fail from now on.
    void fail(std::uint64_t gpa, std::uint64_t len) { bad_.push_back({gpa, len}); }
    void heal() { bad_.clear(); }
    /// Nothing is reachable: what an endpoint sees without Bus Master Enable.
    void refuse_all(bool refuse) { refuse_all_ = refuse; }

    /// The test's own view; no hook, no failure, not recorded.
    void copy_out(std::uint64_t gpa, void* dst, std::size_t len) const;
    void copy_in(std::uint64_t gpa, const void* src, std::size_t len);
    template <typename T>
    [[nodiscard]] T get(std::uint64_t gpa) const {
        T value{};
        copy_out(gpa, &value, sizeof value);
        return value;
    }
    template <typename T>
    void put(std::uint64_t gpa, const T& value) {
        copy_in(gpa, &value, sizeof value);
    }

    /// Accesses since the last forget(), the failed ones included.
    [[nodiscard]] const std::vector<Access>& accesses() const { return accesses_; }
    [[nodiscard]] std::size_t writes() const;
    void forget() { accesses_.clear(); }

private:
    static constexpr std::uint64_t kPage = 4096;
    struct Range {
        std::uint64_t gpa, len;
    };
    [[nodiscard]] bool reachable(std::uint64_t gpa, std::size_t len) const;
    void record(const Access& access);

    std::unordered_map<std::uint64_t, std::vector<std::byte>> pages_;
    std::vector<Range> bad_;
    std::vector<Access> accesses_;
    bool refuse_all_ = false;
};

}  // namespace nvme::test
