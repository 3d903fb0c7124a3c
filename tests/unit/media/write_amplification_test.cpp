// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "models/media/ftl/ftl.h"

namespace media::test {
namespace {

using util::TimePs;

constexpr std::uint64_t kUnit = 4096;
constexpr std::uint64_t kUnits = 384 * 1024;

/// One die; a block has 512 units, so that it is large as theory has it.
NandParams one_die() {
    NandParams p;
    p.channels = p.packages = p.dies = 1;
    p.planes = 4;
    p.page_bytes = 16'384;
    p.pages = 32;
    return p;
}

class Drive {
public:
    explicit Drive(const FtlParams& params) : ftl_(params, one_die()) {
        EXPECT_EQ(ftl_.set_size(1, kUnits * kUnit), "");
        for (std::uint64_t unit = 0; unit != kUnits; ++unit) write(unit);
    }

    void write(std::uint64_t unit) { ask(MediaOperation::kDestage, unit, 1); }
    void deallocate(std::uint64_t unit, std::uint64_t units) {
        ask(MediaOperation::kDeallocate, unit, units);
    }
    /// Of the writes by which `pick` says where, after so many others that they do not matter.
    template <typename Pick>
    double write_amplification(Pick pick, unsigned settle = 3) {
        for (std::uint64_t i = 0; i != settle * kUnits; ++i) write(pick());
        const MediaStatistics before = ftl_.statistics();
        for (std::uint64_t i = 0; i != kUnits; ++i) write(pick());
        const MediaStatistics after = ftl_.statistics();
        return static_cast<double>(after.pages_programmed - before.pages_programmed) * 4 /
               static_cast<double>(after.units_written - before.units_written);
    }

    std::mt19937_64 random{7};

private:
    void ask(MediaOperation operation, std::uint64_t unit, std::uint64_t units) {
        ftl_.set_now(now_);
        now_ = ftl_.schedule(now_, {operation, 1, unit * kUnit, units * kUnit}).end;
    }

    Ftl ftl_;
    TimePs now_ = 0;
};

FtlParams with(std::uint32_t over_provisioning, GcPolicy policy = GcPolicy::kGreedy) {
    FtlParams p;
    p.over_provisioning = over_provisioning;
    p.gc_policy = policy;
    return p;
}

// Uniform random writes under greedy collection of large blocks: of a victim the part u is valid
// that solves u = exp(-a (1 - u)), a being the media's size by that of the data; each unit that the
// host writes costs 1 / (1 - u). [Menon, A Performance Comparison of RAID-5 and Log-Structured
// Arrays, 1995; Desnoyers, Analytic Models of SSD Write Performance, 2014]
class WriteAmplification : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(WriteAmplification, OfRandomWritesIsThatOfTheory) {
    const double a = 1 + GetParam() / 100.0;
    double u = 0.5;
    for (unsigned i = 0; i != 1000; ++i) u = std::exp(-a * (1 - u));
    const double theory = 1 / (1 - u);
    Drive drive(with(GetParam()));
    const double measured = drive.write_amplification([&] { return drive.random() % kUnits; });
    EXPECT_NEAR(measured, theory, theory * 0.05);
}
INSTANTIATE_TEST_SUITE_P(OverProvisioning, WriteAmplification, ::testing::Values(7u, 15u, 28u));

TEST(WriteAmplificationOf, SequentialWritesIsOne) {
    Drive drive(with(7));
    std::uint64_t next = 0;
    EXPECT_NEAR(drive.write_amplification([&] { return next++ % kUnits; }), 1, 0.01);
}

// Nine tenths of the writes go to a tenth of the data. Blocks fill with what does not change:
// greedy collection moves that again and again, cost-benefit lets it rest.
TEST(WriteAmplificationOf, HotAndColdDataIsLessWhenTheColdMayRest) {
    const auto measured = [](GcPolicy policy) {
        Drive drive(with(15, policy));
        return drive.write_amplification([&] {
            const bool hot = drive.random() % 10 != 0;
            const std::uint64_t hot_units = kUnits / 10;
            return hot ? drive.random() % hot_units
                       : hot_units + drive.random() % (kUnits - hot_units);
        });
    };
    const double greedy = measured(GcPolicy::kGreedy);
    EXPECT_LT(measured(GcPolicy::kCostBenefit), greedy * 0.9);
}

// What is deallocated is room: half the data gone is over-provisioning of more than 100 %.
TEST(WriteAmplificationOf, RandomWritesFallsWithWhatIsDeallocated) {
    Drive drive(with(7));
    drive.deallocate(kUnits / 2, kUnits / 2);
    const double measured =
        drive.write_amplification([&] { return drive.random() % (kUnits / 2); });
    EXPECT_LT(measured, 1.4);
}

}  // namespace
}  // namespace media::test
