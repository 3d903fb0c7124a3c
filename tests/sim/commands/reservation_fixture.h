// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/dma_probe.h"
#include "tests/sim/controller/driver_helpers.h"

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
    ReservationTest();
    ~ReservationTest() override;

    static ControllerParams with_id(std::uint16_t id);

    static void bring_up(HostDriver& driver);
    /// All three, as hosts 1, 2 and 3.
    void bring_up_all();
    /// Power fails for the whole drive, and comes back.
    void power_cycle();

    static ReservationReport report(HostDriver& driver, std::uint32_t nsid = 1,
                                    bool extended = true);
    /// Controllers in the report, in its order.
    static std::vector<unsigned> registered(HostDriver& driver, std::uint32_t nsid = 1);
    /// Ends whatever holds on the namespace; leaves nobody registered.
    void wipe(HostDriver& driver, std::uint32_t nsid = 1);
    /// The oldest page of the Reservation Notification log.
    static spec::ReservationNotificationLog notification(HostDriver& driver, bool retain = false);
    /// All that wait; the log is empty afterwards.
    static std::vector<ReservationNotice> notices(HostDriver& driver);
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
