// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/transport/dma.h"

namespace nvme {

/// The host memory accesses of one command: each says whose it is. A value, made for the steps that
/// run at one time.
class CommandDma {
public:
    /// `owner.kind` is what an access is for unless it says otherwise. Without an owner it is the
    /// Dma as it is.
    CommandDma(Dma& dma, const DmaUse& owner = {}) : dma_(dma), owner_(owner) {}

    DmaResult read(util::TimePs start, std::uint64_t gpa, void* dst, std::size_t len,
                   DmaUse::Kind kind = DmaUse::Kind::kData) const {
        return dma_.read(start, gpa, dst, len, use(kind));
    }
    DmaResult write(util::TimePs start, std::uint64_t gpa, const void* src, std::size_t len) const {
        return dma_.write(start, gpa, src, len, owner_);
    }
    DmaResult read_now(std::uint64_t gpa, void* dst, std::size_t len, std::uint64_t rest) const {
        return dma_.read_now(gpa, dst, len, owner_, rest);
    }
    Dma::Direct direct(util::TimePs start, std::uint64_t gpa, std::size_t len, bool to_host) const {
        return dma_.direct(start, gpa, len, to_host, owner_);
    }
    Dma::Direct direct_now(std::uint64_t gpa, std::size_t len, bool to_host) const {
        return dma_.direct_now(gpa, len, to_host, owner_);
    }
    [[nodiscard]] util::TimePs reserve_read(std::uint64_t gpa, std::size_t len) const {
        return dma_.reserve_read(gpa, len);
    }

private:
    [[nodiscard]] DmaUse use(DmaUse::Kind kind) const {
        DmaUse use = owner_;
        use.kind = kind;
        return use;
    }

    Dma& dma_;
    const DmaUse owner_;
};

}  // namespace nvme
