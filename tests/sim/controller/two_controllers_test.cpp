// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "models/faults/injector.h"
#include "models/media/store/ram_store.h"
#include "models/nvme/module/nvme_controller.h"
#include "tests/sim/controller/driver_helpers.h"
#include "tests/sim/controller/random_io.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {
namespace {

using platform::DriverError;
using spec::Csts;

platform::HostPlatformParams two_slots() {
    platform::HostPlatformParams p;
    p.root_complex.endpoints = 2;
    return p;
}

ControllerParams with_id(std::uint16_t id) {
    ControllerParams p;
    p.controller_id = id;
    p.serial_number = "SN" + std::to_string(id);
    p.requester_id = static_cast<std::uint16_t>(id << 3);
    return p;
}

/// Two devices in one host; in one NVM subsystem or each in its own.
class TwoControllers : public SimTest {
protected:
    explicit TwoControllers(bool shared)
        : subsystem(NvmeController::make_subsystem(with_id(1))),
          a("nvme0", with_id(1), subsystem),
          b("nvme1", with_id(2), shared ? subsystem : NvmeController::make_subsystem(with_id(2))),
          driver_a(host, host.attach(a)),
          driver_b(host, host.attach(b)) {
        add_namespace(a);
        if (!shared) add_namespace(b);
    }
    static void add_namespace(NvmeController& controller) {
        EXPECT_EQ(controller.add_namespace({}, std::make_unique<media::RamStore>(16ull << 20)), "");
    }
    static void bring_up(platform::HostDriver& driver, std::uint16_t queues = 2) {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(queues, 64), DriverError::kNone);
    }

    platform::HostPlatform host{"host", two_slots()};
    std::shared_ptr<Subsystem> subsystem;
    NvmeController a, b;
    platform::HostDriver driver_a, driver_b;
};

class Separate : public TwoControllers {
protected:
    Separate() : TwoControllers(false) {}
};

TEST_F(Separate, RunSideBySideOnTheirOwnData) {
    in_parallel([this] {
        bring_up(driver_b);
        RandomIo io(driver_b, 32, 2);
        EXPECT_TRUE(io.run(400));
    });
    simulate([this] {
        bring_up(driver_a);
        RandomIo io(driver_a, 31, 2);
        EXPECT_TRUE(io.run(400));
    });
    for (const auto* driver : {&driver_a, &driver_b}) {
        EXPECT_EQ(driver->protocol_errors(), 0u);
        EXPECT_EQ(driver->missed_interrupts(), 0u);
    }
}

TEST_F(Separate, AResetOfOneDoesNotDisturbTheOther) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        EXPECT_TRUE(verified_io(driver_a, 1));
        ASSERT_EQ(driver_a.subsystem_reset(), DriverError::kNone);
        EXPECT_TRUE(driver_b.csts().get<Csts::Rdy>());
        EXPECT_FALSE(driver_b.csts().get<Csts::Nssro>());
        EXPECT_TRUE(verified_io(driver_b, 2));
        a.power_cut();
        EXPECT_TRUE(verified_io(driver_b, 3));
        a.power_on();
        driver_a.forget_everything();
        bring_up(driver_a);
        EXPECT_TRUE(verified_io(driver_a, 4));
    });
}

TEST_F(Separate, HaveSerialNumbersOfTheirOwnInConfigurationSpace) {
    ControllerParams other = with_id(1);  // the identifier is unique in its subsystem only
    other.subsystem_nqn = "nqn.2014-08.org.nvmexpress:uuid:00000000-0000-4000-8000-000000000002";
    const NvmeController c("nvme2", other);
    const auto serial = [](const NvmeController& controller) {
        constexpr std::uint16_t kDeviceSerialNumber = 0x100;
        const pcie::ConfigSpace& space = controller.config_space();
        return std::pair(space.read(kDeviceSerialNumber + 8, 4),
                         space.read(kDeviceSerialNumber + 4, 4));
    };
    EXPECT_EQ(serial(a).first >> 8, with_id(1).ieee_oui);
    EXPECT_NE(serial(a), serial(b));
    EXPECT_NE(serial(a), serial(c));
}

/// Controllers that a user made and said nothing about.
class Unnamed : public SimTest {
protected:
    struct Board : sc_core::sc_module {
        explicit Board(const sc_core::sc_module_name& name) : sc_module(name) {}
        NvmeController nvme{"nvme"};
    };
    static std::array<std::uint8_t, 16> nguid(NvmeController& controller) {
        EXPECT_EQ(controller.add_namespace({}, std::make_unique<media::RamStore>(1 << 20)), "");
        return controller.subsystem().find(1)->nguid();
    }
};

// They had the same serial number, NQN and CNTLID: Linux refused the second ("Duplicate cntlid 0").
TEST_F(Unnamed, ControllersDifferInEverythingThatTellsThemApart) {
    NvmeController a("nvme0"), b("nvme1");
    Board left("left"), right("right");  // the same name, elsewhere
    NvmeController* all[] = {&a, &b, &left.nvme, &right.nvme};
    std::set<std::string> nqns, serials;
    std::set<std::uint16_t> ids;
    std::set<std::array<std::uint8_t, 16>> nguids;
    for (NvmeController* c : all) {
        nqns.insert(c->params().subsystem_nqn);
        serials.insert(c->params().serial_number);
        ids.insert(c->params().controller_id);
        nguids.insert(nguid(*c));
        EXPECT_TRUE(validate(c->params()).empty());
    }
    EXPECT_EQ(nqns.size(), 4u);
    EXPECT_EQ(serials.size(), 4u);
    EXPECT_EQ(ids.size(), 4u);
    EXPECT_EQ(nguids.size(), 4u);
}

TEST_F(Unnamed, ControllersOfOneSubsystemShareItsNameAndSerialNumber) {
    const auto subsystem = NvmeController::make_subsystem({});
    const auto another = NvmeController::make_subsystem({});
    NvmeController a("a", {}, subsystem), b("b", {}, subsystem), c("c", {}, another);
    EXPECT_EQ(a.params().subsystem_nqn, b.params().subsystem_nqn);
    EXPECT_EQ(a.params().serial_number, b.params().serial_number);
    EXPECT_NE(a.params().controller_id, b.params().controller_id);
    EXPECT_NE(a.params().subsystem_nqn, c.params().subsystem_nqn);
}

TEST_F(Unnamed, TheHostIdentifiesWhatThePlatformSees) {
    platform::HostPlatform host("host", two_slots());
    NvmeController a("nvme0"), b("nvme1");
    platform::HostDriver driver_a(host, host.attach(a)), driver_b(host, host.attach(b));
    simulate([&] {
        ASSERT_EQ(driver_a.bring_up(), DriverError::kNone);
        ASSERT_EQ(driver_b.bring_up(), DriverError::kNone);
        EXPECT_EQ(driver_a.controller().subnqn, a.params().subsystem_nqn);
        EXPECT_EQ(driver_a.controller().cntlid, a.params().controller_id);
        EXPECT_STRNE(driver_a.controller().subnqn, driver_b.controller().subnqn);
    });
}

/// Reports of this test that are no failures.
class Confused : public SimTest {
protected:
    /// Elaborates, and returns the warnings; each line one.
    static std::string warnings() {
        static std::string text;
        sc_core::sc_report_handler::set_handler(
            [](const sc_core::sc_report& report, const sc_core::sc_actions&) {
                if (report.get_severity() == sc_core::SC_WARNING)
                    text += std::string(report.get_msg()) + "\n";
            });
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
        return text;
    }
    static ControllerParams named(const std::string& nqn, const std::string& serial,
                                  std::uint16_t id) {
        ControllerParams p;
        p.subsystem_nqn = nqn;
        p.serial_number = serial;
        p.controller_id = id;
        return p;
    }
    static NamespaceConfig with_eui64() {
        NamespaceConfig config;
        config.eui64 = {1, 2, 3, 4, 5, 6, 7, 8};
        return config;
    }
    platform::HostPlatform host{"host", [] {
                                    platform::HostPlatformParams p;
                                    p.root_complex.endpoints = 8;
                                    return p;
                                }()};
};

TEST_F(Confused, ControllersAreNamedAtTheEndOfElaboration) {
    const auto shared = NvmeController::make_subsystem(named("nqn.x", "X", 0));
    NvmeController a("a", named("nqn.a", "A", 1)), b("b", named("nqn.a", "B", 2));
    NvmeController c("c", named("nqn.c", "A", 3)), d("d", named("nqn.d", "D", 1));
    NvmeController e("e", named("nqn.x", "X", 7), shared), f("f", named("nqn.x", "X", 7), shared);
    NvmeController g("g", named("nqn.y", "X", 8), shared);
    EXPECT_EQ(a.add_namespace(with_eui64(), std::make_unique<media::RamStore>(1 << 20)), "");
    EXPECT_EQ(d.add_namespace(with_eui64(), std::make_unique<media::RamStore>(1 << 20)), "");
    for (NvmeController* controller : {&a, &b, &c, &d, &e, &f, &g}) host.attach(*controller);
    EXPECT_EQ(warnings(),
              "b: subsystem_nqn = \"nqn.a\": so has a\n"
              "c: serial_number = \"A\": so has a\n"
              "d: the NGUID or EUI-64 of a namespace: so has a\n"
              "f: controller_id = 7: so has e\n"
              "g: subsystem_nqn = \"nqn.y\": its subsystem is \"nqn.x\"\n");
}

class Shared : public TwoControllers {
protected:
    Shared() : TwoControllers(true) {}
};

TEST_F(Shared, SeeTheSameDataAndTheSameSubsystem) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        const auto out = make_pattern(driver_a, 8192, 5);
        const auto in = driver_b.allocate(8192);
        ASSERT_TRUE(driver_a.write(1, 40, 16, out).ok());
        ASSERT_TRUE(driver_b.read(1, 40, 16, in).ok());
        EXPECT_EQ(std::memcmp(out.data, in.data, 8192), 0);
        const auto& ida = driver_a.controller();
        const auto& idb = driver_b.controller();
        EXPECT_EQ(std::memcmp(ida.subnqn, idb.subnqn, sizeof ida.subnqn), 0);
        EXPECT_EQ(ida.cntlid, 1u);
        EXPECT_EQ(idb.cntlid, 2u);
    });
}

TEST_F(Shared, ASubsystemResetTakesBoth) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        ASSERT_EQ(driver_a.subsystem_reset(), DriverError::kNone);
        EXPECT_EQ(driver_b.csts().raw, ~0u) << "its configuration space is reset as well";
        driver_b.forget_everything();
        bring_up(driver_a);
        bring_up(driver_b);
        EXPECT_TRUE(driver_a.csts().get<Csts::Nssro>());
        EXPECT_TRUE(driver_b.csts().get<Csts::Nssro>());
        EXPECT_TRUE(verified_io(driver_b, 1));
    });
}

TEST_F(Shared, PowerGoesAndComesForBoth) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        a.power_cut();
        EXPECT_EQ(driver_b.csts().raw, ~0u);
        b.power_on();
        for (platform::HostDriver* driver : {&driver_a, &driver_b}) {
            driver->forget_everything();
            bring_up(*driver);
            EXPECT_TRUE(verified_io(*driver, 1));
        }
        EXPECT_EQ(a.model().smart().unsafe_shutdowns.low, 1u);
        EXPECT_EQ(b.model().smart().unsafe_shutdowns.low, 1u);
    });
}

TEST_F(Shared, MediaFaultsOfBothPlansMeetWhoeverReachesTheNamespace) {
    const auto bad = [](const char* name, std::uint64_t lba) {
        faults::Rule rule;
        rule.name = name;
        rule.action = faults::Action::kReadError;
        rule.lba = lba;
        return rule;
    };
    faults::Injector plan_a({bad("a", 100)}), plan_b({bad("b", 200)});
    a.set_faults(&plan_a);
    b.set_faults(&plan_b);
    simulate([&] {
        bring_up(driver_a);
        bring_up(driver_b);
        const auto in = driver_a.allocate(4096);
        const auto readable = [&](std::uint64_t lba) { return driver_a.read(1, lba, 1, in).ok(); };
        EXPECT_FALSE(readable(100));
        EXPECT_FALSE(readable(200));
        EXPECT_TRUE(readable(300));
        b.set_faults(nullptr);
        EXPECT_FALSE(readable(100)) << "it is the other one's";
        EXPECT_TRUE(readable(200));
    });
}

// Each controller used to have dies of its own for the same namespace. Block 0 and block 1024 of
// 512 bytes are on unit 0 of 32.
TEST_F(Shared, WaitForTheSameMedium) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        const auto buffer_a = driver_a.allocate(4096);
        const auto buffer_b = driver_b.allocate(4096);
        const auto start = sc_core::sc_time_stamp();
        const auto from_a =
            driver_a.submit(1, platform::commands::read(1, 0, 8), {buffer_a.gpa, 4096});
        const auto from_b =
            driver_b.submit(1, platform::commands::read(1, 1024, 8), {buffer_b.gpa, 4096});
        EXPECT_TRUE(driver_a.wait(from_a).ok());
        EXPECT_LT(sc_core::sc_time_stamp() - start, us(60));
        EXPECT_TRUE(driver_b.wait(from_b).ok());
        EXPECT_GT(sc_core::sc_time_stamp() - start, us(100));
    });
}

// One that switched the feature off used to switch off the cache for the other one, too, and its
// reset switched it on again.
TEST_F(Shared, HaveAVolatileWriteCacheFeatureEach) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        const auto data = make_pattern(driver_b, 4096, 1);
        ASSERT_TRUE(driver_a.set_features(spec::FeatureId::kVolatileWriteCache, 0, false).ok());
        media::WriteCache& cache = subsystem->find(1)->data();
        ASSERT_TRUE(driver_b.write(1, 0, 8, data).ok());
        EXPECT_EQ(cache.dirty_bytes(), 4096u) << "b has it on";
        ASSERT_TRUE(driver_a.write(1, 64, 8, make_pattern(driver_a, 4096, 2)).ok());
        EXPECT_EQ(cache.dirty_bytes(), 4096u) << "a has it off";
        ASSERT_EQ(driver_a.disable(), DriverError::kNone);
        EXPECT_EQ(cache.dirty_bytes(), 4096u) << "a's reset is nobody's flush";
        ASSERT_TRUE(driver_b.read(1, 0, 8, data).ok());
    });
}

TEST_F(Shared, AControllerResetOfOneLeavesTheOtherRunning) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        ASSERT_EQ(driver_a.disable(), DriverError::kNone);
        EXPECT_TRUE(driver_b.csts().get<Csts::Rdy>());
        EXPECT_TRUE(verified_io(driver_b, 1));
    });
}

TEST_F(Shared, ANamespaceThatChangesIsAnnouncedByBoth) {
    simulate([this] {
        bring_up(driver_a);
        bring_up(driver_b);
        const auto request = platform::commands::make(spec::AdminOpcode::kAsyncEventRequest);
        const auto event_a = driver_a.submit(0, request), event_b = driver_b.submit(0, request);
        sc_core::wait(us(50));
        EXPECT_EQ(a.resize_namespace(1, 8ull << 20), "");
        for (const auto& event : {driver_a.wait(event_a), driver_b.wait(event_b)}) {
            using Dw0 = spec::AsyncEventDw0;
            EXPECT_TRUE(event.ok());
            EXPECT_EQ(Dw0::from(event.dw0).get<Dw0::EventType>(), spec::AsyncEventType::kNotice);
        }
    });
}

}  // namespace
}  // namespace nvme::test
