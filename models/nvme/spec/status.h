// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

/// Status values of completion queue entries.
namespace nvme::spec {

/// Status Code Type in bits 10:8, Status Code in bits 7:0, so that the pair cannot be mismatched.
/// Covers Base Specification 2.0 and NVM Command Set 1.0 over memory-based transports; the codes of
/// the Fabrics commands share values with those of the NVM command set and have no place here.
enum class StatusCode : std::uint16_t {
    // Generic Command Status
    kSuccess = 0x000,
    kInvalidOpcode = 0x001,
    kInvalidField = 0x002,
    kCommandIdConflict = 0x003,
    kDataTransferError = 0x004,
    kAbortedPowerLoss = 0x005,
    kInternalError = 0x006,
    kAbortRequested = 0x007,
    kAbortedSqDeletion = 0x008,
    kAbortedFailedFused = 0x009,
    kAbortedMissingFused = 0x00a,
    kInvalidNamespaceOrFormat = 0x00b,
    kCommandSequenceError = 0x00c,
    kInvalidSglSegmentDescriptor = 0x00d,
    kInvalidNumberOfSglDescriptors = 0x00e,
    kDataSglLengthInvalid = 0x00f,
    kMetadataSglLengthInvalid = 0x010,
    kSglDescriptorTypeInvalid = 0x011,
    kInvalidUseOfCmb = 0x012,
    kPrpOffsetInvalid = 0x013,
    kAtomicWriteUnitExceeded = 0x014,
    kOperationDenied = 0x015,
    kSglOffsetInvalid = 0x016,
    kHostIdentifierInconsistentFormat = 0x018,
    kKeepAliveTimerExpired = 0x019,
    kKeepAliveTimeoutInvalid = 0x01a,
    kAbortedPreemptAndAbort = 0x01b,
    kSanitizeFailed = 0x01c,
    kSanitizeInProgress = 0x01d,
    kSglDataBlockGranularityInvalid = 0x01e,
    kCommandNotSupportedForQueueInCmb = 0x01f,
    kNamespaceIsWriteProtected = 0x020,
    kCommandInterrupted = 0x021,
    kTransientTransportError = 0x022,
    kProhibitedByLockdown = 0x023,
    kAdminCommandMediaNotReady = 0x024,

    // Generic Command Status of the NVM Command Set
    kLbaOutOfRange = 0x080,
    kCapacityExceeded = 0x081,
    kNamespaceNotReady = 0x082,
    kReservationConflict = 0x083,
    kFormatInProgress = 0x084,

    // Command Specific Status
    kCompletionQueueInvalid = 0x100,
    kInvalidQueueIdentifier = 0x101,
    kInvalidQueueSize = 0x102,
    kAbortCommandLimitExceeded = 0x103,
    kAsyncEventRequestLimitExceeded = 0x105,
    kInvalidFirmwareSlot = 0x106,
    kInvalidFirmwareImage = 0x107,
    kInvalidInterruptVector = 0x108,
    kInvalidLogPage = 0x109,
    kInvalidFormat = 0x10a,
    kFirmwareNeedsConventionalReset = 0x10b,
    kInvalidQueueDeletion = 0x10c,
    kFeatureNotSaveable = 0x10d,
    kFeatureNotChangeable = 0x10e,
    kFeatureNotNamespaceSpecific = 0x10f,
    kFirmwareNeedsSubsystemReset = 0x110,
    kFirmwareNeedsControllerLevelReset = 0x111,
    kFirmwareNeedsMaximumTimeViolation = 0x112,
    kFirmwareActivationProhibited = 0x113,
    kOverlappingRange = 0x114,
    kNamespaceInsufficientCapacity = 0x115,
    kNamespaceIdentifierUnavailable = 0x116,
    kNamespaceAlreadyAttached = 0x118,
    kNamespaceIsPrivate = 0x119,
    kNamespaceNotAttached = 0x11a,
    kThinProvisioningNotSupported = 0x11b,
    kControllerListInvalid = 0x11c,
    kDeviceSelfTestInProgress = 0x11d,
    kBootPartitionWriteProhibited = 0x11e,
    kInvalidControllerIdentifier = 0x11f,
    kInvalidSecondaryControllerState = 0x120,
    kInvalidNumberOfControllerResources = 0x121,
    kInvalidResourceIdentifier = 0x122,
    kSanitizeProhibitedWhilePmrEnabled = 0x123,
    kAnaGroupIdentifierInvalid = 0x124,
    kAnaAttachFailed = 0x125,
    kInsufficientCapacity = 0x126,
    kNamespaceAttachmentLimitExceeded = 0x127,
    kProhibitionNotSupported = 0x128,
    kIoCommandSetNotSupported = 0x129,
    kIoCommandSetNotEnabled = 0x12a,
    kIoCommandSetCombinationRejected = 0x12b,
    kInvalidIoCommandSet = 0x12c,
    kIdentifierUnavailable = 0x12d,

    // Command Specific Status of the NVM Command Set
    kConflictingAttributes = 0x180,
    kInvalidProtectionInformation = 0x181,
    kAttemptedWriteToReadOnlyRange = 0x182,
    kCommandSizeLimitExceeded = 0x183,

    // Media and Data Integrity Errors
    kWriteFault = 0x280,
    kUnrecoveredReadError = 0x281,
    kGuardCheckError = 0x282,
    kApplicationTagCheckError = 0x283,
    kReferenceTagCheckError = 0x284,
    kCompareFailure = 0x285,
    kAccessDenied = 0x286,
    kDeallocatedOrUnwrittenBlock = 0x287,
    kStorageTagCheckError = 0x288,

    // Path Related Status
    kInternalPathError = 0x300,
    kAsymmetricAccessPersistentLoss = 0x301,
    kAsymmetricAccessInaccessible = 0x302,
    kAsymmetricAccessTransition = 0x303,
    kControllerPathingError = 0x360,
    kHostPathingError = 0x370,
    kAbortedByHost = 0x371,
};

struct StatusName {
    StatusCode code;
    const char* name;  ///< The title that the specification gives the code.
};

/// Every status code, ascending.
inline constexpr StatusName kStatusNames[] = {
    {StatusCode::kSuccess, "Successful Completion"},
    {StatusCode::kInvalidOpcode, "Invalid Command Opcode"},
    {StatusCode::kInvalidField, "Invalid Field in Command"},
    {StatusCode::kCommandIdConflict, "Command ID Conflict"},
    {StatusCode::kDataTransferError, "Data Transfer Error"},
    {StatusCode::kAbortedPowerLoss, "Commands Aborted due to Power Loss Notification"},
    {StatusCode::kInternalError, "Internal Error"},
    {StatusCode::kAbortRequested, "Command Abort Requested"},
    {StatusCode::kAbortedSqDeletion, "Command Aborted due to SQ Deletion"},
    {StatusCode::kAbortedFailedFused, "Command Aborted due to Failed Fused Command"},
    {StatusCode::kAbortedMissingFused, "Command Aborted due to Missing Fused Command"},
    {StatusCode::kInvalidNamespaceOrFormat, "Invalid Namespace or Format"},
    {StatusCode::kCommandSequenceError, "Command Sequence Error"},
    {StatusCode::kInvalidSglSegmentDescriptor, "Invalid SGL Segment Descriptor"},
    {StatusCode::kInvalidNumberOfSglDescriptors, "Invalid Number of SGL Descriptors"},
    {StatusCode::kDataSglLengthInvalid, "Data SGL Length Invalid"},
    {StatusCode::kMetadataSglLengthInvalid, "Metadata SGL Length Invalid"},
    {StatusCode::kSglDescriptorTypeInvalid, "SGL Descriptor Type Invalid"},
    {StatusCode::kInvalidUseOfCmb, "Invalid Use of Controller Memory Buffer"},
    {StatusCode::kPrpOffsetInvalid, "PRP Offset Invalid"},
    {StatusCode::kAtomicWriteUnitExceeded, "Atomic Write Unit Exceeded"},
    {StatusCode::kOperationDenied, "Operation Denied"},
    {StatusCode::kSglOffsetInvalid, "SGL Offset Invalid"},
    {StatusCode::kHostIdentifierInconsistentFormat, "Host Identifier Inconsistent Format"},
    {StatusCode::kKeepAliveTimerExpired, "Keep Alive Timer Expired"},
    {StatusCode::kKeepAliveTimeoutInvalid, "Keep Alive Timeout Invalid"},
    {StatusCode::kAbortedPreemptAndAbort, "Command Aborted due to Preempt and Abort"},
    {StatusCode::kSanitizeFailed, "Sanitize Failed"},
    {StatusCode::kSanitizeInProgress, "Sanitize In Progress"},
    {StatusCode::kSglDataBlockGranularityInvalid, "SGL Data Block Granularity Invalid"},
    {StatusCode::kCommandNotSupportedForQueueInCmb, "Command Not Supported for Queue in CMB"},
    {StatusCode::kNamespaceIsWriteProtected, "Namespace is Write Protected"},
    {StatusCode::kCommandInterrupted, "Command Interrupted"},
    {StatusCode::kTransientTransportError, "Transient Transport Error"},
    {StatusCode::kProhibitedByLockdown, "Command Prohibited by Command and Feature Lockdown"},
    {StatusCode::kAdminCommandMediaNotReady, "Admin Command Media Not Ready"},
    {StatusCode::kLbaOutOfRange, "LBA Out of Range"},
    {StatusCode::kCapacityExceeded, "Capacity Exceeded"},
    {StatusCode::kNamespaceNotReady, "Namespace Not Ready"},
    {StatusCode::kReservationConflict, "Reservation Conflict"},
    {StatusCode::kFormatInProgress, "Format In Progress"},
    {StatusCode::kCompletionQueueInvalid, "Completion Queue Invalid"},
    {StatusCode::kInvalidQueueIdentifier, "Invalid Queue Identifier"},
    {StatusCode::kInvalidQueueSize, "Invalid Queue Size"},
    {StatusCode::kAbortCommandLimitExceeded, "Abort Command Limit Exceeded"},
    {StatusCode::kAsyncEventRequestLimitExceeded, "Asynchronous Event Request Limit Exceeded"},
    {StatusCode::kInvalidFirmwareSlot, "Invalid Firmware Slot"},
    {StatusCode::kInvalidFirmwareImage, "Invalid Firmware Image"},
    {StatusCode::kInvalidInterruptVector, "Invalid Interrupt Vector"},
    {StatusCode::kInvalidLogPage, "Invalid Log Page"},
    {StatusCode::kInvalidFormat, "Invalid Format"},
    {StatusCode::kFirmwareNeedsConventionalReset,
     "Firmware Activation Requires Conventional Reset"},
    {StatusCode::kInvalidQueueDeletion, "Invalid Queue Deletion"},
    {StatusCode::kFeatureNotSaveable, "Feature Identifier Not Saveable"},
    {StatusCode::kFeatureNotChangeable, "Feature Not Changeable"},
    {StatusCode::kFeatureNotNamespaceSpecific, "Feature Not Namespace Specific"},
    {StatusCode::kFirmwareNeedsSubsystemReset, "Firmware Activation Requires NVM Subsystem Reset"},
    {StatusCode::kFirmwareNeedsControllerLevelReset,
     "Firmware Activation Requires Controller Level Reset"},
    {StatusCode::kFirmwareNeedsMaximumTimeViolation,
     "Firmware Activation Requires Maximum Time Violation"},
    {StatusCode::kFirmwareActivationProhibited, "Firmware Activation Prohibited"},
    {StatusCode::kOverlappingRange, "Overlapping Range"},
    {StatusCode::kNamespaceInsufficientCapacity, "Namespace Insufficient Capacity"},
    {StatusCode::kNamespaceIdentifierUnavailable, "Namespace Identifier Unavailable"},
    {StatusCode::kNamespaceAlreadyAttached, "Namespace Already Attached"},
    {StatusCode::kNamespaceIsPrivate, "Namespace Is Private"},
    {StatusCode::kNamespaceNotAttached, "Namespace Not Attached"},
    {StatusCode::kThinProvisioningNotSupported, "Thin Provisioning Not Supported"},
    {StatusCode::kControllerListInvalid, "Controller List Invalid"},
    {StatusCode::kDeviceSelfTestInProgress, "Device Self-test In Progress"},
    {StatusCode::kBootPartitionWriteProhibited, "Boot Partition Write Prohibited"},
    {StatusCode::kInvalidControllerIdentifier, "Invalid Controller Identifier"},
    {StatusCode::kInvalidSecondaryControllerState, "Invalid Secondary Controller State"},
    {StatusCode::kInvalidNumberOfControllerResources, "Invalid Number of Controller Resources"},
    {StatusCode::kInvalidResourceIdentifier, "Invalid Resource Identifier"},
    {StatusCode::kSanitizeProhibitedWhilePmrEnabled,
     "Sanitize Prohibited While Persistent Memory Region is Enabled"},
    {StatusCode::kAnaGroupIdentifierInvalid, "ANA Group Identifier Invalid"},
    {StatusCode::kAnaAttachFailed, "ANA Attach Failed"},
    {StatusCode::kInsufficientCapacity, "Insufficient Capacity"},
    {StatusCode::kNamespaceAttachmentLimitExceeded, "Namespace Attachment Limit Exceeded"},
    {StatusCode::kProhibitionNotSupported, "Prohibition of Command Execution Not Supported"},
    {StatusCode::kIoCommandSetNotSupported, "I/O Command Set Not Supported"},
    {StatusCode::kIoCommandSetNotEnabled, "I/O Command Set Not Enabled"},
    {StatusCode::kIoCommandSetCombinationRejected, "I/O Command Set Combination Rejected"},
    {StatusCode::kInvalidIoCommandSet, "Invalid I/O Command Set"},
    {StatusCode::kIdentifierUnavailable, "Identifier Unavailable"},
    {StatusCode::kConflictingAttributes, "Conflicting Attributes"},
    {StatusCode::kInvalidProtectionInformation, "Invalid Protection Information"},
    {StatusCode::kAttemptedWriteToReadOnlyRange, "Attempted Write to Read Only Range"},
    {StatusCode::kCommandSizeLimitExceeded, "Command Size Limit Exceeded"},
    {StatusCode::kWriteFault, "Write Fault"},
    {StatusCode::kUnrecoveredReadError, "Unrecovered Read Error"},
    {StatusCode::kGuardCheckError, "End-to-end Guard Check Error"},
    {StatusCode::kApplicationTagCheckError, "End-to-end Application Tag Check Error"},
    {StatusCode::kReferenceTagCheckError, "End-to-end Reference Tag Check Error"},
    {StatusCode::kCompareFailure, "Compare Failure"},
    {StatusCode::kAccessDenied, "Access Denied"},
    {StatusCode::kDeallocatedOrUnwrittenBlock, "Deallocated or Unwritten Logical Block"},
    {StatusCode::kStorageTagCheckError, "End-to-End Storage Tag Check Error"},
    {StatusCode::kInternalPathError, "Internal Path Error"},
    {StatusCode::kAsymmetricAccessPersistentLoss, "Asymmetric Access Persistent Loss"},
    {StatusCode::kAsymmetricAccessInaccessible, "Asymmetric Access Inaccessible"},
    {StatusCode::kAsymmetricAccessTransition, "Asymmetric Access Transition"},
    {StatusCode::kControllerPathingError, "Controller Pathing Error"},
    {StatusCode::kHostPathingError, "Host Pathing Error"},
    {StatusCode::kAbortedByHost, "Command Aborted By Host"},
};

/// The title of a status code, "Unknown Status" for a value that the specification does not define.
constexpr const char* status_name(StatusCode code) {
    for (const StatusName& entry : kStatusNames) {
        if (entry.code == code) {
            return entry.name;
        }
    }
    return "Unknown Status";
}

constexpr std::uint8_t status_code_type(StatusCode code) {
    return static_cast<std::uint8_t>((static_cast<std::uint16_t>(code) >> 8) & 0x7);
}

/// The 8-bit code inside its type.
constexpr std::uint8_t status_code_value(StatusCode code) {
    return static_cast<std::uint8_t>(static_cast<std::uint16_t>(code) & 0xff);
}

}  // namespace nvme::spec
