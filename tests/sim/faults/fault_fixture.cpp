// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/faults/fault_fixture.h"

#include <utility>

namespace nvme::test {

FaultTest::FaultTest(const ControllerParams& params, const platform::DriverOptions& driver_options)
    : EventsTest(params, driver_options), recovery(driver, options()), ledger_(kSlots) {
    controller.set_trace(&trace);
    controller.set_faults(&plan);
}

FaultTest::~FaultTest() = default;

void FaultTest::add(const Rule& r) {
    EXPECT_EQ(plan.add(r), "");
}

void FaultTest::run(std::function<void()> script) {
    simulate(std::move(script), sc_core::sc_time(1000, sc_core::SC_SEC));
}

void FaultTest::work(unsigned rounds) {
    if (buffers_.empty())
        for (std::uint32_t slot = 0; slot < kSlots; ++slot)
            buffers_.push_back(driver.allocate(kSlotBytes + kGuard));
    for (unsigned round = 0; round < rounds && alive; ++round) {
        write_all();
        read_all();
    }
}

void FaultTest::write_all() {
    ++seed_;
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) fill(slot, seed_ * 1000 + slot);
    const auto ended = send(spec::NvmOpcode::kWrite);
    for (std::uint32_t slot = 0; slot < kSlots; ++slot)
        if (ended[slot].completion.ok())
            ledger_[slot] = seed_ * 1000 + slot;
        else if (!failed_writes_change_nothing)
            ledger_[slot].reset();  // either content will do
}

void FaultTest::read_all() {
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) fill(slot, 0);
    const auto ended = send(spec::NvmOpcode::kRead);
    for (std::uint32_t slot = 0; slot < kSlots; ++slot)
        if (ended[slot].completion.ok()) wrong_bytes += check(slot);
}

void FaultTest::verify_all() {
    plan.set_active(false);
    const std::uint64_t before = wrong_bytes;
    const unsigned failed_before = failed;
    read_all();
    EXPECT_EQ(wrong_bytes, before) << "what the media hold";
    EXPECT_EQ(failed, failed_before);
    wrong_bytes = before;
    plan.set_active(true);
}

platform::RecoveryOptions FaultTest::options() {
    platform::RecoveryOptions o;
    o.queues = kQueues;
    return o;
}

std::byte FaultTest::content(unsigned seed, std::uint64_t i) {
    return static_cast<std::byte>((i * 131 + seed * 7919 + i / 256) & 0xff);
}

void FaultTest::fill(std::uint32_t slot, unsigned seed) {
    for (std::uint64_t i = 0; i < kSlotBytes; ++i) buffers_[slot].data[i] = content(seed, i);
    for (std::uint64_t i = 0; i < kGuard; ++i) buffers_[slot].data[kSlotBytes + i] = kGuardByte;
}

std::uint64_t FaultTest::check(std::uint32_t slot) {
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; ledger_[slot] && i < kSlotBytes; ++i)
        if (buffers_[slot].data[i] != content(*ledger_[slot], i)) ++wrong;
    return wrong;
}

std::vector<Recovery::Request> FaultTest::send(spec::NvmOpcode opcode) {
    std::vector<Recovery::Request> requests(kSlots);
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
        const std::uint64_t lba = slot * kSlotBlocks;
        requests[slot].qid = static_cast<std::uint16_t>(1 + slot % kQueues);
        requests[slot].entry = opcode == spec::NvmOpcode::kWrite
                                   ? commands::write(1, lba, kSlotBlocks)
                                   : commands::read(1, lba, kSlotBlocks);
        requests[slot].data = {buffers_[slot].gpa, kSlotBytes};
    }
    alive = recovery.run(requests);
    for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
        if (requests[slot].completion.error == DriverError::kNone &&
            !requests[slot].completion.ok()) {
            ++failed;
            last_failure = requests[slot].completion.status;
        }
        for (std::uint64_t i = 0; i < kGuard; ++i)
            if (buffers_[slot].data[kSlotBytes + i] != kGuardByte) ++spilled;
    }
    return requests;
}

}  // namespace nvme::test
