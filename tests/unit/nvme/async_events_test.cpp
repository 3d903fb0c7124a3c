// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/async_events.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace nvme::test {
namespace {
using spec::AsyncErrorInfo;
using spec::LogId;

constexpr std::uint32_t kNamespaceNotices = 1u << 8;
constexpr std::uint32_t kBadRegister = 0x0001'0000;  // error, information 0, log page 01h
constexpr std::uint32_t kBadValue = 0x0001'0100;     // error, information 1, log page 01h
constexpr std::uint32_t kNamespaceChanged = 0x0004'0002;

class AsyncEventsTest : public testing::Test {
protected:
    AsyncEventsTest() { events.set_config(kNamespaceNotices); }
    /// Dword 0 of the next completion; 0 when there is none.
    std::uint32_t next() {
        const auto completion = events.next();
        return completion ? completion->dw0 : 0;
    }
    AsyncEvents events{3};
};

TEST_F(AsyncEventsTest, NoMoreRequestsWaitThanTheLimit) {
    for (std::uint16_t cid = 0; cid < 3; ++cid) EXPECT_TRUE(events.add_request(cid));
    EXPECT_FALSE(events.add_request(3));
    EXPECT_TRUE(events.abort_request(1));
    EXPECT_TRUE(events.add_request(3));
}

TEST_F(AsyncEventsTest, AnAbortedRequestIsGone) {
    ASSERT_TRUE(events.add_request(7));
    EXPECT_FALSE(events.abort_request(8));
    EXPECT_TRUE(events.abort_request(7));
    EXPECT_FALSE(events.abort_request(7));
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_FALSE(events.next());
}

TEST_F(AsyncEventsTest, AnEventWaitsForARequestAndTakesTheOldest) {
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_FALSE(events.next());
    ASSERT_TRUE(events.add_request(11));
    ASSERT_TRUE(events.add_request(12));
    const auto completion = events.next();
    ASSERT_TRUE(completion);
    EXPECT_EQ(completion->cid, 11u);
    EXPECT_EQ(completion->dw0, kBadValue);
    EXPECT_FALSE(events.next());
}

TEST_F(AsyncEventsTest, AReportedTypeIsMaskedUntilItsLogPageIsRead) {
    for (std::uint16_t cid = 0; cid < 3; ++cid) ASSERT_TRUE(events.add_request(cid));
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_EQ(next(), kBadValue);
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_EQ(next(), 0u);
    events.log_read(LogId::kSmartHealth);
    EXPECT_EQ(next(), 0u) << "another type's log page";
    events.log_read(LogId::kErrorInformation);
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellRegister);
    EXPECT_EQ(next(), kBadRegister);
}

TEST_F(AsyncEventsTest, MaskingOneTypeLeavesTheOthersAlone) {
    for (std::uint16_t cid = 0; cid < 3; ++cid) ASSERT_TRUE(events.add_request(cid));
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_EQ(next(), kBadValue);
    events.namespace_changed(1);
    EXPECT_EQ(next(), kNamespaceChanged);
}

TEST_F(AsyncEventsTest, EventsAlikeAreReportedOnceAndDifferentOnesAreQueued) {
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellRegister);
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    ASSERT_TRUE(events.add_request(1));
    EXPECT_EQ(next(), kBadValue);
}

// "If a Get Log Page command clears the event prior to receiving the Asynchronous Event Request
// command ... then a notification is not sent." Pre-fix, it was sent nevertheless.
TEST_F(AsyncEventsTest, AnEventThatTheHostHasReadAboutIsNotReported) {
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    events.log_read(LogId::kErrorInformation);
    ASSERT_TRUE(events.add_request(1));
    EXPECT_EQ(next(), 0u);
    events.namespace_changed(2);
    events.log_read(LogId::kChangedNamespaceList);
    EXPECT_EQ(next(), 0u);
}

TEST_F(AsyncEventsTest, NamespaceNoticesAreSentOnlyWhenTheHostWantsThem) {
    events.set_config(0xff);
    ASSERT_TRUE(events.add_request(1));
    events.namespace_changed(5);
    EXPECT_EQ(next(), 0u);
    EXPECT_EQ(events.changed_namespaces().nsid[0], 5u) << "the list is kept all the same";
    events.set_config(kNamespaceNotices);
    EXPECT_EQ(next(), kNamespaceChanged);
}

TEST_F(AsyncEventsTest, ChangesAfterANoticeAreAnnouncedAgainOnceTheListIsRead) {
    for (std::uint16_t cid = 0; cid < 3; ++cid) ASSERT_TRUE(events.add_request(cid));
    events.namespace_changed(5);
    EXPECT_EQ(next(), kNamespaceChanged);
    events.namespace_changed(3);
    EXPECT_EQ(next(), 0u);
    const auto list = events.changed_namespaces();
    EXPECT_EQ(list.nsid[0], 3u);
    EXPECT_EQ(list.nsid[1], 5u);
    EXPECT_EQ(list.nsid[2], 0u);
    events.log_read(LogId::kChangedNamespaceList);
    EXPECT_EQ(events.changed_namespaces().nsid[0], 0u);
    EXPECT_EQ(next(), 0u);
    events.namespace_changed(9);
    EXPECT_EQ(next(), kNamespaceChanged);
}

TEST_F(AsyncEventsTest, TheChangedNamespaceListHolds1024AndSaysSoBeyond) {
    for (std::uint32_t nsid = 1024; nsid >= 1; --nsid) events.namespace_changed(nsid);
    auto list = events.changed_namespaces();
    for (std::uint32_t i = 0; i < 1024; ++i) ASSERT_EQ(list.nsid[i], i + 1);
    events.namespace_changed(1025);
    list = events.changed_namespaces();
    EXPECT_EQ(list.nsid[0], 0xffff'ffffu);
    EXPECT_EQ(list.nsid[1], 0u);
}

TEST_F(AsyncEventsTest, AResetForgetsRequestsEventsMasksAndChanges) {
    ASSERT_TRUE(events.add_request(1));
    ASSERT_TRUE(events.add_request(2));
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_EQ(next(), kBadValue);
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellRegister);
    events.namespace_changed(4);
    events.reset();
    EXPECT_EQ(events.changed_namespaces().nsid[0], 0u);
    EXPECT_FALSE(events.abort_request(2));
    ASSERT_TRUE(events.add_request(3));
    EXPECT_EQ(next(), 0u);
    events.raise_error(AsyncErrorInfo::kInvalidDoorbellValue);
    EXPECT_EQ(next(), kBadValue);
}

}  // namespace
}  // namespace nvme::test
