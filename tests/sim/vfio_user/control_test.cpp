// SPDX-License-Identifier: Apache-2.0
// What people ask for at a server's control socket, with and without a guest.
#include <sys/stat.h>

#include "tests/sim/vfio_user/control_fixture.h"

namespace platform::vfio_user::test {
namespace {

TEST_F(ControlledServer, TheSocketIsForItsOwnerAndGoesWithTheServer) {
    start_server();
    struct stat file {};
    ASSERT_EQ(::stat(path("c").c_str(), &file), 0);
    EXPECT_TRUE(S_ISSOCK(file.st_mode));
    EXPECT_EQ(file.st_mode & 0777, 0600u);
    EXPECT_EQ(stop(pid), 0);
    EXPECT_FALSE(std::filesystem::exists(path("c")));
    EXPECT_EQ(ctl({"status"}), 2) << "nobody is there";
}

TEST_F(ControlledServer, StatusTellsOfRegistersAndQueuesInWordsAndAsJson) {
    start_server();
    Machine machine(path("s"));
    machine.bring_up();
    ASSERT_TRUE(machine.guest.read(0, 1));
    EXPECT_EQ(ctl({"status"}), 0);
    const std::string text = read("answer");
    for (const char* part :
         {"CC 00460001h, CSTS 00000001h: enabled, ready", "Bus Master Enable is 1",
          "SQ 1: 8 entries, head 1, tail 1, CQ 1, 0 in flight", "CQ 1: 8 entries, head 1, tail 1",
          "power state 0", "namespace 1: 131072 blocks of 512 bytes, no reservation"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
    const auto status = ctl_json({"status"});
    EXPECT_EQ(status.at("csts"), 1);
    EXPECT_EQ(status.at("submission_queues").size(), 2u);
    EXPECT_EQ(status.at("submission_queues").at(1).at("cqid"), 1);
    EXPECT_EQ(status.at("msix").at("pending").size(), 0u);
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ControlledServer, StatusSaysWhyAQueueWaits) {
    start_server();
    Machine machine(path("s"));
    machine.bring_up();
    machine.client.write(RegionIndex::kConfig, 4, 0x402, 2);  // no bus master
    nvme::spec::SubmissionEntry flush{};
    flush.nsid = 1;
    machine.guest.submit(1, flush);
    const auto queue = ctl_json({"status"}).at("submission_queues").at(1);
    EXPECT_EQ(queue.at("announced"), 1);
    EXPECT_EQ(queue.at("waits"), "Bus Master Enable is 0");
    EXPECT_EQ(ctl({"status"}), 0);
    EXPECT_NE(read("answer").find("SQ 1 waits: Bus Master Enable is 0"), std::string::npos);
    machine.client.write(RegionIndex::kConfig, 4, 0x406, 2);
    EXPECT_EQ(machine.guest.wait(1), 0);
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ControlledServer, StatusTellsOfAFullCompletionQueueAndSinceWhen) {
    start_server();
    Machine machine(path("s"));
    machine.bring_up();
    nvme::spec::SubmissionEntry flush{};
    flush.nsid = 1;
    const auto queue = [&] { return ctl_json({"status"}).at("completion_queues").at(1); };
    for (int i = 0; i < 7; ++i) machine.guest.submit(1, flush);
    EXPECT_TRUE(waits_for([&] { return queue().at("used") == 7; }));
    for (int i = 0; i < 2; ++i) machine.guest.submit(1, flush);
    EXPECT_TRUE(waits_for([&] { return queue().contains("waiting_since_ps"); }));
    EXPECT_TRUE(waits_for([&] { return queue().at("waiting") == 2; }));
    EXPECT_EQ(ctl({"status"}), 0);
    EXPECT_NE(read("answer").find("CQ 1 is full: 2 completions waiting since "), std::string::npos)
        << read("answer");
    for (int i = 0; i < 9; ++i) EXPECT_EQ(machine.guest.wait(1), 0);
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ControlledServer, NamespacesComeAndGo) {
    start_server({"--namespace", "ram:8M"});
    Machine machine(path("s"));
    machine.bring_up();
    EXPECT_FALSE(machine.guest.write(0, 1, 2));
    EXPECT_EQ(ctl_json({"namespace", "add", "ram:1M"}).at("nsid"), 2) << "the lowest that is free";
    EXPECT_TRUE(machine.guest.write(2047, 1, 2));
    EXPECT_EQ(ctl({"namespace", "resize", "2", "512k"}), 0) << read("answer");
    EXPECT_FALSE(machine.guest.write(2047, 1, 2));
    EXPECT_EQ(ctl({"namespace", "remove", "2"}), 0);
    EXPECT_FALSE(machine.guest.write(0, 1, 2));
    for (const auto& [words, says] :
         {std::pair{std::vector<std::string>{"namespace", "remove", "2"}, "no such namespace"},
          {{"namespace", "add", "ram:1M,nsid=1"}, "there is such a namespace"},
          {{"namespace", "add", "tape:1M"}, "tape"},
          {{"namespace", "add", "file:small.img,size=1k,lba=4096"}, "at least one logical block"},
          {{"namespace", "resize", "1", "1M", "2M"}, "\"2M\": is one word too many"},
          {{"namespace", "shrink", "1"}, "must be add, remove or resize"},
          {{"namespace", "remove"}, "namespace needs"}}) {
        EXPECT_EQ(ctl(words), 1);
        EXPECT_NE(read("answer").find(says), std::string::npos) << read("answer");
    }
    EXPECT_FALSE(std::filesystem::exists(path("small.img")));
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ControlledServer, FaultsAreAddedSwitchedListedAndReported) {
    start_server({"--report", "r.json"});
    Machine machine(path("s"));
    machine.bring_up();
    EXPECT_TRUE(machine.guest.write(2, 1));
    EXPECT_EQ(ctl({"fault", "add", "complete", "name=bad", "queues=io", "opcode=1", "sct=2",
                   "sc=128", "dnr=true"}),
              0)
        << read("answer");
    EXPECT_FALSE(machine.guest.write(2, 1));
    EXPECT_EQ(ctl({"fault", "off", "bad"}), 0);
    EXPECT_TRUE(machine.guest.write(2, 1));
    EXPECT_EQ(ctl({"fault", "on", "bad"}), 0);
    EXPECT_FALSE(machine.guest.write(2, 1));
    EXPECT_EQ(ctl_json({"fault", "add", R"({"action": "expect", "opcode": 2})"}).at("name"),
              "rule_1");
    const auto rules = ctl_json({"faults"});
    EXPECT_EQ(rules.at(0).at("applied"), 2);
    EXPECT_EQ(rules.at(0).at("enabled"), true);
    for (const auto& [words, says] :
         {std::pair{std::vector<std::string>{"fault", "add", "complete", "sct=9"},
                    "must be 0 to 7"},
          {{"fault", "add", "explode"}, "action"},
          {{"fault", "add", "drop", "queues"}, "must be KEY=VALUE"},
          {{"fault", "add", "drop", "queues=io", "queues=io"}, "queues is given already"},
          {{"fault", "add", "drop", "action=complete"}, "action is given already"},
          {{"fault", "off", "bad", "rule_1"}, "\"rule_1\": is one word too many"},
          {{"power", "cut", "now"}, "\"now\": is one word too many"},
          {{"status", "1"}, "\"1\": is one word too many"},
          {{"fault", "off", "nothing"}, "there is no rule"},
          {{"inject", "drop"}, "does not happen by itself"}}) {
        EXPECT_EQ(ctl(words), 1);
        EXPECT_NE(read("answer").find(says), std::string::npos) << read("answer");
    }
    EXPECT_TRUE(machine.guest.read(2, 1));
    EXPECT_EQ(stop(pid), 0);
    EXPECT_EQ(nlohmann::json::parse(read("r.json")).at("faults").size(), 2u);
}

TEST_F(ControlledServer, HealthChangesAndThePowerFails) {
    start_server();
    Machine machine(path("s"));
    machine.bring_up();
    EXPECT_EQ(ctl({"health", "temperature=361", "available_spare=3"}), 0) << read("answer");
    ASSERT_TRUE(machine.guest.health_log());
    EXPECT_EQ(machine.guest.buffer()[1] + 256 * machine.guest.buffer()[2], 361);
    EXPECT_EQ(machine.guest.buffer()[3], 3);
    EXPECT_EQ(ctl({"power", "cut"}), 0);
    while (machine.client.read(RegionIndex::kBar0, 0x1c, 4) != 0xffff'ffff) {
    }
    EXPECT_EQ(ctl({"power", "on"}), 0);
    EXPECT_EQ(ctl({"power", "off"}), 1);
    EXPECT_EQ(ctl_json({"parameters", "mdts"}).at("mdts"), 6);
    EXPECT_EQ(ctl({"parameters", "mtds"}), 1);
    EXPECT_NE(read("answer").find("mdts"), std::string::npos);
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ControlledServer, ASignalAsksForTheStatusToo) {
    start_server();
    ::kill(pid, SIGUSR1);
    EXPECT_TRUE(waits_for([&] {
        return read("log").find("CC 00000000h, CSTS 00000000h: disabled") != std::string::npos;
    }));
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ControlledServer, AnotherProgramAtTheSocketIsNoServer) {
    for (const char* says : {R"({"ok": "yes"})", R"({"ok": true, "text": 1})", "7",
                             R"({"ok": false, "problems": [1]})", R"({"ok": false})"}) {
        std::filesystem::remove(path("c"));
        const UniqueFd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path("c").copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
                  0);
        ASSERT_EQ(::listen(listening.get(), 1), 0);
        const pid_t asks = launch({"ctl", "c", "status"}, "answer");
        const UniqueFd fd(::accept(listening.get(), nullptr, nullptr));
        EXPECT_NE(receive(fd), "");
        send(fd, std::string(says) + "\n");
        EXPECT_EQ(exit_code(asks), 2) << says;
        EXPECT_NE(read("answer").find("what answers there is no nvme-vp"), std::string::npos)
            << read("answer");
    }
}

TEST_F(ControlledServer, UsageErrorsAreTold) {
    EXPECT_EQ(exit_code(launch({"ctl", "c"}, "answer")), 2);
    EXPECT_NE(read("answer").find("ctl needs a control socket and a command"), std::string::npos);
    EXPECT_EQ(ctl({"status", "--namespace", "ram:1M"}), 2);
    EXPECT_EQ(exit_code(launch({"run", "--control", "c"}, "answer")), 2);
    EXPECT_NE(read("answer").find("control is for serve"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "s", "--control", "no/such/folder"})), 2);
}

}  // namespace
}  // namespace platform::vfio_user::test
