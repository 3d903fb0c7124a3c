// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/time_series.h"

#include <numeric>

#include <gtest/gtest.h>

namespace analysis {
namespace {

using util::kPsPerUs;

TEST(TimeSeries, KeepsItsSumHoweverLongItBecomes) {
    TimeSeries series;
    for (unsigned i = 0; i < 10'000; ++i) series.add(i * kPsPerUs, 1);
    EXPECT_EQ(series.step(), 32 * kPsPerUs) << "512 steps at most";
    const std::vector<double> sums = series.over(series.step(), TimeSeries::kMostSteps);
    EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), 0.0), 10'000);
    EXPECT_EQ(sums[0], 32);
    EXPECT_EQ(sums[312], 16);
}

TEST(TimeSeries, SpreadsAnIntervalOverItsSteps) {
    TimeSeries series;
    series.add_interval(kPsPerUs / 2, 3 * kPsPerUs, 2);
    EXPECT_EQ(series.over(kPsPerUs, 4), (std::vector<double>{1e6, 2e6, 2e6, 0}));
    EXPECT_EQ(series.over(2 * kPsPerUs, 2), (std::vector<double>{3e6, 2e6}));
    const TimeSeries::Part part = series.between(kPsPerUs / 2, 3 * kPsPerUs);
    EXPECT_EQ(part.length, 2 * kPsPerUs) << "whole steps";
    EXPECT_EQ(part.sum, 4e6);
}

TEST(TimeSeries, IsNotShakenByTheEndOfTime) {
    TimeSeries series;
    series.add_interval(5, util::kNever / 2, 1);
    series.add(util::kNever / 2, 1);
    series.add_interval(7, 7, 1);
    EXPECT_GT(TimeSeries().between(0, util::kNever).length, util::kNever / 2) << "at once";
    EXPECT_LE(series.over(series.step(), 512).size(), 512u);
}

}  // namespace
}  // namespace analysis
