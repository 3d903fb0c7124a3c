// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/complaints.h"

#include <vector>

#include <gtest/gtest.h>

namespace platform::vfio_user::test {
namespace {

using Cause = Complaints::Cause;

class ComplaintsTest : public ::testing::Test {
protected:
    ComplaintsTest() {
        complaints.on([this](const std::string& text) { said.push_back(text); });
    }
    Complaints complaints;
    std::vector<std::string> said;
    Complaints::Clock::time_point now{std::chrono::hours(1)};
};

TEST_F(ComplaintsTest, EachCauseIsSaidOnceForEachClient) {
    for (int i = 0; i < 3; ++i) {
        complaints.add(Cause::kMemorySpace, "memory", now);
        complaints.add(Cause::kNotTaken, "size", now);
    }
    EXPECT_EQ(said, (std::vector<std::string>{"memory", "size"}));
    EXPECT_FALSE(complaints.wanted(Cause::kNotTaken));
    EXPECT_TRUE(complaints.wanted(Cause::kOutside));
    complaints.next_client();
    complaints.add(Cause::kMemorySpace, "memory", now);
    EXPECT_EQ(said.size(), 3u);
}

TEST_F(ComplaintsTest, ClientsThatComeOnlyToBeRefusedFillNoDisk) {
    const auto clients = [&](unsigned count) {
        for (unsigned i = 0; i < count; ++i) {
            complaints.next_client();
            complaints.add(Cause::kMemorySpace, "memory", now);
        }
    };
    clients(1000);
    EXPECT_EQ(said.size(), Complaints::kMost);
    now += Complaints::kPause;
    clients(1000);
    EXPECT_EQ(said.size(), Complaints::kMost + 1);
    EXPECT_EQ(said.back(), "memory (and 984 that were not said)");
    now += 100 * Complaints::kPause;
    clients(1000);
    EXPECT_EQ(said.size(), 2 * Complaints::kMost + 1);
}

TEST_F(ComplaintsTest, WithoutAnybodyToTellNothingIsWanted) {
    const Complaints nobody;
    EXPECT_FALSE(nobody.wanted(Cause::kOutside));
}

}  // namespace
}  // namespace platform::vfio_user::test
