// SPDX-License-Identifier: Apache-2.0
// Whatever comes to a control socket gets an error, and hurts neither the server nor its guest.
#include <random>

#include "tests/sim/vfio_user/control_fixture.h"

namespace platform::vfio_user::test {
namespace {

class HostileControl : public ControlledServer {
protected:
    void expect_service() {
        const UniqueFd fd = connect();
        EXPECT_EQ(ask(fd, kStatus).value("ok", false), true);
        Machine machine(path("s"));
        machine.bring_up();
        EXPECT_TRUE(machine.guest.read(0, 1));
    }
    void end_well() {
        expect_service();
        EXPECT_EQ(stop(pid), 0) << read("log");
    }
};

TEST_F(HostileControl, WhatIsNoRequestIsAnsweredWithAProblem) {
    start_server();
    const UniqueFd fd = connect();
    const std::string deep(30'000, '[');
    const std::vector<std::string> lines{
        "",
        "status",
        "[]",
        "null",
        "{",
        "{\"arguments\": \"status\"}",
        R"({"arguments": []})",
        R"({"arguments": [""]})",
        R"({"arguments": [1, {}, null]})",
        R"({"arguments": ["status"], "controller": 1})",
        R"({"arguments": ["status"], "controller": -1})",
        R"({"arguments": ["status"], "controller": 1e300})",
        R"({"arguments": ["status"], "more": 1})",
        R"({"arguments": ["status"], "arguments": ["help"]})",
        R"({"arguments": ["fault", "add", "{\"a\": [[[[[[1]]]]]]}"]})",
        R"({"arguments": ["fault", "add", "{"]})",
        R"({"arguments": ["fault", "add", "drop", "=", "==", "a=b"]})",
        R"({"arguments": ["namespace", "resize", "1", "18446744073709551615"]})",
        std::string{"\xff\xfe\0\x01", 4},
        "{\"arguments\": [\"\xc3\x28\"]}",
        deep,
        "{\"arguments\": " + deep};
    for (const std::string& line : lines) {
        const auto answer = ask(fd, line);
        ASSERT_TRUE(answer.is_object()) << line.substr(0, 60);
        EXPECT_EQ(answer.value("ok", true), false) << line.substr(0, 60);
        EXPECT_GE(answer.value("problems", nlohmann::json::array()).size(), 1u);
    }
    EXPECT_EQ(ask(fd, kStatus).value("ok", false), true) << "the same client goes on";
    end_well();
}

TEST_F(HostileControl, ALineWithoutAnEndIsRefusedAndItsClientHungUpOn) {
    start_server();
    const UniqueFd fd = connect();
    send(fd, std::string(1 << 20, 'x'));
    const auto answer = nlohmann::json::parse(receive(fd), nullptr, false);
    ASSERT_TRUE(answer.is_object());
    EXPECT_EQ(answer.value("ok", true), false);
    EXPECT_EQ(receive(fd), "");
    end_well();
}

TEST_F(HostileControl, HalfARequestWaitsAndAClientMayLeaveInTheMiddle) {
    start_server();
    const UniqueFd patient = connect();
    send(patient, R"({"argu)");
    for (int i = 0; i < 40; ++i) send(connect(), R"({"arguments": ["sta)");
    for (int i = 0; i < 40; ++i) send(connect(), std::string(kStatus) + "\n");  // wants no answer
    expect_service();
    send(patient, "ments\": [\"status\"]}\n");
    EXPECT_EQ(nlohmann::json::parse(receive(patient)).at("ok"), true);
    end_well();
}

TEST_F(HostileControl, SeveralAreServedAndRequestsThatComeTogetherAreAnsweredInOrder) {
    start_server();
    std::vector<UniqueFd> clients;
    for (int i = 0; i < 24; ++i) {
        clients.push_back(connect());
        std::string all;
        for (int n = 0; n < 20; ++n)
            all += R"({"arguments": ["parameters", ")" + std::string(n % 2 == 0 ? "mdts" : "intx") +
                   "\"]}\n";
        send(clients.back(), all);
        // More than are served at a time: the first ones go.
        if (i >= 8) clients[static_cast<std::size_t>(i) - 8] = UniqueFd();
    }
    for (const UniqueFd& fd : clients)
        for (int n = 0; fd && n < 20; ++n)
            EXPECT_EQ(nlohmann::json::parse(receive(fd)).at("result").contains("mdts"), n % 2 == 0);
    end_well();
}

TEST_F(HostileControl, RandomBytesHurtNobody) {
    start_server();
    std::mt19937 random(1);
    const std::string letters = "{}[]\":,\\ \n0123456789argumentsstatus\xff\x80";
    for (int client = 0; client < 60; ++client) {
        const UniqueFd fd = connect();
        std::string bytes;
        for (int i = 0; i < 400; ++i) bytes += letters[random() % letters.size()];
        send(fd, bytes);
    }
    // Requests that are good but for a byte.
    for (int i = 0; i < 200; ++i) {
        const UniqueFd fd = connect();
        std::string request = R"({"arguments": ["fault", "off", "name"], "controller": 0})";
        request[random() % request.size()] = static_cast<char>(1 + random() % 255);
        send(fd, request + "\n");
        (void)receive(fd);
    }
    end_well();
}

TEST_F(HostileControl, WhoDoesNotReadItsAnswersKeepsNobodyWaiting) {
    start_server();
    const UniqueFd lazy = connect();
    std::string all;
    for (int i = 0; i < 1000; ++i) all += std::string(kStatus) + "\n";
    ASSERT_GT(::send(lazy.get(), all.data(), all.size(), MSG_DONTWAIT | MSG_NOSIGNAL), 0);
    end_well();
}

}  // namespace
}  // namespace platform::vfio_user::test
