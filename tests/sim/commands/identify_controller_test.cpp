// SPDX-License-Identifier: Apache-2.0
// Identify Controller, and which CNS values there are.
#include <set>
#include <string>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

ControllerParams distinct() {
    ControllerParams params;
    params.vendor_id = 0x1B36;
    params.subsystem_vendor_id = 0x1AF4;
    params.ieee_oui = 0x112233;
    params.serial_number = "SER 42";
    params.model_number = "A model of 40 characters, and no more !!";
    params.firmware_revision = "7.1";
    params.subsystem_nqn = "nqn.2024-01.org.example:disk";
    params.controller_id = 0x0102;
    params.mdts = 5;
    params.max_namespaces = 17;
    params.abort_command_limit = 7;
    params.async_event_request_limit = 5;
    params.error_log_entries = 9;
    return params;
}

class IdentifyTheController : public CommandsTest {
protected:
    IdentifyTheController() : CommandsTest(distinct()) {}
};

TEST_F(IdentifyTheController, EveryFieldSaysWhatTheParametersSay) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const spec::IdentifyController& id = driver.controller();
        EXPECT_EQ(id.vid, 0x1B36);
        EXPECT_EQ(id.ssvid, 0x1AF4);
        EXPECT_EQ(std::string(id.sn, sizeof id.sn), "SER 42              ");
        EXPECT_EQ(std::string(id.mn, sizeof id.mn), controller.params().model_number);
        EXPECT_EQ(std::string(id.fr, sizeof id.fr), "7.1     ");
        EXPECT_EQ(id.ieee[0], 0x33);
        EXPECT_EQ(id.ieee[1], 0x22);
        EXPECT_EQ(id.ieee[2], 0x11);
        EXPECT_EQ(id.mdts, 5);
        EXPECT_EQ(driver.max_transfer_bytes(), 128u * 1024);
        EXPECT_EQ(id.cntlid, 0x0102);
        EXPECT_EQ(id.ver, 0x0002'0000u);
        EXPECT_EQ(id.ver, driver.read32(spec::offset::kVs));
        EXPECT_EQ(id.rtd3r, 1'000u) << "microseconds, as enable_time";
        EXPECT_GE(id.rtd3e, 500u) << "microseconds, no less than shutdown_time";
        EXPECT_EQ(id.acl, 7);
        EXPECT_EQ(id.aerl, 5);
        EXPECT_EQ(id.elpe, 9);
        EXPECT_EQ(id.nn, 17u);
        EXPECT_STREQ(id.subnqn, "nqn.2024-01.org.example:disk");
    });
}

TEST_F(IdentifyTheController, CapabilitiesAreThoseThatTheControllerHas) {
    simulate(
        [this] {
            ASSERT_EQ(driver.bring_up(), DriverError::kNone);
            const spec::IdentifyController& id = driver.controller();
            EXPECT_EQ(id.cntrltype, 1) << "I/O controller";
            EXPECT_EQ(id.oaes, 1u << 8) << "namespace attribute notices";
            EXPECT_EQ(id.oacs, 1u << 8 | 1u << 4) << "Doorbell Buffer Config, Device Self-test";
            EXPECT_EQ(id.frmw, 0x03) << "one slot, read only";
            EXPECT_EQ(id.lpa, 0x26) << "effects, extended data, supported logs";
            EXPECT_EQ(id.npss, 0);
            EXPECT_GT(id.wctemp, 273);
            EXPECT_GT(id.cctemp, id.wctemp);
            EXPECT_EQ(id.sqes, 0x66);
            EXPECT_EQ(id.cqes, 0x44);
            EXPECT_EQ(id.oncs, 0x1FF)
                << "all of NVM Command Set 1.0: Write Uncorrectable and Copy, too";
            EXPECT_EQ(id.ctratt, 1u) << "128-bit Host Identifiers";
            EXPECT_EQ(id.fuses, 1);
            EXPECT_EQ(id.vwc, 0x07) << "a cache, and Flush to all namespaces";
            EXPECT_EQ(id.sgls, 0x5'0001u);
            EXPECT_EQ(id.cmic, 0);
            EXPECT_EQ(id.sanicap, 0u);
            EXPECT_EQ(id.hmpre, 0u);
        });
}

TEST_F(IdentifyTheController, CommandSetStructuresAreThoseOfTheNvmCommandSetAlone) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        spec::IdentifyControllerNvm nvm;
        std::memset(&nvm, 0xFF, sizeof nvm);
        ASSERT_TRUE(driver.identify(spec::Cns::kCsController, 0, &nvm).ok());
        const spec::IdentifyControllerNvm no_limits{};
        EXPECT_EQ(std::memcmp(&nvm, &no_limits, sizeof nvm), 0);

        spec::IdentifyIoCommandSets sets;
        ASSERT_TRUE(driver.identify(spec::Cns::kIoCommandSets, 0, &sets).ok());
        EXPECT_EQ(sets.iocsc[0], 1u) << "the NVM command set";
        for (int i = 1; i < 512; ++i) EXPECT_EQ(sets.iocsc[i], 0u) << i;

        for (const auto cns : {spec::Cns::kCsNamespace, spec::Cns::kCsController,
                               spec::Cns::kCsActiveNamespaceList}) {
            for (const unsigned csi : {1u, 2u, 0x30u, 0xFFu})
                EXPECT_EQ(status(driver.identify(cns, 1, &sets, static_cast<spec::Csi>(csi))),
                          StatusCode::kInvalidField)
                    << static_cast<unsigned>(cns) << " " << csi;
        }
    });
}

TEST_F(IdentifyTheController, OtherCnsValuesAreRefused) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const std::set<unsigned> supported = {0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x1C};
        std::byte page[spec::kIdentifyBytes];
        for (unsigned cns = 0; cns < 256; ++cns) {
            const StatusCode expected =
                supported.count(cns) != 0 ? StatusCode::kSuccess : StatusCode::kInvalidField;
            EXPECT_EQ(status(driver.identify(static_cast<spec::Cns>(cns), 1, page)), expected)
                << cns;
        }
    });
}

ControllerParams without_cache() {
    ControllerParams params;
    params.write_cache_bytes = 0;
    return params;
}

class WithoutWriteCache : public CommandsTest {
protected:
    WithoutWriteCache() : CommandsTest(without_cache()) {}
};

TEST_F(WithoutWriteCache, HostIsToldThatThereIsNoneAndCannotEnableIt) {
    simulate([this] {
        bring_up();
        EXPECT_EQ(driver.controller().vwc & 1, 0);
        EXPECT_EQ(status(driver.set_features(spec::FeatureId::kVolatileWriteCache, 1)),
                  StatusCode::kInvalidField);
        const DmaBuffer out = pattern(4096, 1), in = driver.allocate(4096);
        EXPECT_TRUE(driver.write(1, 0, 8, out).ok());
        EXPECT_TRUE(driver.flush(1).ok());
        power_cycle();
        EXPECT_TRUE(driver.read(1, 0, 8, in).ok());
        EXPECT_TRUE(same(out, in, 4096));
    });
}

}  // namespace
}  // namespace nvme::test
