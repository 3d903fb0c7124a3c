// SPDX-License-Identifier: Apache-2.0
#include "models/observe/lint_advice.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace observe {
namespace {

// clang-format off
constexpr LintAdvice kAdvice[] = {
    {LintRule::kMemorySpaceDisabled,
     "The root port answers the read with all ones, and the write is lost: CAP looks like a monster, and no doorbell arrives.",
     "cap = readq(bar0 + CAP);                 /* Command is still 0 */",
     "cmd = config_read16(PCI_COMMAND);\nconfig_write16(PCI_COMMAND, cmd | MEMORY_SPACE | BUS_MASTER);\ncap = readq(bar0 + CAP);"},
    {LintRule::kBusMasterDisabled,
     "The controller may not read the queue. It stays silent until Bus Master Enable is set, and the driver times out.",
     "config_write16(PCI_COMMAND, MEMORY_SPACE);\nwritel(tail, sq_doorbell);",
     "config_write16(PCI_COMMAND, MEMORY_SPACE | BUS_MASTER);\nwritel(tail, sq_doorbell);"},
    {LintRule::kRegisterAccess,
     "Hardware may ignore the access, split it, or answer with all ones; which of them differs from one controller to the next.",
     "rdy = readb(bar0 + CSTS);",
     "rdy = readl(bar0 + CSTS) & 1;"},
    {LintRule::kRegisterReadOnly,
     "The write does nothing. What it was meant for does not happen.",
     "writel(0, bar0 + CSTS);                  /* to clear CFS */",
     "writel(0, bar0 + CC);                    /* a reset clears CFS */"},
    {LintRule::kRegisterReserved,
     "A later version of the specification, or a vendor, may have given the place a meaning.",
     "writel(0, bar0 + 0x1000 - 4);",
     "/* no access between the last property and 1000h */"},
    {LintRule::kCcReserved,
     "A controller of a later version takes the bit for what it means there.",
     "writel(cc | 1 << 25, bar0 + CC);",
     "writel(6 << 16 | 4 << 20 | EN, bar0 + CC);"},
    {LintRule::kCcFrozen,
     "The queues were set up with the values of before. What the controller makes of a change is not defined.",
     "writel(cc | EN, bar0 + CC);\nwritel(cc | EN | mps << 7, bar0 + CC);",
     "writel(cc | mps << 7, bar0 + CC);        /* EN = 0 */\nwritel(cc | mps << 7 | EN, bar0 + CC);"},
    {LintRule::kEnableTooEarly,
     "The controller is still being reset. It may take the new CC.EN for the old one, and never become ready.",
     "writel(0, bar0 + CC);\nwritel(cc | EN, bar0 + CC);",
     "writel(0, bar0 + CC);\nwait_until(!(readl(bar0 + CSTS) & RDY), timeout(CAP.TO));\nwritel(cc | EN, bar0 + CC);"},
    {LintRule::kDisableTooEarly,
     "The controller is on its way up. What a reset does in the middle of that is not defined.",
     "writel(cc | EN, bar0 + CC);\nwritel(0, bar0 + CC);",
     "writel(cc | EN, bar0 + CC);\nwait_until(readl(bar0 + CSTS) & (RDY | CFS), timeout(CAP.TO));\nwritel(0, bar0 + CC);"},
    {LintRule::kAdminQueueSize,
     "A queue of one entry is full when it is empty: no command is ever fetched.",
     "writel(0, bar0 + AQA);",
     "writel((cq_entries - 1) << 16 | (sq_entries - 1), bar0 + AQA);"},
    {LintRule::kAdminQueueBase,
     "The controller reads commands from address 0, or from the page before the one that was meant.",
     "writel(CC_EN, bar0 + CC);                /* after an FLR: ASQ is 0 again */",
     "writeq(asq_dma, bar0 + ASQ);\nwriteq(acq_dma, bar0 + ACQ);             /* multiples of 4096 */\nwritel(CC_EN, bar0 + CC);"},
    {LintRule::kAdminQueueWhileEnabled,
     "The controller has taken over the values of before: it and the driver use different memory.",
     "writel(CC_EN, bar0 + CC);\nwriteq(asq_dma, bar0 + ASQ);",
     "writeq(asq_dma, bar0 + ASQ);\nwritel(CC_EN, bar0 + CC);"},
    {LintRule::kFatal,
     "The controller processes nothing more, and cannot say so by a completion. Only a reset helps.",
     "while (!(readl(bar0 + CSTS) & RDY)) ;    /* for ever */",
     "do csts = readl(bar0 + CSTS);\nwhile (!(csts & (RDY | CFS)) && !timed_out());\nif (csts & CFS) return reset_and_retry();"},
    {LintRule::kKeepAliveExpired,
     "The controller takes the host for dead and sets CSTS.CFS; commands under way are lost.",
     "set_feature(KATO, 5000);                 /* and nothing more */",
     "set_feature(KATO, 5000);\nevery(2500 ms) submit(KEEP_ALIVE);"},
    {LintRule::kDoorbellAccess,
     "Doorbells are 32 bits wide. Another size may be ignored, or may write the neighbour.",
     "writew(tail, sq_doorbell);",
     "writel(tail, sq_doorbell);"},
    {LintRule::kDoorbellNotReady,
     "The doorbell is lost: the queue does not exist before CSTS.RDY is 1.",
     "writel(CC_EN, bar0 + CC);\nwritel(1, sq0_doorbell);",
     "writel(CC_EN, bar0 + CC);\nwait_until(readl(bar0 + CSTS) & RDY, timeout(CAP.TO));\nwritel(1, sq0_doorbell);"},
    {LintRule::kDoorbellNoQueue,
     "The controller reports an Invalid Doorbell Register event, and the command is never fetched.",
     "writel(tail, bar0 + 0x1000 + qid * 4);",
     "writel(tail, bar0 + 0x1000 + 2 * qid * (4 << CAP.DSTRD));"},
    {LintRule::kDoorbellOutOfRange,
     "The controller reports an Invalid Doorbell Write Value event and may stop the queue.",
     "writel(++tail, sq_doorbell);             /* never wraps */",
     "tail = (tail + 1) % entries;\nwritel(tail, sq_doorbell);"},
    {LintRule::kDoorbellOverrun,
     "Entries that the controller has not fetched are overwritten, or a completion is taken that is not there.",
     "sq[tail] = cmd;                          /* whether there is room or not */",
     "if ((tail + 1) % entries == sq_head) return BUSY;   /* SQHD of completions */\nsq[tail] = cmd;"},
    {LintRule::kDoorbellAfterShutdown,
     "The controller no longer fetches. The command has no answer until a reset.",
     "writel(cc | SHN_NORMAL, bar0 + CC);\nsubmit(io_queue, FLUSH);",
     "submit_and_wait(io_queue, FLUSH);\nwritel(cc | SHN_NORMAL, bar0 + CC);"},
    {LintRule::kDoorbellUnchanged,
     "A posted write for nothing: each costs the processor and the link some hundred nanoseconds.",
     "irq: reap(); writel(head, cq_doorbell);",
     "irq: if (reap()) writel(head, cq_doorbell);"},
    {LintRule::kEntryNotWritten,
     "The controller executes what stood there before: zeros, or the command of the last round again, with the old data address.",
     "writel(tail + 1, sq_doorbell);\nsq[tail] = cmd;",
     "sq[tail] = cmd;\nwmb();\nwritel(tail + 1, sq_doorbell);"},
    {LintRule::kCidReused,
     "Two completions carry the same identifier; the driver ends the wrong request, and one never.",
     "cmd.cid = next++ % depth;",
     "cmd.cid = allocate_tag();                /* given back by its completion */"},
    {LintRule::kEntryReserved,
     "A later controller gives the bits a meaning, and does what was not asked for.",
     "struct command *cmd = &sq[tail];         /* the last one's fields are still in it */",
     "memset(&sq[tail], 0, 64);"},
    {LintRule::kNsidUnused,
     "A controller may refuse the command with Invalid Field in Command.",
     "identify.nsid = 1; identify.cdw10 = CNS_CONTROLLER;",
     "identify.nsid = 0; identify.cdw10 = CNS_CONTROLLER;"},
    {LintRule::kNsidInvalid,
     "The command fails. Namespaces need not be numbered without gaps.",
     "for (nsid = 0; nsid < nn; nsid++) identify(nsid);",
     "for (nsid of identify_active_list()) identify(nsid);"},
    {LintRule::kOpcodeUnsupported,
     "The command fails with Invalid Command Opcode.",
     "submit(WRITE_ZEROES);",
     "if (id.oncs & ONCS_WRITE_ZEROES) submit(WRITE_ZEROES);"},
    {LintRule::kPrpOffset,
     "Some controllers refuse it, others ignore the offset and move the data to the beginning of the page.",
     "cmd.prp2 = buffer + 4096;                /* buffer + 100 is prp1 */",
     "cmd.prp2 = (buffer & ~4095) + 4096;\n/* more than two pages: PRP2 is the address of a list of pages */"},
    {LintRule::kFieldInvalid,
     "The command fails with Invalid Field in Command; the Error Information log names the byte and the bit.",
     "cmd.cdw12 = blocks;                      /* NLB counts from 0 */",
     "cmd.cdw12 = blocks - 1;"},
    {LintRule::kDataPointerZero,
     "Where address 0 is memory, the data lands there, and nobody notices until something else breaks.",
     "cmd.prp1 = dma; cmd.prp2 = 0;            /* 8 KiB */",
     "cmd.prp1 = dma; cmd.prp2 = dma_of_second_page;"},
    {LintRule::kMemoryUnreachable,
     "The root port or the IOMMU refuses the access: Data Transfer Error, and an error of the fabric beside it.",
     "cmd.prp1 = (u64)buffer;                  /* a virtual address */",
     "cmd.prp1 = dma_map(buffer, size);        /* until the command completes */"},
    {LintRule::kTransferTooLarge,
     "The command fails with Invalid Field in Command.",
     "max_bytes = 1 << 20;",
     "max_bytes = id.mdts ? (1 << id.mdts) * min_page(CAP.MPSMIN) : unlimited;"},
    {LintRule::kLbaOutOfRange,
     "The command fails with LBA Out of Range.",
     "blocks = bytes / 512;                    /* the format has 4096 */",
     "blocks = bytes >> id_ns.lbaf[id_ns.flbas & 15].lbads;"},
    {LintRule::kSequence,
     "The command fails with Command Sequence Error.",
     "create_queues();\nset_feature(NUMBER_OF_QUEUES, n);",
     "set_feature(NUMBER_OF_QUEUES, n);\ncreate_queues();"},
    {LintRule::kQueueCommand,
     "The queue does not exist; its doorbell is that of no queue.",
     "create_sq(1, cqid = 1);\ncreate_cq(1);",
     "create_cq(1);\ncreate_sq(1, cqid = 1);                  /* and deleted the other way round */"},
    {LintRule::kLimitExceeded,
     "The command fails. Limits are in Identify Controller, and count from 0: AERL, ACL.",
     "for (i = 0; i < 16; i++) submit(ASYNC_EVENT_REQUEST);",
     "for (i = 0; i <= id.aerl; i++) submit(ASYNC_EVENT_REQUEST);"},
    {LintRule::kQueueOverlap,
     "Completions overwrite commands, or the entries of another queue.",
     "cq_dma = sq_dma + entries * 16;          /* entries of a submission queue have 64 bytes */",
     "cq_dma = sq_dma + align(entries * 64, 4096);"},
    {LintRule::kBufferInQueue,
     "Data overwrites commands or completions. What happens next depends on the data.",
     "read.prp1 = sq_dma;",
     "read.prp1 = dma_map(buffer, size);"},
    {LintRule::kBufferOverlap,
     "Which of the two commands' bytes stay is a matter of luck.",
     "submit(read(lba1, buffer)); submit(read(lba2, buffer));",
     "submit(read(lba1, buffer1)); submit(read(lba2, buffer2));"},
    {LintRule::kQueueUnreachable,
     "The queue stops. A driver without an Asynchronous Event Request outstanding learns nothing, and times out.",
     "create_sq.prp1 = (u64)sq;                /* or its memory was unmapped */",
     "create_sq.prp1 = dma_alloc(entries * 64); /* until the queue is deleted */"},
    {LintRule::kQueueNotCleared,
     "The driver takes what is left of another time for completions, of commands that it has never sent.",
     "cq = malloc(entries * 16);\ncreate_cq(cq);",
     "cq = calloc(entries, 16);                /* again before each creation */\ncreate_cq(cq);"},
    {LintRule::kQueuesNotNegotiated,
     "A controller may have given the driver fewer queues than it wants to create, or more.",
     "create_cq(1);",
     "granted = set_feature(NUMBER_OF_QUEUES, n);\nfor (qid = 1; qid <= min(n, granted); qid++) create_cq(qid);"},
    {LintRule::kHeadNeverWritten,
     "After one round the queue is full: the controller has no room for completions, and everything stands still.",
     "irq: while (phase_is_new(cq[head])) take(cq[head++]);",
     "irq: while (phase_is_new(cq[head])) take(cq[head++]);\nwritel(head, cq_doorbell);"},
    {LintRule::kCompletionQueueFull,
     "Commands are done and cannot complete; their latency is that of the driver's next look.",
     "create_cq(entries = 8); create_sq(entries = 256);",
     "create_cq(entries >= commands under way + 1);\n/* and the head is written after each look */"},
    {LintRule::kNoEventRequest,
     "The next event (a namespace has changed, the temperature, an error) waits in the controller, and is not told.",
     "on_event: handle(dw0);",
     "on_event: handle(dw0); submit(ASYNC_EVENT_REQUEST);"},
    {LintRule::kVectorWithoutEntry,
     "The message is a write to address 0.",
     "msix_enable();\ncreate_cq(iv = 3);                       /* entry 3 was not written */",
     "write_msix_entry(3, address, data);\nmsix_enable();\ncreate_cq(iv = 3);"},
    {LintRule::kInterruptHeld,
     "The completion is there, and nobody is told: the command times out, although it is done.",
     "create_cq(ien = 1);                      /* MSI-X is not enabled, the vector is masked */",
     "msix_enable(); unmask(vector);\ncreate_cq(ien = 1);                      /* or ien = 0, and poll */"},
    {LintRule::kShutdownWithQueues,
     "Commands in them may be lost, and the controller may take longer.",
     "writel(cc | SHN_NORMAL, bar0 + CC);",
     "delete_sqs(); delete_cqs();\nwritel(cc | SHN_NORMAL, bar0 + CC);"},
    {LintRule::kShutdownWithCommands,
     "Whether they were executed is not known.",
     "submit(write); writel(cc | SHN_NORMAL, bar0 + CC);",
     "wait_for_all_commands();\nwritel(cc | SHN_NORMAL, bar0 + CC);"},
    {LintRule::kAbruptWithCache,
     "An abrupt shutdown does not write the cache back: the data is lost.",
     "writel(cc | SHN_ABRUPT, bar0 + CC);",
     "submit_and_wait(FLUSH);\nwritel(cc | SHN_ABRUPT, bar0 + CC);"},
    {LintRule::kResetWithCommands,
     "They end without completion. Meant after a time-out, a surprise otherwise.",
     "writel(0, bar0 + CC);                    /* requests stay open for ever */",
     "writel(0, bar0 + CC);\nwait_until(!(readl(bar0 + CSTS) & RDY), timeout(CAP.TO));\nfail_or_retry_all_requests();"},
    {LintRule::kResetWithCache,
     "What is in the volatile write cache is lost if the power goes.",
     "power_off();",
     "writel(cc | SHN_NORMAL, bar0 + CC);\nwait_until(CSTS.SHST == COMPLETE, timeout(RTD3E));\npower_off();"},
    {LintRule::kNotOffered,
     "The command fails; a driver that asks in order to learn expects that.",
     "must(get_log(0xc0));",
     "if (get_log(0xc0) == SUCCESS) use_it();"},
};
// clang-format on

constexpr bool stand_in_order() {
    for (std::size_t i = 0; i < kLintRules; ++i)
        if (static_cast<std::size_t>(kAdvice[i].rule) != i) return false;
    return true;
}
static_assert(std::size(kAdvice) == kLintRules && stand_in_order());

/// Each line of `text` with `margin` in front.
std::string indented(std::string_view text, std::string_view margin) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out.append(margin).append(text.substr(0, end)).append("\n");
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string where(const LintRuleInfo& rule) {
    return std::string{rule.document} + " " + std::string{rule.section};
}

}  // namespace

const LintAdvice& lint_advice(LintRule rule) {
    return kAdvice[static_cast<std::size_t>(rule)];
}

std::string explain(LintRule rule) {
    const LintRuleInfo& info = lint_rule(rule);
    const LintAdvice& advice = lint_advice(rule);
    std::string text{info.id};
    text += info.hint ? " (a hint)\n\n" : "\n\n";
    text += "What the driver did: " + std::string{info.says} + ".\n";
    text += "Where it is written: " + where(info) + ".\n";
    text += "The value in a finding: " + std::string{info.value} + ".\n";
    text += "On hardware: " + std::string{advice.matters} + "\n\n";
    text += "Wrong:\n" + indented(advice.wrong, "    ") + "\n";
    text += "Right:\n" + indented(advice.right, "    ");
    return text;
}

std::string lint_handbook() {
    std::string text =
        "# The rules of the driver lint\n\n"
        "What a driver did, what comes of it on hardware, and how it is done right: what\n"
        "`nvme-vp --explain RULE` prints, of all rules. [lint.md](lint.md) tells of the lint "
        "itself.\n";
    for (std::size_t i = 0; i < kLintRules; ++i) {
        const LintRuleInfo& info = lint_rule(static_cast<LintRule>(i));
        const LintAdvice& advice = lint_advice(static_cast<LintRule>(i));
        text += "\n## " + std::string{info.id} + "\n\n";
        text += "What the driver did: " + std::string{info.says} + " (" + where(info) + ").";
        if (info.hint) text += " A hint: it may be meant.";
        text += "\n\nOn hardware: " + std::string{advice.matters} + "\n\n";
        text += "```c\n/* wrong */\n" + indented(advice.wrong, "") + "/* right */\n" +
                indented(advice.right, "") + "```\n";
    }
    return text;
}

}  // namespace observe
