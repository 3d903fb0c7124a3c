// SPDX-License-Identifier: Apache-2.0
// What a host reads. Offsets and bits come from the Linux header, not from the model.
#include "models/pcie/config_space.h"

#include <gtest/gtest.h>
#include <linux/pci_regs.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tests/unit/pcie/config_fixture.h"

namespace pcie::test {
namespace {

TEST_F(ConfigTest, TheHeaderNamesTheFunction) {
    EXPECT_EQ(config.read(PCI_VENDOR_ID, 2), 0x1b36u);
    EXPECT_EQ(config.read(PCI_DEVICE_ID, 2), 0x0010u);
    EXPECT_EQ(config.read(PCI_VENDOR_ID, 4), 0x0010'1b36u);
    EXPECT_EQ(config.read(PCI_CLASS_REVISION, 4), 0x0108'0202u);
    EXPECT_EQ(config.read(PCI_HEADER_TYPE, 1), unsigned{PCI_HEADER_TYPE_NORMAL});
    EXPECT_EQ(config.read(PCI_SUBSYSTEM_VENDOR_ID, 2), 0x1af4u);
    EXPECT_EQ(config.read(PCI_SUBSYSTEM_ID, 2), 0x1100u);
    EXPECT_EQ(config.read(PCI_STATUS, 2), unsigned{PCI_STATUS_CAP_LIST});
    EXPECT_EQ(config.read(PCI_ROM_ADDRESS, 4), 0u);
    EXPECT_EQ(config.read(PCI_INTERRUPT_PIN, 1), 1u);
}

TEST_F(ConfigTest, WithoutAPinTheInterruptPinIsZero) {
    FunctionParams params = example_function();
    params.intx_pin = false;
    EXPECT_EQ(ConfigSpace(params, events).read(PCI_INTERRUPT_PIN, 1), 0u);
}

TEST_F(ConfigTest, TheCapabilityListEndsAndHoldsEachCapabilityOnce) {
    std::vector<unsigned> ids;
    for (unsigned at = config.read(PCI_CAPABILITY_LIST, 1); at != 0 && ids.size() < 48;) {
        EXPECT_GE(at, 0x40u);
        EXPECT_EQ(at % 4, 0u);
        ids.push_back(config.read(static_cast<std::uint16_t>(at), 1));
        at = config.read(static_cast<std::uint16_t>(at + PCI_CAP_LIST_NEXT), 1);
    }
    EXPECT_EQ(ids, (std::vector<unsigned>{PCI_CAP_ID_PM, PCI_CAP_ID_MSIX, PCI_CAP_ID_EXP}));
}

TEST_F(ConfigTest, PowerManagementIsVersion3AndKeepsStateInD3hot) {
    const std::uint16_t pm = find(PCI_CAP_ID_PM);
    ASSERT_EQ(pm, ConfigSpace::kPowerManagement);
    EXPECT_EQ(config.read(pm + PCI_PM_PMC, 2), 3u);  // no D1, no D2, no PME
    EXPECT_EQ(config.read(pm + PCI_PM_CTRL, 2), unsigned{PCI_PM_CTRL_NO_SOFT_RESET});
}

TEST_F(ConfigTest, MsixTellsTheTableSizeAndPlacesItInBar4) {
    const std::uint16_t msix = find(PCI_CAP_ID_MSIX);
    ASSERT_EQ(msix, ConfigSpace::kMsix);
    EXPECT_EQ(config.read(msix + PCI_MSIX_FLAGS, 2), 64u);  // vectors - 1
    EXPECT_EQ(config.read(msix + PCI_MSIX_TABLE, 4), 4u);
    EXPECT_EQ(config.read(msix + PCI_MSIX_PBA, 4), 0x1004u);
}

TEST_F(ConfigTest, WithoutVectorsThereIsNoMsixCapability) {
    FunctionParams params = example_function();
    params.msix_vectors = 0;
    const ConfigSpace none(params, events);
    EXPECT_EQ(none.read(ConfigSpace::kPowerManagement + PCI_CAP_LIST_NEXT, 1),
              unsigned{ConfigSpace::kExpress});
    EXPECT_EQ(none.read(ConfigSpace::kMsix, 4), 0u);
    EXPECT_FALSE(none.msix_enabled());
}

TEST_F(ConfigTest, ExpressIsAVersion2EndpointThatCanBeReset) {
    const std::uint16_t exp = find(PCI_CAP_ID_EXP);
    ASSERT_EQ(exp, ConfigSpace::kExpress);
    const std::uint32_t flags = config.read(exp + PCI_EXP_FLAGS, 2);
    EXPECT_EQ(flags & PCI_EXP_FLAGS_VERS, 2u);
    EXPECT_EQ((flags & PCI_EXP_FLAGS_TYPE) >> 4, unsigned{PCI_EXP_TYPE_ENDPOINT});
    const std::uint32_t devcap = config.read(exp + PCI_EXP_DEVCAP, 4);
    EXPECT_EQ(devcap & PCI_EXP_DEVCAP_PAYLOAD, 1u);  // 256 bytes
    EXPECT_NE(devcap & PCI_EXP_DEVCAP_FLR, 0u);
    EXPECT_NE(devcap & PCI_EXP_DEVCAP_RBER, 0u);
    EXPECT_NE(devcap & PCI_EXP_DEVCAP_EXT_TAG, 0u);
    // The reset value of an endpoint with 512-byte read requests, as data sheets give it.
    EXPECT_EQ(config.read(exp + PCI_EXP_DEVCTL, 2), 0x2810u);
    EXPECT_EQ(config.read(exp + PCI_EXP_DEVSTA, 2), 0u);
    EXPECT_EQ(config.read(exp + PCI_EXP_DEVCAP2, 4), unsigned{PCI_EXP_DEVCAP2_COMP_TMOUT_DIS});
}

TEST_F(ConfigTest, TheLinkRegistersTellGenerationAndWidth) {
    for (const unsigned gen : {1u, 2u, 3u, 4u, 5u, 6u}) {
        for (const unsigned lanes : {1u, 2u, 4u, 8u, 16u}) {
            FunctionParams params = example_function();
            params.link_gen = gen;
            params.link_lanes = lanes;
            const ConfigSpace function(params, events);
            const std::uint16_t exp = ConfigSpace::kExpress;
            const std::uint32_t capabilities = function.read(exp + PCI_EXP_LNKCAP, 4);
            const std::uint32_t status = function.read(exp + PCI_EXP_LNKSTA, 2);
            EXPECT_EQ(capabilities & PCI_EXP_LNKCAP_SLS, gen);
            EXPECT_EQ((capabilities & PCI_EXP_LNKCAP_MLW) >> 4, lanes);
            EXPECT_EQ(capabilities & PCI_EXP_LNKCAP_ASPMS, 0u);
            EXPECT_EQ(status & PCI_EXP_LNKSTA_CLS, gen);
            EXPECT_EQ((status & PCI_EXP_LNKSTA_NLW) >> PCI_EXP_LNKSTA_NLW_SHIFT, lanes);
            EXPECT_EQ(status & PCI_EXP_LNKSTA_LT, 0u);
            EXPECT_EQ(function.read(exp + PCI_EXP_LNKCTL2, 2) & PCI_EXP_LNKCTL2_TLS, gen);
            // PCI_EXP_FLAGS_FLIT and PCI_EXP_LNKSTA2_FLIT of newer headers.
            EXPECT_EQ(function.read(exp + PCI_EXP_FLAGS, 2) >> 15, gen == 6 ? 1u : 0u);
            EXPECT_EQ(function.read(exp + PCI_EXP_LNKSTA2, 2), gen == 6 ? 0x400u : 0u);
        }
    }
}

TEST_F(ConfigTest, TheLinkTellsHowLongItTakesToLeaveItsSleep) {
    struct Expected {
        std::uint64_t ns;
        unsigned l0s, l1;
    };
    // [PCIe-Base-4.0 7.5.3.6 Link Capabilities Register]
    for (const auto& [ns, l0s, l1] : {Expected{0, 0, 0},
                                      {63, 0, 0},
                                      {64, 1, 0},
                                      {255, 2, 0},
                                      {256, 3, 0},
                                      {512, 4, 0},
                                      {999, 4, 0},
                                      {1'000, 5, 1},
                                      {1'999, 5, 1},
                                      {2'000, 6, 2},
                                      {4'000, 6, 3},
                                      {4'001, 7, 3},
                                      {8'000, 7, 4},
                                      {31'999, 7, 5},
                                      {32'000, 7, 6},
                                      {64'000, 7, 6},
                                      {64'001, 7, 7},
                                      {10'000'000'000, 7, 7}}) {
        FunctionParams params = example_function();
        params.l0s_exit_ns = params.l1_exit_ns = ns;
        const std::uint32_t capabilities =
            ConfigSpace(params, events).read(ConfigSpace::kExpress + PCI_EXP_LNKCAP, 4);
        EXPECT_EQ(capabilities & PCI_EXP_LNKCAP_ASPMS,
                  unsigned{PCI_EXP_LNKCAP_ASPM_L0S | PCI_EXP_LNKCAP_ASPM_L1});
        EXPECT_EQ((capabilities & PCI_EXP_LNKCAP_L0SEL) >> 12, l0s) << ns;
        EXPECT_EQ((capabilities & PCI_EXP_LNKCAP_L1EL) >> 15, l1) << ns;
    }
    FunctionParams params = example_function();
    params.l1_exit_ns = 8'000;
    EXPECT_EQ(ConfigSpace(params, events).read(ConfigSpace::kExpress + PCI_EXP_LNKCAP, 4) &
                  (PCI_EXP_LNKCAP_ASPMS | PCI_EXP_LNKCAP_L0SEL),
              unsigned{PCI_EXP_LNKCAP_ASPM_L1});
}

TEST_F(ConfigTest, ALinkThatIsTrainedAnewShowsItsSpeedOverResets) {
    const std::uint16_t status = ConfigSpace::kExpress + PCI_EXP_LNKSTA;
    const std::uint32_t before = config.read(status, 2);
    const std::uint32_t capabilities = config.read(ConfigSpace::kExpress + PCI_EXP_LNKCAP, 4);
    config.set_link_speed({2, 1});
    const std::uint32_t slow =
        PCI_EXP_LNKSTA_SLC | PCI_EXP_LNKSTA_NLW_X1 | PCI_EXP_LNKSTA_CLS_5_0GB;
    EXPECT_EQ(config.read(status, 2), slow) << "and no bit that only ports above have";
    config.write(status, 2, 0xffff);
    EXPECT_EQ(config.read(status, 2), slow);
    config.reset(ResetKind::kFunctionLevel);
    EXPECT_EQ(config.read(status, 2), slow);
    config.reset(ResetKind::kConventional);
    EXPECT_EQ(config.read(status, 2), slow);
    EXPECT_EQ(config.read(ConfigSpace::kExpress + PCI_EXP_LNKCAP, 4), capabilities);
    config.set_link_speed({4, 4});
    EXPECT_EQ(config.read(status, 2), before);
}

TEST_F(ConfigTest, TheSupportedSpeedsAreAllUpToTheGeneration) {
    FunctionParams params = example_function();
    params.link_gen = 3;
    EXPECT_EQ(ConfigSpace(params, events).read(ConfigSpace::kExpress + PCI_EXP_LNKCAP2, 4),
              unsigned{PCI_EXP_LNKCAP2_SLS_2_5GB | PCI_EXP_LNKCAP2_SLS_5_0GB |
                       PCI_EXP_LNKCAP2_SLS_8_0GB});
}

TEST_F(ConfigTest, TheExtendedListHoldsTheSerialNumberAndEnds) {
    const std::uint32_t header = config.read(PCI_CFG_SPACE_SIZE, 4);
    EXPECT_EQ(PCI_EXT_CAP_ID(header), unsigned{PCI_EXT_CAP_ID_DSN});
    EXPECT_EQ(PCI_EXT_CAP_VER(header), 1u);
    EXPECT_EQ(PCI_EXT_CAP_NEXT(header), 0u);
    EXPECT_EQ(config.read(PCI_CFG_SPACE_SIZE + 4, 4), 0xfe33'4455u);
    EXPECT_EQ(config.read(PCI_CFG_SPACE_SIZE + 8, 4), 0x0011'22ffu);
}

TEST_F(ConfigTest, AccessesAreNaturallyAlignedAndWithinTheSpace) {
    EXPECT_TRUE(ConfigSpace::access_ok(0, 1));
    EXPECT_TRUE(ConfigSpace::access_ok(4092, 4));
    EXPECT_TRUE(ConfigSpace::access_ok(4095, 1));
    for (const unsigned size : {0u, 3u, 5u, 8u, 0x8000'0000u}) {
        EXPECT_FALSE(ConfigSpace::access_ok(0, size)) << size;
    }
    EXPECT_FALSE(ConfigSpace::access_ok(1, 2));
    EXPECT_FALSE(ConfigSpace::access_ok(2, 4));
    EXPECT_FALSE(ConfigSpace::access_ok(4096, 1));
    EXPECT_FALSE(ConfigSpace::access_ok(~0ull - 3, 4));
}

TEST_F(ConfigTest, ABadAccessReadsAllOnesAndWritesNothing) {
    EXPECT_EQ(config.read(2, 4), 0xffff'ffffu);
    EXPECT_EQ(config.read(0xffff, 1), 0xffff'ffffu);
    EXPECT_EQ(config.read(4096, 4), 0xffff'ffffu);
    config.write(PCI_COMMAND - 1, 4, 0xffff'ffff);
    config.write(0xfffc, 4, 0xffff'ffff);
    EXPECT_EQ(config.read(PCI_COMMAND, 2), 0u);
}

TEST_F(ConfigTest, ReservedOffsetsReadZero) {
    EXPECT_EQ(config.read(0x28, 4), 0u);
    EXPECT_EQ(config.read(0xf0, 4), 0u);
    EXPECT_EQ(config.read(0x10c, 4), 0u);
    EXPECT_EQ(config.read(0xffc, 4), 0u);
}

TEST(FunctionParams, AreRefusedWithAllTheirProblems) {
    CountedEvents events;
    EXPECT_TRUE(validate(example_function()).empty());
    EXPECT_TRUE(validate(FunctionParams{}).empty());
    FunctionParams params = example_function();
    params.bar0_size = 0x3000;
    params.bar4_size = 8;  // also too small for the vectors
    params.link_gen = 7;
    params.link_lanes = 3;
    params.class_code = 0x0100'0000;
    params.max_payload_bytes = 64;
    params.msix_pba_offset = 4;
    EXPECT_EQ(validate(params).size(), 8u);
    EXPECT_THROW(ConfigSpace(params, events), std::invalid_argument);
}

}  // namespace
}  // namespace pcie::test
