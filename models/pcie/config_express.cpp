// SPDX-License-Identifier: Apache-2.0
// The PCI Express capability of the configuration space: what the function says of its link.
#include <algorithm>

#include "models/pcie/config_registers.h"
#include "models/pcie/config_space.h"

namespace pcie {
namespace {

/// Value of Max_Payload_Size Supported: 128 bytes is 0, each doubling one more.
std::uint32_t payload_code(unsigned bytes) {
    std::uint32_t code = 0;
    while (128u << code < bytes) ++code;
    return code;
}

/// In Link Capabilities and Link Status alike.
std::uint32_t speed_and_width(LinkSpeed speed) {
    return speed.lanes << 4 | speed.gen;
}

/// Code of an exit latency: how many of the codes' lower ends it has reached.
template <std::size_t N>
std::uint32_t exit_code(const std::uint64_t (&ends)[N], std::uint64_t ns) {
    return static_cast<std::uint32_t>(
        std::count_if(std::begin(ends), std::end(ends), [&](auto end) { return ns >= end; }));
}

// [PCIe-Base-4.0 7.5.3.6 Link Capabilities Register]
constexpr std::uint64_t kL0sExitNs[] = {64, 128, 256, 512, 1'000, 2'000, 4'001};
constexpr std::uint64_t kL1ExitNs[] = {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 64'001};

std::uint32_t aspm_capabilities(const FunctionParams& params) {
    std::uint32_t fields = 0;
    if (params.l0s_exit_ns)
        fields |= reg::kAspmL0s << reg::kAspmSupportShift |
                  exit_code(kL0sExitNs, *params.l0s_exit_ns) << reg::kL0sExitLatencyShift;
    if (params.l1_exit_ns)
        fields |= reg::kAspmL1 << reg::kAspmSupportShift | exit_code(kL1ExitNs, *params.l1_exit_ns)
                                                               << reg::kL1ExitLatencyShift;
    return fields;
}

}  // namespace

void ConfigSpace::build_express(const FunctionParams& params) {
    const std::uint32_t link = speed_and_width({params.link_gen, params.link_lanes});
    link_capability(kExpress, reg::kCapExpress);
    // What runs at 64 GT/s does so in flits. [PCIe-Base-6.0 7.5.3.2, 7.5.3.20]
    const bool flits = params.link_gen >= 6;
    define(kExpress + reg::kExpressCapabilities, 2,
           reg::kExpressVersion2Endpoint | (flits ? reg::kFlitModeSupported : 0), 0);
    define(kExpress + reg::kDeviceCapabilities, 4,
           payload_code(params.max_payload_bytes) | reg::kExtendedTagSupported |
               reg::kAnyExitLatencyAccepted | reg::kRoleBasedErrorReporting |
               reg::kFunctionLevelResetCapable,
           0);
    // Initiate Function Level Reset is not in the mask: it acts and reads as 0.
    define(kExpress + reg::kDeviceControl, 2,
           reg::kRelaxedOrdering | reg::kNoSnoop | reg::kMaxReadRequest512,
           reg::kErrorReportingEnables | reg::kRelaxedOrdering | reg::kMaxPayloadSize |
               reg::kExtendedTagEnable | reg::kNoSnoop | reg::kMaxReadRequestSize);
    define(kExpress + reg::kLinkCapabilities, 4,
           link | aspm_capabilities(params) | reg::kAspmOptionalityCompliance, 0);
    define(kExpress + reg::kLinkControl, 2, 0, reg::kLinkControlWritable);
    define(kExpress + reg::kLinkStatus, 2, link | reg::kSlotClock, 0);
    define(kExpress + reg::kDeviceCapabilities2, 4, reg::kCompletionTimeoutDisable, 0);
    define(kExpress + reg::kDeviceControl2, 2, 0, reg::kCompletionTimeoutDisable);
    // Supported Link Speeds Vector, from bit 1: every speed up to link_gen.
    define(kExpress + reg::kLinkCapabilities2, 4, (2u << params.link_gen) - 2u, 0);
    define(kExpress + reg::kLinkControl2, 2, params.link_gen, reg::kTargetLinkSpeed);
    define(kExpress + reg::kLinkStatus2, 2, flits ? reg::kFlitModeStatus : 0, 0);

    keep_over_function_level_reset(kExpress + reg::kDeviceControl, reg::kMaxPayloadSize);
    keep_over_function_level_reset(kExpress + reg::kLinkControl, reg::kLinkControlWritable);
    keep_over_function_level_reset(kExpress + reg::kLinkControl2, reg::kTargetLinkSpeed);
}

unsigned ConfigSpace::aspm_control() const {
    return read(kExpress + reg::kLinkControl, 2) & (reg::kAspmL0s | reg::kAspmL1);
}

/// That the bandwidth has changed is told by the port above; these bits are reserved here.
/// [PCIe-Base-4.0 7.5.3.8 Link Status Register]
void ConfigSpace::set_link_speed(LinkSpeed speed) {
    const std::uint16_t at = kExpress + reg::kLinkStatus;
    define(at, 2, (read(at, 2) & ~reg::kLinkSpeedAndWidth) | speed_and_width(speed), 0);
    std::copy_n(reset_value_.begin() + at, 2, value_.begin() + at);
}

}  // namespace pcie
