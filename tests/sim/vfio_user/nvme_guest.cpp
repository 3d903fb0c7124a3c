// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/vfio_user/nvme_guest.h"

#include <sched.h>

#include <chrono>

#include <gtest/gtest.h>

namespace platform::vfio_user::test {

using nvme::spec::CompletionEntry;
using nvme::spec::SubmissionEntry;

namespace {

constexpr auto kHang = std::chrono::seconds(20);
constexpr std::uint64_t kCc = 0x14, kCsts = 0x1c, kAqa = 0x24, kAsq = 0x28, kAcq = 0x30;
constexpr std::uint32_t kEnable = 0x0046'0001;
constexpr std::uint32_t kBlock = 512;
constexpr std::uint32_t kPage = 4096;

SubmissionEntry command(std::uint8_t opcode, std::uint32_t nsid = 0) {
    SubmissionEntry entry{};
    entry.cdw0 = opcode;
    entry.nsid = nsid;
    return entry;
}

}  // namespace

bool NvmeGuest::wait_csts(std::uint32_t mask, std::uint32_t value) {
    const auto end = std::chrono::steady_clock::now() + kHang;
    while (std::chrono::steady_clock::now() < end)
        if ((client_.read(RegionIndex::kBar0, kCsts, 4) & mask) == value) return true;
    return false;
}

bool NvmeGuest::enable() {
    const std::uint64_t command = client_.read(RegionIndex::kConfig, 4, 2);
    client_.write(RegionIndex::kConfig, 4, command | pci_command, 2);
    client_.write(RegionIndex::kBar0, kCc, 0, 4);
    if (!wait_csts(1, 0)) return false;
    std::memset(memory_.at(memory_.base(), 0x8000), 0, 0x8000);
    for (Queue& queue : queues_) queue = {};
    client_.write(RegionIndex::kBar0, kAqa, (kDepth - 1) << 16 | (kDepth - 1), 4);
    client_.write(RegionIndex::kBar0, kAsq, sq_address(0), 8);                // as SPDK does
    client_.write(RegionIndex::kBar0, kAcq, cq_address(0) & 0xffff'ffff, 4);  // as QEMU does
    client_.write(RegionIndex::kBar0, kAcq + 4, cq_address(0) >> 32, 4);
    client_.write(RegionIndex::kBar0, kCc, kEnable, 4);
    return wait_csts(3, 1);
}

bool NvmeGuest::disable() {
    client_.write(RegionIndex::kBar0, kCc, 0, 4);
    return wait_csts(1, 0);
}

bool NvmeGuest::shut_down() {
    client_.write(RegionIndex::kBar0, kCc, kEnable | 1u << 14, 4);
    return wait_csts(0xc, 0x8);
}

void NvmeGuest::ring(std::uint32_t doorbell, std::uint16_t value) {
    if (doorbells != nullptr) {
        __atomic_store_n(&doorbells[doorbell], std::uint32_t{value}, __ATOMIC_RELEASE);
        return;
    }
    if (posted_doorbells)
        client_.post(RegionIndex::kBar0, 0x1000 + 4 * doorbell, value, 4);
    else
        client_.write(RegionIndex::kBar0, 0x1000 + 4 * doorbell, value, 4);
}

void NvmeGuest::submit(std::uint16_t qid, SubmissionEntry entry) {
    Queue& queue = queues_[qid];
    entry.cdw0 |= std::uint32_t{next_cid_++} << 16;
    std::memcpy(memory_.at(sq_address(qid) + queue.tail * sizeof entry, sizeof entry), &entry,
                sizeof entry);
    queue.tail = static_cast<std::uint16_t>((queue.tail + 1) % kDepth);
    ring(2u * qid, queue.tail);
}

std::uint16_t NvmeGuest::wait(std::uint16_t qid) {
    Queue& queue = queues_[qid];
    const auto* place = reinterpret_cast<const volatile std::uint16_t*>(memory_.at(
        cq_address(qid) + queue.head * sizeof(CompletionEntry) + offsetof(CompletionEntry, status),
        2));
    const auto end = std::chrono::steady_clock::now() + kHang;
    std::uint16_t status = 0;
    do {
        if (std::chrono::steady_clock::now() > end || !client_.connected()) return 0xffff;
        (void)client_.serve(0);
        ::sched_yield();
        status = __atomic_load_n(place, __ATOMIC_ACQUIRE);
    } while (((status & 1) != 0) != queue.phase);
    if (++queue.head == kDepth) {
        queue.head = 0;
        queue.phase = !queue.phase;
    }
    ring(2u * qid + 1, queue.head);
    return static_cast<std::uint16_t>(status >> 1);
}

std::uint16_t NvmeGuest::execute(std::uint16_t qid, SubmissionEntry entry) {
    submit(qid, entry);
    return wait(qid);
}

bool NvmeGuest::identify() {
    SubmissionEntry entry = command(0x06);
    entry.prp1 = buffer_address();
    entry.cdw10 = 1;  // the controller
    return execute(0, entry) == 0;
}

bool NvmeGuest::create_io_queues(int vector) {
    SubmissionEntry number = command(0x09);  // Set Features (Number of Queues): one of each
    number.cdw10 = 0x07;
    SubmissionEntry cq = command(0x05);
    cq.prp1 = cq_address(1);
    cq.cdw10 = (kDepth - 1) << 16 | 1;
    cq.cdw11 = 1 | (vector < 0 ? 0u : 2u | static_cast<std::uint32_t>(vector) << 16);
    SubmissionEntry sq = command(0x01);
    sq.prp1 = sq_address(1);
    sq.cdw10 = cq.cdw10;
    sq.cdw11 = 1u << 16 | 1;
    queues_[1] = {};
    std::memset(memory_.at(cq_address(1), 0x1000), 0, 0x1000);
    return execute(0, number) == 0 && execute(0, cq) == 0 && execute(0, sq) == 0;
}

bool NvmeGuest::delete_io_queues() {
    SubmissionEntry sq = command(0x00), cq = command(0x04);
    sq.cdw10 = cq.cdw10 = 1;
    return execute(0, sq) == 0 && execute(0, cq) == 0;
}

bool NvmeGuest::health_log() {
    SubmissionEntry entry = command(0x02, 0xffff'ffff);
    entry.prp1 = buffer_address();
    entry.cdw10 = (512 / 4 - 1) << 16 | 0x02;
    return execute(0, entry) == 0;
}

bool NvmeGuest::io(std::uint8_t opcode, std::uint64_t lba, std::uint32_t blocks,
                   std::uint32_t nsid) {
    SubmissionEntry entry = command(opcode, nsid);
    entry.prp1 = buffer_address();
    const std::uint32_t pages = (blocks * kBlock + kPage - 1) / kPage;
    if (pages == 2) entry.prp2 = buffer_address() + kPage;
    if (pages > 2) {
        const std::uint64_t list = memory_.base() + 0xf000;
        for (std::uint64_t i = 1; i < pages; ++i) {
            const std::uint64_t address = buffer_address() + i * kPage;
            std::memcpy(memory_.at(list + (i - 1) * 8, 8), &address, 8);
        }
        entry.prp2 = list;
    }
    entry.cdw10 = static_cast<std::uint32_t>(lba);
    entry.cdw11 = static_cast<std::uint32_t>(lba >> 32);
    entry.cdw12 = blocks - 1;
    return execute(1, entry) == 0;
}

bool NvmeGuest::read(std::uint64_t lba, std::uint32_t blocks, std::uint32_t nsid) {
    return io(0x02, lba, blocks, nsid);
}
bool NvmeGuest::write(std::uint64_t lba, std::uint32_t blocks, std::uint32_t nsid) {
    return io(0x01, lba, blocks, nsid);
}

}  // namespace platform::vfio_user::test
