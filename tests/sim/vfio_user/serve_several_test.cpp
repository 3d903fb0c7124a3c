// SPDX-License-Identifier: Apache-2.0
// One server, several controllers: a socket and a client for each.
#include <nlohmann/json.hpp>

#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/reservations.h"
#include "tests/sim/vfio_user/serve_program.h"

namespace platform::vfio_user::test {
namespace {

using nvme::spec::NvmOpcode;
using nvme::spec::ReservationAcquireAction;
using nvme::spec::ReservationAcquireCdw10;
using nvme::spec::ReservationRegisterAction;
using nvme::spec::ReservationRegisterCdw10;
using nvme::spec::ReservationType;

constexpr std::uint16_t kReservationConflict = 0x83;

/// One that knows reservations.
struct ClusterMachine : Machine {
    using Machine::Machine;

    /// The status of a command of which two keys are the data.
    std::uint16_t with_keys(NvmOpcode opcode, std::uint32_t cdw10, std::uint64_t first,
                            std::uint64_t second) {
        const std::uint64_t keys[]{first, second};
        std::memcpy(guest.buffer(), keys, sizeof keys);
        nvme::spec::SubmissionEntry entry{};
        entry.cdw0 = static_cast<std::uint32_t>(opcode);
        entry.nsid = 1;
        entry.prp1 = guest.buffer_address();
        entry.cdw10 = cdw10;
        return guest.execute(1, entry) & 0x7ff;
    }
    /// The same host as any other that calls itself so: resets do not end its registrations.
    bool call_itself(std::uint64_t host) {
        const std::uint64_t identifier[]{host, 0};
        std::memcpy(guest.buffer(), identifier, sizeof identifier);
        nvme::spec::SubmissionEntry entry{};
        entry.cdw0 = 0x09;   // Set Features
        entry.cdw10 = 0x81;  // Host Identifier
        entry.cdw11 = 1;     // of 128 bits
        entry.prp1 = guest.buffer_address();
        return guest.execute(0, entry) == 0;
    }
    std::uint16_t register_key(std::uint64_t key) {
        return with_keys(
            NvmOpcode::kReservationRegister,
            ReservationRegisterCdw10{}
                .with<ReservationRegisterCdw10::Rrega>(ReservationRegisterAction::kRegister)
                .raw,
            0, key);
    }
    std::uint16_t acquire(ReservationAcquireAction action, std::uint64_t key,
                          std::uint64_t preempted = 0) {
        return with_keys(NvmOpcode::kReservationAcquire,
                         ReservationAcquireCdw10{}
                             .with<ReservationAcquireCdw10::Racqa>(action)
                             .with<ReservationAcquireCdw10::Rtype>(ReservationType::kWriteExclusive)
                             .raw,
                         key, preempted);
    }
};

class ServeSeveral : public ServeProgram {
protected:
    void configure(const std::string& text) { std::ofstream(path("c.json")) << text; }
};

constexpr const char* kPair = R"({"subsystems": [{"namespaces": ["ram:8M"],
    "controllers": [{"socket": "a"}, {"socket": "b"}]}]})";

TEST_F(ServeSeveral, TwoMachinesShareANamespaceAndOneFencesTheOther) {
    configure(kPair);
    const pid_t pid = start({"--config", "c.json", "--report", "r.json"});
    ASSERT_TRUE(listens());
    EXPECT_EQ(read("log"), "listening on a\nlistening on b\n");
    {
        ClusterMachine a(path("a")), b(path("b"));
        a.bring_up();
        b.bring_up();
        std::memcpy(a.guest.buffer(), "of the first", 12);
        ASSERT_TRUE(a.guest.write(5, 1));
        ASSERT_TRUE(b.guest.read(5, 1));
        EXPECT_EQ(std::memcmp(b.guest.buffer(), "of the first", 12), 0);

        EXPECT_EQ(a.register_key(0xa), 0);
        EXPECT_EQ(a.acquire(ReservationAcquireAction::kAcquire, 0xa), 0);
        EXPECT_FALSE(b.guest.write(6, 1)) << "the first holds a reservation";
        EXPECT_EQ(b.acquire(ReservationAcquireAction::kAcquire, 0xb), kReservationConflict);
        EXPECT_EQ(b.register_key(0xb), 0);
        EXPECT_EQ(b.acquire(ReservationAcquireAction::kPreempt, 0xb, 0xa), 0);
        EXPECT_TRUE(b.guest.write(6, 1));
        EXPECT_FALSE(a.guest.write(5, 1)) << "it is fenced";
        EXPECT_TRUE(a.guest.read(6, 1));
        EXPECT_TRUE(a.guest.shut_down());
        EXPECT_TRUE(b.guest.shut_down());
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_FALSE(std::filesystem::exists(path("a")));
    EXPECT_FALSE(std::filesystem::exists(path("b")));
    const auto controllers = nlohmann::json::parse(read("r.json")).at("controllers");
    ASSERT_EQ(controllers.size(), 2u);
    for (const auto& controller : controllers) {
        EXPECT_EQ(controller.at("clients"), 1);
        EXPECT_EQ(controller.at("shutdowns").at("normal"), 1);
        EXPECT_EQ(controller.at("controller").at("host_write_commands"), 1);
    }
    EXPECT_EQ(controllers.at(1).at("socket"), "b");
}

/// Of a machine that has just been brought up.
struct PowerSeen {
    explicit PowerSeen(ClusterMachine& machine) {
        EXPECT_TRUE(machine.guest.health_log());
        nvme::spec::SmartLog log{};
        std::memcpy(&log, machine.guest.buffer(), sizeof log);
        cycles = log.power_cycles.low;
        unsafe = log.unsafe_shutdowns.low;
    }
    std::uint64_t cycles = 0, unsafe = 0;
};

// The documentation promised each client a device as after power on; it got PERST# alone, and found
// the registrations of the one before.
TEST_F(ServeSeveral, AMachineThatLeavesIsSwitchedOffAndTheNextOneIsSwitchedOn) {
    const pid_t pid = start({"--socket", "s", "--namespace", "ram:8M"});
    ASSERT_TRUE(listens());
    for (std::uint64_t round = 0; round < 3; ++round) {
        ClusterMachine machine(path("s"));
        machine.bring_up();
        const PowerSeen seen(machine);
        EXPECT_EQ(seen.cycles, 1 + round);
        EXPECT_EQ(seen.unsafe, round == 2 ? 1u : 0u) << "the second one did not shut down";
        // A host that is registered cannot register another key.
        ASSERT_TRUE(machine.call_itself(0x1234));
        EXPECT_EQ(machine.register_key(0xa0 + round), 0);
        EXPECT_EQ(machine.acquire(ReservationAcquireAction::kAcquire, 0xa0 + round), 0);
        EXPECT_TRUE(round == 1 || machine.guest.shut_down());
    }
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ServeSeveral, ASubsystemKeepsItsPowerUntilTheLastMachineHasLeft) {
    configure(kPair);
    const pid_t pid = start({"--config", "c.json"});
    ASSERT_TRUE(listens());
    {
        ClusterMachine stays(path("a"));
        stays.bring_up();
        ASSERT_TRUE(stays.call_itself(0xa));
        EXPECT_EQ(stays.register_key(0xa), 0);
        EXPECT_EQ(stays.acquire(ReservationAcquireAction::kAcquire, 0xa), 0);
        for (int round = 0; round < 2; ++round) {
            ClusterMachine comes(path("b"));
            comes.bring_up();
            EXPECT_EQ(PowerSeen(comes).cycles, 1u);
            EXPECT_FALSE(comes.guest.write(6, 1)) << "the first one still holds its reservation";
        }
        EXPECT_TRUE(stays.guest.write(6, 1)) << "and notices nothing";
    }
    ClusterMachine next(path("a"));  // served when the one before has left
    next.bring_up();
    EXPECT_EQ(PowerSeen(next).cycles, 2u);
    EXPECT_TRUE(next.guest.write(6, 1));
    EXPECT_EQ(stop(pid), 0);
}

// The one who misbehaves is hung up on; nobody else notices.
TEST_F(ServeSeveral, AClientThatTakesItsMemoryAwayHurtsOnlyItself) {
    configure(kPair);
    const pid_t pid = start({"--config", "c.json"});
    ASSERT_TRUE(listens());
    {
        Machine a(path("a")), b(path("b"));
        a.bring_up();
        b.bring_up();
        ASSERT_EQ(::ftruncate(a.memory.fd(), 0), 0);
        a.client.post(RegionIndex::kBar0, 0x1000, 1, 4);  // fetches an entry that is not there
        for (int i = 0; i < 20; ++i) ASSERT_TRUE(b.guest.write(7, 1));
        EXPECT_TRUE(a.client.hung_up()) << "it need not send anything more";
        EXPECT_TRUE(b.guest.read(7, 1));
        Machine again(path("a"));
        again.bring_up();
        EXPECT_TRUE(again.guest.read(7, 1));
    }
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ServeSeveral, EachHasItsOwnFaultsTraceAndWaveform) {
    configure(R"({"subsystems": [
        {"namespaces": ["ram:8M"], "controllers": [{"socket": "a", "faults": [
            {"action": "complete", "queues": "io", "opcode": 1, "sct": 2, "sc": 128}]}]},
        {"namespaces": ["ram:8M"], "controller": {"mdts": 5}, "controllers": [{"socket": "b"}]}],
        "trace": "t", "vcd": "w.vcd", "report": "r.json"})");
    const pid_t pid = start({"--config", "c.json"});
    ASSERT_TRUE(listens()) << read("log");
    {
        Machine a(path("a")), b(path("b"));
        a.bring_up();
        b.bring_up();
        EXPECT_FALSE(a.guest.write(1, 1));
        EXPECT_TRUE(b.guest.write(1, 1));
        ASSERT_TRUE(b.guest.identify());
        EXPECT_EQ(b.guest.buffer()[77], 5) << "MDTS";
        EXPECT_EQ(std::memcmp(b.guest.buffer() + 4, "000002", 6), 0)
            << "a serial number of its own";
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_NE(read("t.nvme0").find(" fault "), std::string::npos);
    EXPECT_EQ(read("t.nvme1").find(" fault "), std::string::npos);
    EXPECT_NE(read("t.nvme1").find(" complete "), std::string::npos);
    EXPECT_NE(read("w.vcd").find("nvme0"), std::string::npos);
    EXPECT_NE(read("w.vcd").find("nvme1"), std::string::npos);
    const auto report = nlohmann::json::parse(read("r.json"));
    EXPECT_EQ(report.at("controllers").at(0).at("faults").at(0).at("applied"), 1);
    EXPECT_EQ(report.at("controllers").at(1).at("faults").size(), 0u);
}

TEST_F(ServeSeveral, NamespacesComeForAllControllersOfTheirSubsystem) {
    configure(R"({"subsystems": [
        {"namespaces": ["ram:8M"], "controllers": [{"socket": "a"}, {"socket": "b"}],
         "events": [{"at_ns": 1, "action": "add", "namespace": "ram:1M,nsid=7"}]},
        {"controllers": [{"socket": "c"}]}]})");
    const pid_t pid = start({"--config", "c.json"});
    ASSERT_TRUE(listens());
    for (const auto& [socket, there] : {std::pair{"a", true}, {"b", true}, {"c", false}}) {
        Machine machine(path(socket));
        machine.bring_up();
        nvme::spec::SubmissionEntry read{};
        read.cdw0 = 2;
        read.nsid = 7;
        read.prp1 = machine.guest.buffer_address();
        EXPECT_EQ(machine.guest.execute(1, read) == 0, there) << socket;
    }
    EXPECT_EQ(stop(pid), 0);
}

TEST_F(ServeSeveral, UsageErrorsAreListedAndNothingIsServed) {
    for (
        const auto& [text, problem] :
        {std::pair{R"({"subsystems": [{"controllers": [{"socket": "a"}, {}]}]})",
                   "subsystems/0: controllers/1/socket: is missing"},
         {R"({"subsystems": [{"controllers": [{"socket": "a"}, {"socket": "a"}]}]})",
          "subsystems/0: socket = \"a\": another controller has this socket"},
         {R"({"subsystems": [{"controllers": [{"socket": "a"}, {"socket": "b"}]}], "record": "r"})",
          "record is for one controller"},
         {R"({"subsystems": [{"controllers": [{"socket": "a"}, {"socket": "b"}]}], "socket": "s"})",
          "socket = \"s\": is for one controller"},
         {R"({"subsystems": [{"controllers": [{"socket": "a"}, {"socket": "no/such/b"}]}]})",
          "no/such/b"},
         {R"({"subsystems": [{"controllers": [{"socket": "a"}, {"socket": "b"}], "events":
               [{"at_ns": 1, "action": "remove", "nsid": 9}]}]})",
          "subsystems/0: the event at 1 ns: nsid = 9: there is no such namespace then"}}) {
        configure(text);
        EXPECT_EQ(exit_code(start({"--config", "c.json"})), 2) << text;
        EXPECT_NE(read("log").find(problem), std::string::npos) << read("log");
        EXPECT_FALSE(std::filesystem::exists(path("a"))) << text;
    }
}

}  // namespace
}  // namespace platform::vfio_user::test
