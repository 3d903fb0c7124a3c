// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_memory.h"

#include <algorithm>

namespace nvme::test {

bool FakeMemory::reachable(std::uint64_t gpa, std::size_t len) const {
    if (refuse_all_) return false;
    return std::none_of(bad_.begin(), bad_.end(), [&](const Range& r) {
        // Distances instead of ends: a range may reach the top of the address space.
        return gpa - r.gpa < r.len || r.gpa - gpa < len;
    });
}

void FakeMemory::record(const Access& access) {
    accesses_.push_back(access);
    if (on_access) on_access(access);
}

DmaResult FakeMemory::read(const AccessTime& when, std::uint64_t gpa, void* dst, std::size_t len) {
    const bool ok = reachable(gpa, len);
    if (ok) copy_out(gpa, dst, len);
    record({false, gpa, len});
    return {ok, when.at + latency};
}

DmaResult FakeMemory::write(const AccessTime& when, std::uint64_t gpa, const void* src,
                            std::size_t len) {
    const bool ok = reachable(gpa, len);
    if (ok) copy_in(gpa, src, len);
    record({true, gpa, len});
    return {ok, when.at + latency};
}

void FakeMemory::copy_out(std::uint64_t gpa, void* dst, std::size_t len) const {
    auto* to = static_cast<std::byte*>(dst);
    while (len != 0) {
        const std::uint64_t in = gpa % kPage;
        const std::size_t n = std::min<std::size_t>(len, kPage - in);
        const auto page = pages_.find(gpa / kPage);
        if (page == pages_.end())
            std::memset(to, 0, n);
        else
            std::memcpy(to, page->second.data() + in, n);
        to += n, gpa += n, len -= n;
    }
}

void FakeMemory::copy_in(std::uint64_t gpa, const void* src, std::size_t len) {
    const auto* from = static_cast<const std::byte*>(src);
    while (len != 0) {
        const std::uint64_t in = gpa % kPage;
        const std::size_t n = std::min<std::size_t>(len, kPage - in);
        auto& page = pages_[gpa / kPage];
        if (page.empty()) page.resize(kPage);
        std::memcpy(page.data() + in, from, n);
        from += n, gpa += n, len -= n;
    }
}

std::size_t FakeMemory::writes() const {
    return static_cast<std::size_t>(
        std::count_if(accesses_.begin(), accesses_.end(), [](const Access& a) { return a.write; }));
}

}  // namespace nvme::test
