// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {
namespace {

class ServeClients : public ServeTest {};

TEST_F(ServeClients, ConfigurationSpaceAndRegistersAreThoseOfTheController) {
    serve([this] {
        const auto c = client();
        const RegionAccess all{0, static_cast<std::uint32_t>(RegionIndex::kConfig), 4096};
        const Message space = c->request(Command::kRegionRead, bytes_of(all));
        ASSERT_EQ(space.payload.size(), sizeof all + 4096);
        EXPECT_EQ(*load<std::uint16_t>(space.payload, sizeof all), 0x1414);
        EXPECT_EQ(*load<std::uint32_t>(space.payload, sizeof all + 8) >> 8, 0x010802u);
        EXPECT_EQ(*load<std::uint16_t>(space.payload, sizeof all + 4), 0x2u);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 0, 8),
                  c->read(RegionIndex::kBar0, 0, 4) | c->read(RegionIndex::kBar0, 4, 4) << 32);
        // What the controller does not do.
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 1), 0xffu);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 10, 2), 0xffffu);
        c->write(RegionIndex::kBar0, 0x14, 0xff, 1);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 0x14, 4), 0u);
        // How QEMU asks for the sizes of BARs and ROM.
        c->write(RegionIndex::kConfig, 0x10, 0xffff'ffff, 4);
        EXPECT_EQ(c->read(RegionIndex::kConfig, 0x10, 4), 0xffff'0004u);
        c->write(RegionIndex::kConfig, 0x30, 0xffff'f800, 4);
        EXPECT_EQ(c->read(RegionIndex::kConfig, 0x30, 4), 0u);
    });
}

// SPDK sets Bus Master Enable and Interrupt Disable in what it finds, and takes memory space for
// granted: it read all ones then, for as long as CAP.TO of all ones said.
TEST_F(ServeClients, TheFunctionIsHandedOverWithMemorySpaceEnabled) {
    serve([this] {
        for (int round = 0; round < 2; ++round) {
            const auto c = client();
            const std::uint64_t found = c->read(RegionIndex::kConfig, 4, 2);
            EXPECT_EQ(found, 0x2u);
            c->write(RegionIndex::kConfig, 4, found | 0x404, 2);
            EXPECT_EQ(c->read(RegionIndex::kConfig, 4, 2), 0x406u);
            EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
        }
    });
}

TEST_F(ServeClients, AResetLeavesMemorySpaceEnabledOrDisabledAsTheClientHadIt) {
    serve([this] {
        const auto c = client();
        c->write(RegionIndex::kConfig, 4, 0x406, 2);
        EXPECT_EQ(c->errno_of(Command::kDeviceReset, {}), 0u);
        EXPECT_EQ(c->read(RegionIndex::kConfig, 4, 2), 0x2u);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
        // As QEMU does it: firmware finds what a conventional reset leaves.
        c->write(RegionIndex::kConfig, 4, 0, 2);
        EXPECT_EQ(c->errno_of(Command::kDeviceReset, {}), 0u);
        EXPECT_EQ(c->read(RegionIndex::kConfig, 4, 2), 0u);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0xffff'ffffu);
        c->write(RegionIndex::kConfig, 4, 0x2, 2);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
    });
}

TEST_F(ServeClients, WhatAClientIsRefusedIsSaidOnceOfEachCause) {
    std::vector<std::string> said;
    server.bridge().complaints().on([&](const std::string& text) { said.push_back(text); });
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.identify());
        for (int i = 0; i < 20; ++i) {
            (void)c->read(RegionIndex::kBar0, 8, 1);
            c->write(RegionIndex::kBar4, 0xffe, 1, 2);
            (void)c->errno_of(Command::kRegionRead, bytes_of(RegionAccess{0x10000, 0, 4}));
        }
        c->write(RegionIndex::kConfig, 4, 0x404, 2);
        for (int i = 0; i < 20; ++i) EXPECT_EQ(c->read(RegionIndex::kBar0, 0, 8), ~0ull);
    });
    ASSERT_EQ(said.size(), 3u);
    EXPECT_EQ(said[0].find("a client's read of 1 bytes at 8h of BAR 0 is refused"), 0u) << said[0];
    EXPECT_NE(said[1].find("4 bytes at 10000h of region 0"), std::string::npos) << said[1];
    EXPECT_NE(said[2].find("Memory Space Enable is 0 (Command register 0404h"), std::string::npos)
        << said[2];
}

TEST_F(ServeClients, ClientsAreServedOneAfterAnotherAndEachFindsAFreshDevice) {
    serve([this] {
        auto first = client();
        {
            NvmeGuest guest(*first, memory);
            ASSERT_TRUE(guest.enable());
            ASSERT_TRUE(guest.create_io_queues());
            fill(guest.buffer(), 4096, 77);
            ASSERT_TRUE(guest.write(5, 8));
        }
        Client second(path(), &memory);  // waits for its turn
        const std::uint16_t id = second.send(Command::kVersion, bytes_of(Version{0, 1}));
        EXPECT_FALSE(second.serve(20));
        first.reset();  // without a word
        const auto answer = second.reply();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->header.id, id);
        EXPECT_EQ(second.read(RegionIndex::kConfig, 4, 2), 2u);
        ASSERT_TRUE(second.map(memory.base(), memory.size(), memory.fd()));
        NvmeGuest guest(second, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        std::memset(guest.buffer(), 0, 4096);
        ASSERT_TRUE(guest.read(5, 8));  // the namespace is the same
        std::vector<std::uint8_t> wanted(4096);
        fill(wanted.data(), wanted.size(), 77);
        EXPECT_EQ(std::memcmp(guest.buffer(), wanted.data(), 4096), 0);
    });
    EXPECT_EQ(server.bridge().clients_served(), 2u);
}

TEST_F(ServeClients, HowEachLeftTheControllerIsCounted) {
    serve([this] {
        const auto enabled = [this](Client& c) {
            NvmeGuest guest(c, memory);
            EXPECT_TRUE(guest.enable());
            return guest;
        };
        for (unsigned i = 0; i < 3; ++i) {
            const auto c = client();
            EXPECT_TRUE(enabled(*c).shut_down());
        }
        for (unsigned i = 0; i < 2; ++i) {
            const auto c = client();
            (void)enabled(*c);
            c->write(RegionIndex::kBar0, 0x14, 0x0046'8001, 4);  // CC.SHN = 10b
            while ((c->read(RegionIndex::kBar0, 0x1c, 4) & 0xc) != 0x8) {
            }
        }
        (void)enabled(*client());
        (void)client();  // it had not enabled anything
        const auto c = client();
        EXPECT_TRUE(enabled(*c).disable());
    });
    const Shutdowns& shutdowns = server.shutdowns();
    EXPECT_EQ(shutdowns.normal, 3u);
    EXPECT_EQ(shutdowns.abrupt, 2u);
    EXPECT_EQ(shutdowns.none, 1u);
}

TEST_F(ServeClients, ClientsMayVanishAtAnyMoment) {
    serve([this] {
        for (unsigned i = 0; i < 30; ++i) {
            const auto c = client(i % 2 == 0);
            NvmeGuest guest(*c, memory);
            if (i % 3 == 0) continue;
            ASSERT_TRUE(guest.enable());
            if (i % 3 == 1) c->answer_dma = false;
            for (unsigned n = 0; n < 5; ++n) guest.submit(0, {});
            if (i % 4 == 0) (void)c->serve(5);
        }
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        EXPECT_TRUE(guest.identify());
    });
}

TEST_F(ServeClients, ClientsThatSpeakNonsenseAreHungUpOn) {
    serve([this] {
        const auto expect_hang_up = [this](const std::vector<std::uint8_t>& bytes) {
            Client c(path());
            ASSERT_TRUE(c.introduce());
            c.send_raw(bytes.data(), bytes.size());
            EXPECT_TRUE(c.hung_up());
        };
        Header header;
        header.command = Command::kDeviceReset;
        header.size = 15;
        expect_hang_up(bytes_of(header));
        header.size = 0xffff'ffff;
        expect_hang_up(bytes_of(header));
        header.size = 16;
        header.flags = kTypeReply;
        expect_hang_up(bytes_of(header));
        expect_hang_up(std::vector<std::uint8_t>(4096, 0x47));

        Client many(path());
        ASSERT_TRUE(many.introduce());
        const UniqueFd fd = bell();
        many.send(Command::kDeviceReset, {}, std::vector<int>(20, fd.get()));
        EXPECT_TRUE(many.hung_up());

        Client early(path());
        early.send(Command::kDeviceReset, {});
        EXPECT_EQ(early.reply()->header.error, 22u);
        EXPECT_TRUE(early.hung_up());

        Client half(path());  // and gone
        const std::uint32_t part = 7;
        half.send_raw(&part, sizeof part);
        half.disconnect();
        EXPECT_TRUE(Client(path()).introduce());
    });
}

// Seeded and bounded. What is checked is that the server is there for the next client, and what the
// sanitizers say.
TEST_F(ServeClients, RandomMessagesHurtNobody) {
    serve([this] {
        std::mt19937_64 random{7};
        const auto number = [&](std::uint64_t below) { return random() % below; };
        const UniqueFd fd = bell();
        for (int round = 0; round < 40; ++round) {
            Client c(path(), &memory);
            ASSERT_TRUE(c.introduce());
            (void)c.map(memory.base(), memory.size(), number(2) == 0 ? memory.fd() : -1);
            c.write(RegionIndex::kConfig, 4, 6, 2);
            const UniqueFd* const fds[] = {&fd};
            for (int i = 0; i < 200; ++i) {
                const auto command = static_cast<Command>(number(20));
                std::vector<std::uint8_t> payload(number(3) == 0 ? number(200) : 0);
                for (auto& byte : payload) byte = static_cast<std::uint8_t>(random());
                if (payload.empty() && number(2) == 0)
                    payload = bytes_of(
                        RegionAccess{number(0x1100), static_cast<std::uint32_t>(number(8)), 4},
                        static_cast<std::uint32_t>(random()));
                if (payload.empty() && number(2) == 0)
                    payload = bytes_of(DmaMapRequest{32, 3, number(3) * 4096, number(400) * 4096,
                                                     number(4) * 4096});
                std::vector<int> attached;
                if (number(5) == 0)
                    attached.push_back(number(2) == 0 ? fds[0]->get() : memory.fd());
                c.send(command, payload, attached,
                       number(6) == 0     ? kFlagNoReply
                       : number(150) == 0 ? 0x21u
                                          : 0u);
            }
            if (number(2) == 0) {
                std::vector<std::uint8_t> noise(number(300));
                for (auto& byte : noise) byte = static_cast<std::uint8_t>(random());
                c.send_raw(noise.data(), noise.size());
            }
        }
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        EXPECT_TRUE(guest.identify());
    });
}

TEST_F(ServeClients, AServerWithoutWorkDoesNotRun) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.identify());
        const auto switches = [] {
            struct rusage usage {};
            ::getrusage(RUSAGE_SELF, &usage);
            return usage.ru_nvcsw;
        };
        (void)c->serve(50);  // let it come to rest
        const long before = switches();
        for (int i = 0; i < 4; ++i) (void)c->serve(50);
        // Each look of this thread is one; whoever polls would have made hundreds.
        EXPECT_LT(switches() - before, 20);
    });
}

TEST_F(ServeClients, AClientThatTakesNoRepliesIsGivenUp) {
    serve([this] {
        const auto c = client();
        const RegionAccess all{0, static_cast<std::uint32_t>(RegionIndex::kConfig), 4096};
        for (int i = 0; i < 2000; ++i) c->send(Command::kRegionRead, bytes_of(all));
        while (c->reply()) {
        }
        EXPECT_TRUE(Client(path()).introduce());
    });
}

/// Something else in the simulation that never has nothing to do.
class Clockwork : public sc_core::sc_module {
public:
    NVME_HAS_PROCESS(Clockwork);
    explicit Clockwork(const sc_core::sc_module_name& name) : sc_module(name) { SC_THREAD(tick); }

private:
    [[noreturn]] void tick() {
        for (;;) wait(1, sc_core::SC_US);
    }
};

class ServeBusily : public ServeTest {
    Clockwork clockwork_{"clockwork"};
};

// Nobody wakes the simulation when a message comes: it has to look for itself, between two slices.
TEST_F(ServeBusily, ASimulationThatNeverRestsServesItsClientsAndCanBeStopped) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        EXPECT_TRUE(round_trip(guest, 1));
        EXPECT_TRUE(guest.shut_down());
    });
}

class ServeImpatiently : public ServeTest {
protected:
    static VfioUserServerOptions impatient() {
        VfioUserServerOptions options;
        options.dma_reply_ms = 50;
        return options;
    }
    ServeImpatiently() : ServeTest(impatient()) {}
};

TEST_F(ServeImpatiently, AClientThatAnswersNoDmaMessageIsGivenUp) {
    serve([this] {
        const auto c = client(false);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        c->answer_dma = false;
        guest.submit(0, {});
        EXPECT_TRUE(c->hung_up());
        EXPECT_TRUE(Client(path()).introduce());
    });
}

class ServeRealtime : public ServeTest {
protected:
    static VfioUserServerOptions slow() {
        VfioUserServerOptions options;
        options.controller.enable_time_ns = 50'000'000;
        return options;
    }
    ServeRealtime() : ServeTest(slow(), ServePace::kRealtime) {}
};

TEST_F(ServeRealtime, SimulatedTimeIsTimeOnTheWall) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        const auto begin = std::chrono::steady_clock::now();
        ASSERT_TRUE(guest.enable());
        EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(50));
        ASSERT_TRUE(guest.create_io_queues());
        for (unsigned i = 0; i < 5; ++i) EXPECT_TRUE(round_trip(guest, i));
    });
}

class ServeRealtimeMapped : public ServeTest {
protected:
    ServeRealtimeMapped() : ServeTest(with(Doorbells::kMapped), ServePace::kRealtime) {}
};

TEST_F(ServeRealtimeMapped, BothOptionsWorkTogether) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        EXPECT_TRUE(round_trip(guest, 1));
    });
}

class ServeSocket : public ServeTest {};

TEST_F(ServeSocket, TheFileIsForItsOwnerAndGoesWithTheServer) {
    {
        ListeningSocket socket;
        ASSERT_EQ(socket.open(path()), "");
        struct stat file {};
        ASSERT_EQ(::stat(path().c_str(), &file), 0);
        EXPECT_TRUE(S_ISSOCK(file.st_mode));
        EXPECT_EQ(file.st_mode & 0777u, 0600u);
        ListeningSocket second;
        EXPECT_NE(second.open(path()).find("another server"), std::string::npos);
        EXPECT_EQ(::stat(path().c_str(), &file), 0);
    }
    struct stat file {};
    EXPECT_EQ(::stat(path().c_str(), &file), -1);
}

TEST_F(ServeSocket, AStaleFileIsReplacedAndAnythingElseIsNot) {
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path().copy(address.sun_path, sizeof address.sun_path - 1);
        const UniqueFd dead(::socket(AF_UNIX, SOCK_STREAM, 0));
        ASSERT_EQ(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
                  0);
    }
    EXPECT_EQ(ListeningSocket().open(path()), "");
    { std::ofstream(path()) << "precious"; }
    EXPECT_NE(ListeningSocket().open(path()).find("not a socket"), std::string::npos);
    EXPECT_EQ(std::filesystem::file_size(path()), 8u);
    EXPECT_NE(ListeningSocket().open(""), "");
    EXPECT_NE(ListeningSocket().open(std::string(200, 'x')), "");
    EXPECT_NE(ListeningSocket().open("/nonexistent/directory/socket"), "");
}

TEST_F(ServeSocket, TheFileOfASuccessorIsLeftAlone) {
    ListeningSocket successor;
    {
        ListeningSocket socket;
        ASSERT_EQ(socket.open(path()), "");
        std::filesystem::remove(path());
        ASSERT_EQ(successor.open(path()), "");
    }
    EXPECT_TRUE(std::filesystem::exists(path()));
}

}  // namespace
}  // namespace platform::vfio_user::test
