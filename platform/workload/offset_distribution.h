// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "platform/workload/block_sizes.h"
#include "platform/workload/permutation.h"
#include "platform/workload/random.h"

namespace platform {

/// A part of the region, behind the zones before it, and how much of the requests it gets.
struct OffsetZone {
    unsigned access_percent = 0;
    std::uint64_t size = 0;  ///< percent of the region; of kZonedBytes bytes
};

/// Where random requests go (the key random_distribution).
struct OffsetDistribution {
    enum class Kind : std::uint8_t { kUniform, kZipf, kPareto, kNormal, kZoned, kZonedBytes };
    Kind kind = Kind::kUniform;
    double parameter = 0;  ///< theta of zipf, h of pareto, deviation of normal in percent
    /// Of zipf, pareto and normal: the hottest place, as a part of the region. Without it the hot
    /// blocks are scattered over the region.
    std::optional<double> centre;
    PerDirection<std::vector<OffsetZone>> zones;

    [[nodiscard]] bool uniform() const { return kind == Kind::kUniform; }
};

/// Draws blocks of a region according to a distribution that is not uniform. [fio 3.33 fio(1)
/// random_distribution]
class OffsetDraw {
public:
    /// Of one direction, over `blocks` blocks of `block` bytes.
    OffsetDraw(const OffsetDistribution& distribution, std::size_t direction, std::uint64_t blocks,
               std::uint32_t block, std::uint64_t key);

    /// Less than `blocks`.
    [[nodiscard]] std::uint64_t draw(RandomStream& random) const;

private:
    struct Part {
        std::uint64_t percent;  // of the requests
        std::uint64_t first;    // block
        std::uint64_t count;    // of blocks, at least 1
    };
    void add_zones(const std::vector<OffsetZone>& zones, std::uint32_t block);
    void prepare_zipf();
    [[nodiscard]] std::uint64_t rank_of_zipf(double uniform) const;
    [[nodiscard]] std::uint64_t rank_of_normal(RandomStream& random) const;
    [[nodiscard]] std::uint64_t draw_zone(RandomStream& random) const;

    const OffsetDistribution::Kind kind_;
    const double parameter_;
    const std::optional<double> centre_;
    const std::uint64_t blocks_;
    const Permutation scattered_;
    std::vector<Part> parts_;
    double power_ = 0;  // of pareto
    double zeta_ = 0;   // of zipf: the sum of all weights
    double eta_ = 0;
};

}  // namespace platform
