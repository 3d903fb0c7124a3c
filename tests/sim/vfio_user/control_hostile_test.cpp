// SPDX-License-Identifier: Apache-2.0
// Whatever comes to a control socket gets an error, and hurts neither the server nor its guest.
#include <sys/resource.h>

#include <cstring>
#include <random>

#include "tests/sim/vfio_user/control_fixture.h"
#include "tests/sim/vfio_user/lingering.h"

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

/// Sends the bytes and the descriptor.
void send_with(const UniqueFd& socket, const std::string& bytes, int fd) {
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof fd)] = {};
    iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    cmsghdr* c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(c), &fd, sizeof fd);
    EXPECT_EQ(::sendmsg(socket.get(), &message, MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

TEST_F(HostileControl, ADescriptorWhoseCloseLingersKeepsNobodyWaiting) {
    start_server();
    {
        Lingering lingering;
        ::kill(pid, SIGSTOP);  // the last copy is the server's
        const UniqueFd fd = connect();
        send_with(fd, std::string(kStatus) + "\n", lingering.fd());
        lingering.forget();
        ::kill(pid, SIGCONT);
        EXPECT_EQ(nlohmann::json::parse(receive(fd)).at("ok"), true);
        expect_service();
    }
    end_well();
}

TEST_F(HostileControl, ThoseWhoAreSilentLockNobodyOut) {
    start_server();
    std::vector<UniqueFd> silent;
    for (int i = 0; i < 16; ++i) silent.push_back(connect());
    EXPECT_EQ(ask(silent[0], kStatus).value("ok", false), true) << "all have come";
    EXPECT_EQ(ctl({"status"}), 0) << read("answer");
    end_well();
}

TEST_F(HostileControl, WhoComesWhenThereAreNoDescriptorsWaits) {
    start_server();
    rlimit before{};
    ASSERT_EQ(::prlimit(pid, RLIMIT_NOFILE, nullptr, &before), 0);
    const rlimit few{3, before.rlim_max};
    ASSERT_EQ(::prlimit(pid, RLIMIT_NOFILE, &few, nullptr), 0);
    const UniqueFd fd = connect();
    ASSERT_EQ(::prlimit(pid, RLIMIT_NOFILE, &before, nullptr), 0);
    EXPECT_EQ(ask(fd, kStatus).value("ok", false), true);
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
