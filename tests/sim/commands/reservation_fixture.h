// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/driver_helpers.h"
#include "tests/sim/controller/probed_endpoint.h"

namespace nvme::test {

using platform::HostDriver;
using platform::HostId;
using platform::ReservationReport;
using spec::ReservationNotice;
using Type = spec::ReservationType;

constexpr Type kAllTypes[] = {
    Type::kWriteExclusive,
    Type::kExclusiveAccess,
    Type::kWriteExclusiveRegistrantsOnly,
    Type::kExclusiveAccessRegistrantsOnly,
    Type::kWriteExclusiveAllRegistrants,
    Type::kExclusiveAccessAllRegistrants,
};
inline bool held_by_all(Type type) {
    return type >= Type::kWriteExclusiveAllRegistrants;
}

inline HostId host_id(unsigned n) {
    HostId id{};
    for (unsigned i = 0; i < id.size(); ++i) id[i] = static_cast<std::uint8_t>(n * 16 + i);
    return id;
}

/// Three controllers of one subsystem, each with a driver of its own, as if three computers shared
/// a drive with three ports. Namespaces 1 and 2 of 512-byte blocks. The DMA of the second
/// controller passes a probe.
class ReservationTest : public SimTest {
protected:
    ReservationTest()
        : subsystem(NvmeController::make_subsystem(with_id(0))),
          a("nvme0", with_id(0), subsystem),
          b("nvme1", with_id(1), subsystem),
          c("nvme2", with_id(2), subsystem),
          probe("probe"),
          host_a(host, host.attach(a)),
          host_b(host, attach_probed(host, b, probe)),
          host_c(host, host.attach(c)) {
        for (const std::uint32_t nsid : {1u, 2u}) {
            NamespaceConfig config;
            config.nsid = nsid;
            EXPECT_EQ(a.add_namespace(config, std::make_unique<media::RamStore>(16ull << 20)), "");
        }
    }

    static ControllerParams with_id(std::uint16_t id) {
        ControllerParams p;
        p.controller_id = id;
        p.serial_number = "SN" + std::to_string(id);
        p.requester_id = static_cast<std::uint16_t>((id + 1) << 3);
        return p;
    }

    static void bring_up(HostDriver& driver) {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(2, 64), DriverError::kNone);
    }
    /// All three, as hosts 1, 2 and 3.
    void bring_up_all() {
        unsigned n = 0;
        for (HostDriver* driver : {&host_a, &host_b, &host_c}) {
            bring_up(*driver);
            ASSERT_TRUE(driver->set_host_identifier(host_id(++n)).ok());
        }
    }
    /// Power fails for the whole drive, and comes back.
    void power_cycle() {
        for (NvmeController* controller : {&a, &b, &c}) controller->power_cut();
        for (HostDriver* driver : {&host_a, &host_b, &host_c}) driver->forget_everything();
        sc_core::wait(us(1000));
        for (NvmeController* controller : {&a, &b, &c}) controller->power_on();
    }

    static ReservationReport report(HostDriver& driver, std::uint32_t nsid = 1,
                                    bool extended = true) {
        ReservationReport out;
        EXPECT_TRUE(driver.reservation_report(nsid, out, extended).ok());
        return out;
    }
    /// Controllers in the report, in its order.
    static std::vector<unsigned> registered(HostDriver& driver, std::uint32_t nsid = 1) {
        std::vector<unsigned> ids;
        for (const auto& entry : report(driver, nsid).controllers) ids.push_back(entry.cntlid);
        return ids;
    }
    /// Ends whatever holds on the namespace; leaves nobody registered.
    void wipe(HostDriver& driver, std::uint32_t nsid = 1) {
        using Action = spec::ReservationRegisterAction;
        const spec::ReservationRegisterData data{0, 77};
        EXPECT_TRUE(
            driver
                .reservation_command(commands::reservation_register(nsid, Action::kReplace, true),
                                     &data, sizeof data)
                .ok());
        EXPECT_TRUE(driver.reservation_clear(nsid, 77).ok());
    }
    /// The oldest page of the Reservation Notification log.
    static spec::ReservationNotificationLog notification(HostDriver& driver, bool retain = false) {
        spec::ReservationNotificationLog log{};
        commands::LogRequest request{spec::LogId::kReservationNotification};
        request.bytes = sizeof log;
        request.retain_event = retain;
        EXPECT_TRUE(driver.get_log_page(request, &log).ok());
        return log;
    }
    /// All that wait; the log is empty afterwards.
    static std::vector<ReservationNotice> notices(HostDriver& driver) {
        std::vector<ReservationNotice> types;
        for (;;) {
            const auto page = notification(driver);
            if (page.lpc == 0) return types;
            types.push_back(page.rnlpt);
        }
    }
    using Notices = std::vector<ReservationNotice>;

    platform::HostPlatform host{"host", [] {
                                    platform::HostPlatformParams p;
                                    p.root_complex.endpoints = 3;
                                    return p;
                                }()};
    std::shared_ptr<Subsystem> subsystem;
    NvmeController a, b, c;
    DmaProbe probe;
    HostDriver host_a, host_b, host_c;
};

}  // namespace nvme::test
