// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "models/faults/injector.h"
#include "models/media/ram_store.h"
#include "models/nvme/controller/nvme_controller.h"
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
