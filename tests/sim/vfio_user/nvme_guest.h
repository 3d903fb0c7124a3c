// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/entries.h"
#include "tests/sim/vfio_user/client.h"

namespace platform::vfio_user::test {

/// As much of an NVMe driver as a script needs, over raw messages: one admin queue pair, one I/O
/// queue pair, commands one at a time, completions found by looking at memory.
class NvmeGuest {
public:
    static constexpr std::uint64_t kMemoryBytes = 1 << 20;
    static constexpr std::uint32_t kDepth = 8;

    /// Queues and buffers are in `memory`, which has kMemoryBytes and is mapped by the script.
    NvmeGuest(Client& client, GuestMemory& memory) : client_(client), memory_(memory) {}

    /// Bus master, admin queues, CC.EN, ready. False when that fails.
    bool enable();
    bool disable();
    bool shut_down();
    /// Queue pair 1; `vector` -1: without interrupts.
    bool create_io_queues(int vector = -1);
    bool delete_io_queues();
    /// Identify Controller; its data are then in buffer().
    bool identify();
    bool read(std::uint64_t lba, std::uint32_t blocks, std::uint32_t nsid = 1);
    bool write(std::uint64_t lba, std::uint32_t blocks, std::uint32_t nsid = 1);
    /// SMART / Health Information; in buffer() then.
    bool health_log();
    /// 64 KiB for the data of commands.
    [[nodiscard]] std::uint8_t* buffer() { return memory_.at(buffer_address(), 65536); }
    [[nodiscard]] std::uint64_t buffer_address() const { return memory_.base() + 0x10000; }

    /// Runs one command; the completion's status field without the phase, or 0xffff when none
    /// comes.
    std::uint16_t execute(std::uint16_t qid, nvme::spec::SubmissionEntry entry);
    /// Without waiting; returns what wait() needs.
    void submit(std::uint16_t qid, nvme::spec::SubmissionEntry entry);
    std::uint16_t wait(std::uint16_t qid);

    /// Doorbells are written here instead of by messages: where a page from 1000h is mapped.
    volatile std::uint32_t* doorbells = nullptr;
    bool posted_doorbells = false;
    /// What enable() sets in the Command register: as SPDK bus master and no INTx, alone.
    std::uint16_t pci_command = 0x404;

private:
    struct Queue {
        std::uint16_t tail = 0, head = 0;
        bool phase = true;
    };
    [[nodiscard]] std::uint64_t sq_address(std::uint16_t qid) const {
        return memory_.base() + 0x2000u * qid;
    }
    [[nodiscard]] std::uint64_t cq_address(std::uint16_t qid) const {
        return sq_address(qid) + 0x1000;
    }
    void ring(std::uint32_t doorbell, std::uint16_t value);
    bool io(std::uint8_t opcode, std::uint64_t lba, std::uint32_t blocks, std::uint32_t nsid);
    bool wait_csts(std::uint32_t mask, std::uint32_t value);

    Client& client_;
    GuestMemory& memory_;
    Queue queues_[2];
    std::uint16_t next_cid_ = 1;
};

}  // namespace platform::vfio_user::test
