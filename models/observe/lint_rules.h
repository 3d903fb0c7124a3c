// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace observe {

/// What a driver can do wrong. lint_rules.cpp says of each what it means and where it is written.
enum class LintRule : std::uint8_t {
    kMemorySpaceDisabled,
    kBusMasterDisabled,
    kRegisterAccess,
    kRegisterReadOnly,
    kRegisterReserved,
    kCcReserved,
    kCcFrozen,
    kEnableTooEarly,
    kDisableTooEarly,
    kAdminQueueSize,
    kAdminQueueBase,
    kAdminQueueWhileEnabled,
    kFatal,
    kKeepAliveExpired,
    kDoorbellAccess,
    kDoorbellNotReady,
    kDoorbellNoQueue,
    kDoorbellOutOfRange,
    kDoorbellOverrun,
    kDoorbellAfterShutdown,
    kDoorbellUnchanged,
    kEntryNotWritten,
    kCidReused,
    kEntryReserved,
    kNsidUnused,
    kNsidInvalid,
    kOpcodeUnsupported,
    kPrpOffset,
    kFieldInvalid,
    kDataPointerZero,
    kMemoryUnreachable,
    kTransferTooLarge,
    kLbaOutOfRange,
    kSequence,
    kQueueCommand,
    kLimitExceeded,
    kQueueOverlap,
    kBufferInQueue,
    kBufferOverlap,
    kQueueUnreachable,
    kQueueNotCleared,
    kQueuesNotNegotiated,
    kHeadNeverWritten,
    kCompletionQueueFull,
    kNoEventRequest,
    kVectorWithoutEntry,
    kInterruptHeld,
    kShutdownWithQueues,
    kShutdownWithCommands,
    kAbruptWithCache,
    kResetWithCommands,
    kResetWithCache,
    kNotOffered,
};
inline constexpr std::size_t kLintRules = static_cast<std::size_t>(LintRule::kNotOffered) + 1;

struct LintRuleInfo {
    LintRule rule;
    std::string_view id;        ///< stable, for scripts
    std::string_view says;      ///< what the driver did
    std::string_view document;  ///< NVMe-Base-2.0, ...
    std::string_view section;   ///< number, where there is one, and title
    std::string_view value;     ///< what LintFinding::value is
    bool hint = false;          ///< worth to know, but no fault: not counted as a finding
};

[[nodiscard]] const LintRuleInfo& lint_rule(LintRule rule);
/// Its `id`, and back. Empty, or false: there is no such rule.
[[nodiscard]] std::string_view word_of(LintRule rule);
[[nodiscard]] bool from_word(std::string_view id, LintRule& rule);

}  // namespace observe
