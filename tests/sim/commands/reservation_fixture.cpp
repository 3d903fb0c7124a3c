// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/commands/reservation_fixture.h"

#include "models/media/store/ram_store.h"
#include "tests/sim/controller/probed_endpoint.h"

namespace nvme::test {

ReservationTest::ReservationTest()
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

ReservationTest::~ReservationTest() = default;

ControllerParams ReservationTest::with_id(std::uint16_t id) {
    ControllerParams p;
    p.controller_id = id;
    p.serial_number = "SN" + std::to_string(id);
    p.requester_id = static_cast<std::uint16_t>((id + 1) << 3);
    return p;
}

void ReservationTest::bring_up(HostDriver& driver) {
    ASSERT_EQ(driver.bring_up(), DriverError::kNone);
    ASSERT_EQ(driver.create_io_queues(2, 64), DriverError::kNone);
}

void ReservationTest::bring_up_all() {
    unsigned n = 0;
    for (HostDriver* driver : {&host_a, &host_b, &host_c}) {
        bring_up(*driver);
        ASSERT_TRUE(driver->set_host_identifier(host_id(++n)).ok());
    }
}

void ReservationTest::power_cycle() {
    for (NvmeController* controller : {&a, &b, &c}) controller->power_cut();
    for (HostDriver* driver : {&host_a, &host_b, &host_c}) driver->forget_everything();
    sc_core::wait(us(1000));
    for (NvmeController* controller : {&a, &b, &c}) controller->power_on();
}

ReservationReport ReservationTest::report(HostDriver& driver, std::uint32_t nsid, bool extended) {
    ReservationReport out;
    EXPECT_TRUE(driver.reservation_report(nsid, out, extended).ok());
    return out;
}

std::vector<unsigned> ReservationTest::registered(HostDriver& driver, std::uint32_t nsid) {
    std::vector<unsigned> ids;
    for (const auto& entry : report(driver, nsid).controllers) ids.push_back(entry.cntlid);
    return ids;
}

void ReservationTest::wipe(HostDriver& driver, std::uint32_t nsid) {
    using Action = spec::ReservationRegisterAction;
    const spec::ReservationRegisterData data{0, 77};
    EXPECT_TRUE(
        driver
            .reservation_command(commands::reservation_register(nsid, Action::kReplace, true),
                                 &data, sizeof data)
            .ok());
    EXPECT_TRUE(driver.reservation_clear(nsid, 77).ok());
}

spec::ReservationNotificationLog ReservationTest::notification(HostDriver& driver, bool retain) {
    spec::ReservationNotificationLog log{};
    commands::LogRequest request{spec::LogId::kReservationNotification};
    request.bytes = sizeof log;
    request.retain_event = retain;
    EXPECT_TRUE(driver.get_log_page(request, &log).ok());
    return log;
}

std::vector<ReservationNotice> ReservationTest::notices(HostDriver& driver) {
    std::vector<ReservationNotice> types;
    for (;;) {
        const auto page = notification(driver);
        if (page.lpc == 0) return types;
        types.push_back(page.rnlpt);
    }
}

}  // namespace nvme::test
