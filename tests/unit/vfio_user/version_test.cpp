// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "platform/vfio_user/version.h"

namespace platform::vfio_user {
namespace {

std::vector<std::uint8_t> request(std::uint16_t major, std::uint16_t minor,
                                  const std::string& text) {
    std::vector<std::uint8_t> payload{
        static_cast<std::uint8_t>(major), static_cast<std::uint8_t>(major >> 8),
        static_cast<std::uint8_t>(minor), static_cast<std::uint8_t>(minor >> 8)};
    payload.insert(payload.end(), text.begin(), text.end());
    return payload;
}
std::vector<std::uint8_t> with_nul(const std::string& text) {
    return request(0, 0, text + '\0');
}

// What QEMU 11.1 sends: with the header a message of 214 bytes.
const std::string kQemu =
    R"({"capabilities": {"pgsizes": 4096, "max_msg_fds": 16, "max_dma_maps": 65535, )"
    R"("max_data_xfer_size": 1048576, "migration": {"max_bitmap_size": 268435456, )"
    R"("pgsize": 4096}, "write_multiple": true}})";

TEST(Version, TheReplyToQemuIsNotLargerThanItsRequest) {
    const auto payload = with_nul(kQemu);
    const auto agreed = negotiate(payload);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->version.major, 0);
    EXPECT_EQ(agreed->version.minor, 0);  // its own, not ours
    EXPECT_LE(sizeof(Version) + agreed->text.size() + 1, payload.size());
    const auto ours = nlohmann::json::parse(agreed->text).at("capabilities");
    EXPECT_LE(ours.at("max_msg_fds").get<unsigned>(), 16u);
    EXPECT_LE(ours.at("max_dma_maps").get<unsigned>(), 65535u);
    EXPECT_TRUE(ours.at("write_multiple").get<bool>());
    EXPECT_EQ(agreed->client.max_transfer, 1u << 20);
}

TEST(Version, SpdkSendsNoJsonAtAll) {
    const auto agreed = negotiate(request(0, 1, ""));
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->version.minor, 1);
    const auto ours = nlohmann::json::parse(agreed->text).at("capabilities");
    EXPECT_EQ(ours.at("max_data_xfer_size").get<unsigned>(), kMaxTransfer);
    EXPECT_EQ(ours.count("write_multiple"), 0u);  // offered to those who know it
}

TEST(Version, AClientWithLittleRoomGetsAnEmptyObject) {
    const auto agreed = negotiate(with_nul("{}"));
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->text, "{}");
}

TEST(Version, ANewerMinorVersionIsLoweredAndAnotherMajorRefused) {
    EXPECT_EQ(negotiate(request(0, 9, ""))->version.minor, 1);
    EXPECT_FALSE(negotiate(request(1, 0, "")));
    EXPECT_FALSE(negotiate(request(0xffff, 0, "")));
}

TEST(Version, UnknownCapabilitiesAreNobodysBusiness) {
    EXPECT_TRUE(negotiate(with_nul(R"({"capabilities":{"twin_socket":{"supported":true}}})")));
}

TEST(Version, MalformedRequestsAreRefused) {
    EXPECT_FALSE(negotiate({}));
    EXPECT_FALSE(negotiate({0, 0, 1}));
    EXPECT_FALSE(negotiate(request(0, 0, "{}")));  // no NUL
    EXPECT_FALSE(negotiate(with_nul("")));
    EXPECT_FALSE(negotiate(with_nul("{")));
    EXPECT_FALSE(negotiate(with_nul("[]")));
    EXPECT_FALSE(negotiate(with_nul(std::string(3000, '['))));
    EXPECT_FALSE(negotiate(with_nul(R"({"capabilities": 7})")));
    EXPECT_FALSE(negotiate(with_nul(R"({"capabilities":{"max_data_xfer_size":-1}})")));
    EXPECT_FALSE(negotiate(with_nul(R"({"capabilities":{"max_data_xfer_size":"big"}})")));
    EXPECT_FALSE(negotiate(with_nul(R"({"capabilities":{"max_data_xfer_size":0}})")));
    EXPECT_FALSE(negotiate(with_nul(R"({"capabilities":{"write_multiple":1}})")));
    EXPECT_FALSE(negotiate(with_nul("{}" + std::string(kMaxVersionText, ' '))));
}

TEST(Version, TheClientsLimitIsKeptAndNeverAboveOurs) {
    const auto limit = [](const char* value) {
        return negotiate(with_nul(std::string(R"({"capabilities":{"max_data_xfer_size":)") + value +
                                  "}}"))
            ->client.max_transfer;
    };
    EXPECT_EQ(limit("65536"), 65536u);
    EXPECT_EQ(limit("18446744073709551615"), kMaxTransfer);
}

}  // namespace
}  // namespace platform::vfio_user
