// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/platform/fake_controller.h"

#include <vector>

#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/registers.h"

namespace platform {

namespace {

constexpr std::uint32_t kMsix = 0x40, kExpress = 0x50;
constexpr std::uint32_t kMsixEnabled = 0x8000'0000;
constexpr std::uint32_t kEntries = 64;

}  // namespace

FakeController::FakeController(const sc_core::sc_module_name& name) : FakeEndpoint(name) {
    put32(config_bytes, 0x04, 0x0010'0000);  // has capabilities
    put32(config_bytes, 0x08, 0x0108'0200);
    put32(config_bytes, 0x34, kMsix);
    put32(config_bytes, kMsix, 0x0003'0000 | kExpress << 8 | 0x11);
    put32(config_bytes, kMsix + 4, 4);                                 // table: BAR 4, offset 0
    put32(config_bytes, kExpress, 0x10);                               // last capability
    put32(config_bytes, kExpress + 4, 1u << 28);                       // Function Level Reset
    put32(bar0_bytes, spec::offset::kCap, 2u << 24 | (kEntries - 1));  // ready within a second
    put32(bar0_bytes, spec::offset::kCap + 4, 1u << 5);                // NVM command set
    SC_THREAD(serve);
}

void FakeController::after_config_write(std::uint64_t offset) {
    // The table size is read-only.
    put32(config_bytes, kMsix, (get32(config_bytes, kMsix) & 0xC000'FFFF) | 0x0003'0000);
    if (offset == kExpress + 8 && (config_bytes[offset + 1] & 0x80) != 0) {
        config_bytes[offset + 1] = 0;
        config_bytes[4] = 0;
        put32(config_bytes, 0x10, 4);
        put32(bar0_bytes, spec::offset::kCc, 0);
        reset();
    }
}

void FakeController::after_bar0_write(std::uint64_t offset) {
    if (offset == spec::offset::kIntms) wire_masked_ = true;
    if (offset == spec::offset::kIntmc) wire_masked_ = false;
    if (offset == spec::offset::kCc) configure();
    if (offset >= spec::offset::kDoorbells && offset < spec::offset::kDoorbells + 24) {
        const std::size_t index = (offset - spec::offset::kDoorbells) / 4;
        const std::uint32_t value = get32(bar0_bytes, offset);
        if (index % 2 == 0) {
            sqs_[index / 2].tail = value;
            wake();
        } else {
            cqs_[index / 2].head = value;
            ++head_doorbells;
        }
    }
    update_wire();
}

void FakeController::reset() {
    sqs_ = {};
    cqs_ = {};
    put32(bar0_bytes, spec::offset::kCsts, 0);
}

void FakeController::configure() {
    const auto cc = spec::Cc::from(get32(bar0_bytes, spec::offset::kCc));
    const bool running = get32(bar0_bytes, spec::offset::kCsts) != 0;
    if (!cc.get<spec::Cc::En>()) return reset();
    const auto shst = cc.get<spec::Cc::Shn>() != spec::Shn::kNone ? spec::Shst::kComplete
                                                                  : spec::Shst::kNormalOperation;
    put32(bar0_bytes, spec::offset::kCsts,
          spec::Csts{}
              .with<spec::Csts::Rdy>(becomes_ready)
              .with<spec::Csts::Cfs>(fatal)
              .with<spec::Csts::Shst>(shst)
              .raw);
    if (running) return;
    const auto aqa = spec::Aqa::from(get32(bar0_bytes, spec::offset::kAqa));
    sqs_[0] = {get32(bar0_bytes, spec::offset::kAsq), aqa.get<spec::Aqa::Asqs>() + 1, 0, 0, 0};
    cqs_[0] = {
        get32(bar0_bytes, spec::offset::kAcq), aqa.get<spec::Aqa::Acqs>() + 1, 0, 0, 0, true, true};
}

void FakeController::serve() {
    for (;;) {
        bool idle = true;
        for (std::uint16_t sqid = 0; sqid < sqs_.size() && !silent; ++sqid) {
            if (sqs_[sqid].head == sqs_[sqid].tail) continue;
            execute(sqid);
            idle = false;
        }
        if (idle) wait(doorbell_);
    }
}

void FakeController::execute(std::uint16_t sqid) {
    Sq& queue = sqs_[sqid];
    spec::SubmissionEntry entry{};
    dma_access(tlm::TLM_READ_COMMAND, queue.base + queue.head * sizeof(entry), &entry,
               sizeof(entry));
    queue.head = (queue.head + 1) % queue.depth;
    ++fetched;
    last = entry;
    wait(latency);
    if (queue.depth == 0) return;  // reset meanwhile
    const std::uint16_t status = next_status;
    next_status = 0;
    const auto cid = spec::Cdw0::from(entry.cdw0).get<spec::Cdw0::Cid>();
    const std::uint32_t dw0 = status == 0 ? carry_out(sqid, entry) : 0;
    post(sqid, cid, dw0, status);
    if (completes_twice) post(sqid, cid, dw0, status);
}

std::uint32_t FakeController::carry_out(std::uint16_t sqid, const spec::SubmissionEntry& entry) {
    using Admin = spec::AdminOpcode;
    const auto opcode = spec::Cdw0::from(entry.cdw0).get<spec::Cdw0::Opcode>();
    if (sqid != 0) {
        std::uint64_t slba = entry.cdw10;
        if (opcode == static_cast<std::uint8_t>(spec::NvmOpcode::kRead))
            dma_access(tlm::TLM_WRITE_COMMAND, entry.prp1, &slba, sizeof(slba));
        return 0;
    }
    const std::size_t qid = (entry.cdw10 & 0xffff) % sqs_.size();
    const std::uint32_t depth = (entry.cdw10 >> 16) + 1;
    const std::uint32_t high = entry.cdw11 >> 16;
    switch (static_cast<Admin>(opcode)) {
        case Admin::kCreateIoCq:
            cqs_[qid] = {entry.prp1, depth, 0, 0, high, true, (entry.cdw11 & 2) != 0};
            break;
        case Admin::kCreateIoSq:
            sqs_[qid] = {entry.prp1, depth, 0, 0, static_cast<std::uint16_t>(high)};
            break;
        case Admin::kDeleteIoSq:
            sqs_[qid] = {};
            break;
        case Admin::kDeleteIoCq:
            cqs_[qid] = {};
            break;
        case Admin::kIdentify:
            identify(entry);
            break;
        case Admin::kSetFeatures:
            return 0x0001'0001;  // two queues of each kind
        default:
            break;
    }
    return 0;
}

void FakeController::identify(const spec::SubmissionEntry& entry) {
    std::vector<unsigned char> page(spec::kIdentifyBytes);
    put32(page, offsetof(spec::IdentifyNamespace, lbaf), 9u << 16);
    dma_access(tlm::TLM_WRITE_COMMAND, entry.prp1, page.data(), spec::kIdentifyBytes);
}

void FakeController::post(std::uint16_t sqid, std::uint16_t cid, std::uint32_t dw0,
                          std::uint16_t status) {
    const Sq& from = sqs_[sqid];
    Cq& queue = cqs_[from.cqid];
    if (queue.depth == 0) return;
    spec::CompletionEntry entry{};
    entry.dw0 = dw0;
    entry.sqhd = static_cast<std::uint16_t>(from.head);
    entry.sqid = sqid;
    entry.cid = cid;
    entry.status = static_cast<std::uint16_t>(status << 1 | (queue.phase ? 1 : 0));
    dma_access(tlm::TLM_WRITE_COMMAND, queue.base + queue.tail * sizeof(entry), &entry,
               sizeof(entry));
    if (++queue.tail == queue.depth) {
        queue.tail = 0;
        queue.phase = !queue.phase;
    }
    if (queue.interrupts && !loses_interrupts) interrupt(queue);
    update_wire();
}

void FakeController::interrupt(const Cq& queue) {
    if ((get32(config_bytes, kMsix) & kMsixEnabled) == 0) return;
    const std::size_t entry = queue.vector * std::size_t{16};
    std::uint32_t data = get32(bar4_bytes, entry + 8);
    dma_access(tlm::TLM_WRITE_COMMAND, get32(bar4_bytes, entry), &data, sizeof(data));
}

void FakeController::update_wire() {
    if (intx.size() == 0) return;
    bool pending = false;
    for (const Cq& queue : cqs_)
        pending = pending || (queue.interrupts && queue.head != queue.tail);
    const bool messages = (get32(config_bytes, kMsix) & kMsixEnabled) != 0;
    intx->write(pending && !messages && !wire_masked_);
}

}  // namespace platform
