// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/location.h"
#include "models/util/bits.h"

/// Device Self-test. [NVMe-Base-2.0 5.9 Device Self-test command, 5.16.1.7 Device Self-test]
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// What a Device Self-test command asks for; the first three also say what goes on.
enum class SelfTestCode : std::uint8_t {
    kNone = 0x0,
    kShort = 0x1,
    kExtended = 0x2,
    kVendorSpecific = 0xe,
    kAbort = 0xf,
};

struct DeviceSelfTestCdw10 : CommandDword<DeviceSelfTestCdw10, 10> {
    using Stc = Bits<0, 4, SelfTestCode>;
    using Rsvd4 = Bits<4, 28>;
};
static_assert(tiles<std::uint32_t, DeviceSelfTestCdw10::Stc, DeviceSelfTestCdw10::Rsvd4>());

/// How a self-test has ended.
enum class SelfTestResult : std::uint8_t {
    kPassed = 0x0,
    kAbortedByCommand = 0x1,
    kAbortedByReset = 0x2,
    kAbortedByNamespaceRemoval = 0x3,
    kAbortedByFormat = 0x4,
    kFatal = 0x5,
    kFailedSomewhere = 0x6,
    kFailedInSegment = 0x7,
    kAborted = 0x8,
    kAbortedBySanitize = 0x9,
    kEntryNotUsed = 0xf,
};

struct SelfTestStatus : RegisterOf<SelfTestStatus, std::uint8_t> {
    using Result = Bits<0, 4, SelfTestResult>;
    using Code = Bits<4, 4, SelfTestCode>;
};
static_assert(tiles<std::uint8_t, SelfTestStatus::Result, SelfTestStatus::Code>());

/// Which fields of SelfTestEntry hold something.
struct SelfTestValid : RegisterOf<SelfTestValid, std::uint8_t> {
    using Nsid = Bits<0, 1, bool>;
    using FailingLba = Bits<1, 1, bool>;
    using StatusCodeType = Bits<2, 1, bool>;
    using StatusCode = Bits<3, 1, bool>;
    using Rsvd4 = Bits<4, 4>;
};
static_assert(
    tiles<std::uint8_t, SelfTestValid::Nsid, SelfTestValid::FailingLba,
          SelfTestValid::StatusCodeType, SelfTestValid::StatusCode, SelfTestValid::Rsvd4>());

/// Self-test Result Data Structure.
struct SelfTestEntry {
    std::uint8_t status;   ///< See SelfTestStatus.
    std::uint8_t segment;  ///< The first that failed, with kFailedInSegment.
    std::uint8_t valid;    ///< See SelfTestValid.
    std::uint8_t rsvd3;
    std::uint8_t power_on_hours[8];
    std::uint32_t nsid;
    std::uint8_t failing_lba[8];
    std::uint8_t status_code_type;
    std::uint8_t status_code;
    std::uint8_t vendor[2];
};
static_assert(sizeof(SelfTestEntry) == 28);
static_assert(offsetof(SelfTestEntry, power_on_hours) == 4);
static_assert(offsetof(SelfTestEntry, nsid) == 12);
static_assert(offsetof(SelfTestEntry, failing_lba) == 16);
static_assert(offsetof(SelfTestEntry, status_code_type) == 24);
static_assert(offsetof(SelfTestEntry, vendor) == 26);
static_assert(std::is_trivially_copyable_v<SelfTestEntry>);

/// Results that the log keeps, the newest first.
inline constexpr std::size_t kSelfTestEntries = 20;

/// Log page 06h.
struct DeviceSelfTestLog {
    std::uint8_t operation;   ///< Bits 3:0: what goes on, see SelfTestCode.
    std::uint8_t completion;  ///< Bits 6:0: percent of what goes on.
    std::uint8_t rsvd2[2];
    SelfTestEntry results[kSelfTestEntries];
};
static_assert(sizeof(DeviceSelfTestLog) == 564);
static_assert(offsetof(DeviceSelfTestLog, results) == 4);
static_assert(std::is_trivially_copyable_v<DeviceSelfTestLog>);

}  // namespace nvme::spec
