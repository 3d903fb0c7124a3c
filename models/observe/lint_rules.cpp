// SPDX-License-Identifier: Apache-2.0
#include "models/observe/lint_rules.h"

#include <algorithm>
#include <iterator>

namespace observe {

namespace {

constexpr std::string_view kBase = "NVMe-Base-2.0", kPcie = "NVMe-PCIe-1.0", kNvm = "NVM-1.0";
constexpr std::string_view kPciExpress = "PCIe-Base-4.0";
constexpr std::string_view kProperties = "3.1.3 Controller Properties";
constexpr std::string_view kInitialization = "3.5 Controller Initialization";
constexpr std::string_view kShutdown = "3.6 Shutdown Processing";
constexpr std::string_view kSetup = "3.3.1.1 Queue Setup and Initialization";
constexpr std::string_view kUsage = "3.3.1.2 Queue Usage";
constexpr std::string_view kEntry = "3.3.3.1 Submission Queue Entry";
constexpr std::string_view kPrp = "4.1.1 Physical Region Page Entry and List";
constexpr std::string_view kTail = "Submission Queue y Tail Doorbell";
constexpr std::string_view kDoorbells =
    "Submission Queue y Tail Doorbell, Completion Queue y Head Doorbell";
constexpr std::string_view kInterrupts = "Interrupts";

// clang-format off
constexpr LintRuleInfo kRules[] = {
    {LintRule::kMemorySpaceDisabled, "pci.memory-space",
     "BAR 0 was accessed while Memory Space Enable was 0 or the function was not in D0", kPciExpress, "7.5.1.1.3 Command Register", "offset"},
    {LintRule::kBusMasterDisabled, "pci.bus-master",
     "a doorbell was written while the controller could not read host memory: Bus Master Enable was 0, or the function was not in D0", kPciExpress, "7.5.1.1.3 Command Register", "doorbell value"},
    {LintRule::kRegisterAccess, "register.access",
     "a property was accessed with a size or an alignment that is not defined", kBase, kProperties, "offset"},
    {LintRule::kRegisterReadOnly, "register.read-only",
     "a read-only property was written", kBase, kProperties, "offset"},
    {LintRule::kRegisterReserved, "register.reserved",
     "a reserved property was written", kBase, kProperties, "offset"},
    {LintRule::kCcReserved, "cc.reserved",
     "CC was written with a reserved bit set", kBase, "3.1.3.5 Controller Configuration", "CC"},
    {LintRule::kCcFrozen, "cc.frozen",
     "CC.CSS, MPS or AMS was changed while CC.EN = 1, or an entry size while I/O queues exist", kBase, "3.1.3.5 Controller Configuration", "CC"},
    {LintRule::kEnableTooEarly, "cc.enable-too-early",
     "CC.EN was set before CSTS.RDY had fallen", kBase, kInitialization, "CSTS"},
    {LintRule::kDisableTooEarly, "cc.disable-too-early",
     "CC.EN was cleared before CSTS.RDY had risen", kBase, kInitialization, "CSTS"},
    {LintRule::kAdminQueueSize, "admin.size",
     "the controller was enabled with an admin queue of one entry, or AQA has reserved bits set", kBase, "3.1.3.8 Admin Queue Attributes", "AQA"},
    {LintRule::kAdminQueueBase, "admin.base",
     "ASQ or ACQ is 0 when the controller is enabled, or has reserved bits set", kBase, kProperties, "address"},
    {LintRule::kAdminQueueWhileEnabled, "admin.while-enabled",
     "AQA, ASQ or ACQ was written while CC.EN = 1", kBase, kProperties, "offset"},
    {LintRule::kFatal, "controller.fatal",
     "the controller could not go on and has set CSTS.CFS", kBase, "9.5 Controller Fatal Status Condition", "offending value or address"},
    {LintRule::kKeepAliveExpired, "keep-alive.expired",
     "no Keep Alive command came in time, and the controller has stopped", kBase, "3.9 Keep Alive", "KATO in ms"},
    {LintRule::kDoorbellAccess, "doorbell.access",
     "a doorbell was accessed with another size than 4 bytes, or between two doorbells", kPcie, kTail, "offset"},
    {LintRule::kDoorbellNotReady, "doorbell.not-ready",
     "a doorbell was written before the controller was ready", kBase, kInitialization, "doorbell value"},
    {LintRule::kDoorbellNoQueue, "doorbell.no-queue",
     "the doorbell of a queue that does not exist was written", kPcie, kTail, "doorbell value"},
    {LintRule::kDoorbellOutOfRange, "doorbell.out-of-range",
     "a doorbell value is no index of the queue", kPcie, kTail, "doorbell value"},
    {LintRule::kDoorbellOverrun, "doorbell.overrun",
     "a tail moved past a full queue, or a head past the tail", kBase, kUsage, "doorbell value"},
    {LintRule::kDoorbellAfterShutdown, "doorbell.after-shutdown",
     "commands were submitted after a shutdown had begun", kBase, kShutdown, "doorbell value"},
    {LintRule::kDoorbellUnchanged, "doorbell.unchanged",
     "a doorbell was written with the value that it had", kPcie, kDoorbells, "doorbell value", true},
    {LintRule::kEntryNotWritten, "doorbell.before-entry",
     "a tail was written before its submission queue entry: the entry is all zeros", kBase, kUsage, "first dword"},
    {LintRule::kCidReused, "command.cid-reused",
     "a command identifier was used again while its command is outstanding", kBase, kEntry, "opcode"},
    {LintRule::kEntryReserved, "command.reserved",
     "a reserved field of a submission queue entry is not 0", kBase, kEntry, "offending dword"},
    {LintRule::kNsidUnused, "command.nsid-unused",
     "NSID is not 0 in a command that does not use it", kBase, kEntry, "NSID"},
    {LintRule::kNsidInvalid, "command.nsid-invalid",
     "NSID names no namespace", kBase, kEntry, "NSID"},
    {LintRule::kOpcodeUnsupported, "command.opcode",
     "an opcode was submitted that the controller does not report as supported", kBase, "5.16 Get Log Page command", "opcode"},
    {LintRule::kPrpOffset, "command.prp-offset",
     "a PRP entry has an offset or an alignment that is not allowed", kBase, kPrp, "PRP entry"},
    {LintRule::kFieldInvalid, "command.field",
     "a field of a command has a value that is not allowed", kBase, kEntry, "value"},
    {LintRule::kDataPointerZero, "command.prp-zero",
     "data is at address 0: perhaps an entry of the data pointer was left out", kBase, kPrp, "address", true},
    {LintRule::kMemoryUnreachable, "command.memory",
     "data, a PRP list or an SGL segment lies in memory that cannot be reached", kBase, kPrp, "address"},
    {LintRule::kTransferTooLarge, "command.mdts",
     "a command moves more data than MDTS allows", kBase, "5.17 Identify command", "bytes"},
    {LintRule::kLbaOutOfRange, "command.lba",
     "a range of logical blocks exceeds the namespace", kNvm, "3.2 NVM Command Set Commands", "LBA"},
    {LintRule::kSequence, "command.sequence",
     "a command came at a time when it is not allowed", kBase, "5.27.1.5 Number of Queues", "value"},
    {LintRule::kQueueCommand, "queue.command",
     "a queue was created or deleted with an identifier, size, vector or order that is not allowed", kBase, kSetup, "value"},
    {LintRule::kLimitExceeded, "command.limit",
     "more commands of a kind are outstanding than the controller reports to take", kBase, "5.2 Asynchronous Event Request command", "value"},
    {LintRule::kQueueOverlap, "memory.queue-overlap",
     "the memory of two queues overlaps", kBase, kSetup, "address"},
    {LintRule::kBufferInQueue, "memory.buffer-in-queue",
     "a data buffer overlaps the memory of a queue", kBase, kSetup, "address"},
    {LintRule::kBufferOverlap, "memory.buffer-overlap",
     "data arrives in memory that another outstanding command uses", kBase, kPrp, "address"},
    {LintRule::kQueueUnreachable, "queue.unreachable",
     "the memory of a queue, or of its doorbells, cannot be reached: the queue has stopped", kBase, kSetup, "address"},
    {LintRule::kQueueNotCleared, "queue.not-cleared",
     "before the first completion, a completion queue had entries whose Phase Tag is 1: they look new", kBase, "3.3.3.2 Completion Queue Entry", "entries"},
    {LintRule::kQueuesNotNegotiated, "queue.not-negotiated",
     "an I/O queue was created before the number of queues was asked for (Set Features, Number of Queues)", kBase, kInitialization, "queue", true},
    {LintRule::kHeadNeverWritten, "queue.head-never-written",
     "half of a completion queue is used, the host goes on, and its head doorbell was not written for 100 ms", kBase, kUsage, "entries"},
    {LintRule::kCompletionQueueFull, "queue.completion-full",
     "completions waited 100 ms for room in their completion queue", kBase, kUsage, "entries"},
    {LintRule::kNoEventRequest, "event.no-request",
     "no Asynchronous Event Request was submitted for 1 s after the last one completed", kBase, "5.2 Asynchronous Event Request command", "event"},
    {LintRule::kVectorWithoutEntry, "interrupt.no-entry",
     "a completion queue interrupts by an MSI-X vector whose table entry has no address", kPcie, kInterrupts, "vector"},
    {LintRule::kInterruptHeld, "interrupt.held",
     "an interrupt could not be sent for 100 ms, and the host did not look at the completions", kPcie, kInterrupts, "vector"},
    {LintRule::kShutdownWithQueues, "shutdown.queues",
     "a shutdown was requested while I/O queues exist", kBase, kShutdown, "queues"},
    {LintRule::kShutdownWithCommands, "shutdown.commands",
     "a shutdown was requested while commands were outstanding", kBase, kShutdown, "commands"},
    {LintRule::kAbruptWithCache, "shutdown.cache",
     "an abrupt shutdown was requested after writes that were not flushed", kBase, kShutdown, "namespaces"},
    {LintRule::kResetWithCommands, "reset.commands",
     "CC.EN was cleared while commands were outstanding", kBase, "3.7.2 Controller Level Reset", "commands", true},
    {LintRule::kResetWithCache, "reset.cache",
     "the function was reset or lost its power after writes that were not flushed, and without a shutdown", kBase, kShutdown, "namespaces", true},
    {LintRule::kNotOffered, "probe.not-offered",
     "an Identify data structure, feature, log page or command set was asked for that the controller does not offer", kBase, "5 Admin Command Set", "value", true},
};
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kLintRules; ++i)
        if (static_cast<std::size_t>(kRules[i].rule) != i) return false;
    return true;
}
static_assert(std::size(kRules) == kLintRules && in_order());

}  // namespace

const LintRuleInfo& lint_rule(LintRule rule) {
    return kRules[static_cast<std::size_t>(rule)];
}

std::string_view word_of(LintRule rule) {
    const bool known = static_cast<std::size_t>(rule) < kLintRules;
    return known ? lint_rule(rule).id : std::string_view{};
}

bool from_word(std::string_view id, LintRule& rule) {
    const auto* row = std::find_if(std::begin(kRules), std::end(kRules),
                                   [id](const LintRuleInfo& r) { return r.id == id; });
    if (row == std::end(kRules)) return false;
    rule = row->rule;
    return true;
}

}  // namespace observe
