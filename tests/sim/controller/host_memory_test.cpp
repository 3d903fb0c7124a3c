// SPDX-License-Identifier: Apache-2.0
// How the controller uses direct memory pointers, seen from the memory's side.
#include <cstring>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <tlm_utils/simple_target_socket.h>

#include "models/nvme/module/tlm_host_memory.h"
#include "platform/modules/payload.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {
namespace {

/// RAM that grants pointers to windows of itself, and takes them back when it moves its bytes to
/// another place of the simulator's memory.
class MovingMemory : public sc_core::sc_module {
public:
    static constexpr std::uint64_t kBytes = 1 << 16;

    explicit MovingMemory(const sc_core::sc_module_name& name)
        : sc_module(name), bytes(kBytes), old_(kBytes) {
        socket.register_b_transport(this, &MovingMemory::b_transport);
        socket.register_get_direct_mem_ptr(this, &MovingMemory::get_direct_mem_ptr);
    }
    tlm_utils::simple_target_socket<MovingMemory> socket{"socket"};
    std::vector<unsigned char> bytes;
    std::uint64_t window = kBytes;  // of a grant, in bytes; 0: none
    bool readable = true, writable = true;
    sc_core::sc_time block;  // b_transport waits for so long
    unsigned transactions = 0, grants = 0;

    /// A pointer that is used after this leads to garbage, and what is written there is lost.
    void move() {
        socket->invalidate_direct_mem_ptr(0, kBytes - 1);
        old_ = bytes;
        bytes.swap(old_);
        std::fill(old_.begin(), old_.end(), static_cast<unsigned char>(0xdb));
    }
    void revoke(std::uint64_t first, std::uint64_t last) {
        socket->invalidate_direct_mem_ptr(first, last);
    }

private:
    void b_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time& delay) {
        ++transactions;
        if (block != sc_core::SC_ZERO_TIME) sc_core::wait(block);
        delay += sc_core::sc_time(30, sc_core::SC_NS);
        if (!platform::fits(tx.get_address(), tx.get_data_length(), kBytes))
            return tx.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        tx.set_response_status(platform::transfer(tx, &bytes[tx.get_address()]));
        tx.set_dmi_allowed(window != 0);
    }
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& tx, tlm::tlm_dmi& dmi) {
        if (window == 0 || tx.get_address() >= kBytes) return false;
        const std::uint64_t first = tx.get_address() / window * window;
        dmi.set_start_address(first);
        dmi.set_end_address(std::min(first + window, kBytes) - 1);
        dmi.set_dmi_ptr(&bytes[first]);
        dmi.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_NONE);
        if (readable) dmi.set_granted_access(tlm::tlm_dmi::DMI_ACCESS_READ);
        if (writable)
            dmi.set_granted_access(readable ? tlm::tlm_dmi::DMI_ACCESS_READ_WRITE
                                            : tlm::tlm_dmi::DMI_ACCESS_WRITE);
        dmi.set_read_latency(sc_core::sc_time(7, sc_core::SC_NS));
        dmi.set_write_latency(sc_core::sc_time(9, sc_core::SC_NS));
        ++grants;
        return true;
    }
    std::vector<unsigned char> old_;
};

class HostMemoryAccess : public SimTest {
protected:
    struct Initiator : sc_core::sc_module {
        explicit Initiator(const sc_core::sc_module_name& name, const bool& use)
            : sc_module(name), memory(socket, use, clock, [this] { return enabled; }) {
            socket.register_invalidate_direct_mem_ptr(this, &Initiator::invalidate);
        }
        void invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
            memory.invalidate_dmi(first, last);
        }
        bool enabled = true;
        tlm_utils::simple_initiator_socket<Initiator> socket{"socket"};
        LocalClock clock{false};
        TlmHostMemory memory;
    };
    explicit HostMemoryAccess(bool use_dmi = true) : initiator("initiator", use_dmi) {
        initiator.socket.bind(target.socket);
    }
    MovingMemory target{"target"};
    Initiator initiator;
};

TEST_F(HostMemoryAccess, TheSecondAccessUsesTheGrantedPointer) {
    simulate([this] {
        std::uint64_t value = 0x1122'3344'5566'7788, back = 0;
        ASSERT_TRUE(initiator.memory.write(0, 0x100, &value, 8));
        ASSERT_EQ(target.transactions, 1u);
        for (unsigned i = 0; i < 10; ++i) {
            ASSERT_TRUE(initiator.memory.write(0, 0x2000 + 8 * i, &value, 8));
            ASSERT_TRUE(initiator.memory.read(0, 0x2000 + 8 * i, &back, 8));
            EXPECT_EQ(back, value);
        }
        EXPECT_EQ(target.transactions, 1u);
        EXPECT_EQ(std::memcmp(&target.bytes[0x2000], &value, 8), 0);
    });
}

TEST_F(HostMemoryAccess, DirectAccessesTakeTheLatencyOfTheGrant) {
    simulate([this] {
        std::uint32_t value = 0;
        EXPECT_EQ(initiator.memory.read(1000, 0, &value, 4).done, 1000u + 30'000u);
        EXPECT_EQ(initiator.memory.read(1000, 0, &value, 4).done, 1000u + 7'000u);
        EXPECT_EQ(initiator.memory.write(1000, 0, &value, 4).done, 1000u + 9'000u);
    });
}

TEST_F(HostMemoryAccess, ARevokedPointerIsNotUsedAgainUntilItIsGrantedAnew) {
    simulate([this] {
        std::uint32_t value = 1;
        ASSERT_TRUE(initiator.memory.write(0, 0, &value, 4));
        target.window = 0;
        target.revoke(0, MovingMemory::kBytes - 1);
        for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(initiator.memory.write(0, 0, &value, 4));
        EXPECT_EQ(target.transactions, 6u);
        target.window = MovingMemory::kBytes;
        for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(initiator.memory.write(0, 0, &value, 4));
        EXPECT_EQ(target.transactions, 7u);
    });
}

TEST_F(HostMemoryAccess, RevokingAPartTakesTheWholePointerAndNoOther) {
    simulate([this] {
        target.window = 0x1000;
        std::uint32_t value = 1;
        ASSERT_TRUE(initiator.memory.write(0, 0x0000, &value, 4));
        ASSERT_TRUE(initiator.memory.write(0, 0x1000, &value, 4));
        ASSERT_EQ(target.transactions, 2u);
        target.revoke(0x0fff, 0x0fff);
        ASSERT_TRUE(initiator.memory.write(0, 0x1000, &value, 4));
        EXPECT_EQ(target.transactions, 2u) << "the other window is still good";
        ASSERT_TRUE(initiator.memory.write(0, 0x0000, &value, 4));
        EXPECT_EQ(target.transactions, 3u);
    });
}

TEST_F(HostMemoryAccess, AReadOnlyPointerIsNotWrittenThrough) {
    simulate([this] {
        target.writable = false;
        std::uint32_t value = 1;
        ASSERT_TRUE(initiator.memory.read(0, 0, &value, 4));
        ASSERT_TRUE(initiator.memory.read(0, 0, &value, 4));
        EXPECT_EQ(target.transactions, 1u);
        ASSERT_TRUE(initiator.memory.write(0, 0, &value, 4));
        ASSERT_TRUE(initiator.memory.write(0, 0, &value, 4));
        EXPECT_EQ(target.transactions, 3u);
    });
}

TEST_F(HostMemoryAccess, AnAccessAcrossTheEndOfAPointerIsATransaction) {
    simulate([this] {
        target.window = 0x100;
        std::vector<unsigned char> data(0x80, 0x5a);
        ASSERT_TRUE(initiator.memory.write(0, 0x080, data.data(), 0x80));  // grants 000h to 0ffh
        ASSERT_TRUE(initiator.memory.write(0, 0x080, data.data(), 0x80));
        EXPECT_EQ(target.transactions, 1u) << "the last byte of the window is inside";
        ASSERT_TRUE(initiator.memory.write(0, 0x0c0, data.data(), 0x80));
        EXPECT_EQ(target.transactions, 2u);
        EXPECT_EQ(target.bytes[0x13f], 0x5a);
    });
}

TEST_F(HostMemoryAccess, NothingIsAccessedWhileItIsNotEnabled) {
    simulate([this] {
        std::uint32_t value = 0xffff'ffff;
        ASSERT_TRUE(initiator.memory.write(0, 0x40, &value, 4));
        initiator.enabled = false;  // with a pointer in hand
        value = 0;
        EXPECT_FALSE(initiator.memory.write(0, 0x40, &value, 4));
        EXPECT_FALSE(initiator.memory.send_message(0x40, 0));
        EXPECT_EQ(target.bytes[0x40], 0xff);
        EXPECT_EQ(target.transactions, 1u);
    });
}

TEST_F(HostMemoryAccess, TheEndOfTheAddressSpaceIsNotWrappedAround) {
    simulate([this] {
        std::uint64_t value = 0;
        EXPECT_FALSE(initiator.memory.read(0, ~0ull - 3, &value, 8));
        EXPECT_FALSE(initiator.memory.write(0, ~0ull, &value, 8));
        EXPECT_EQ(target.transactions, 0u);
    });
}

/// Two processes read and write at random against a copy while pointers come, go and move.
TEST_F(HostMemoryAccess, DataStaysRightWhilePointersAreMovedUnderLoad) {
    std::vector<unsigned char> expected(MovingMemory::kBytes);
    bool stop = false;
    const auto worker = [&](unsigned seed, std::uint64_t base) {
        std::mt19937_64 random(seed);
        std::vector<unsigned char> data(6000);
        for (unsigned i = 0; i < 3000; ++i) {
            const std::uint64_t size = 1 + random() % data.size();
            const std::uint64_t at = base + random() % (MovingMemory::kBytes / 2 - size);
            if (random() % 2 == 0) {
                for (std::uint64_t k = 0; k < size; ++k)
                    data[k] = static_cast<unsigned char>(random());
                std::memcpy(&expected[at], data.data(), size);
                ASSERT_TRUE(initiator.memory.write(0, at, data.data(), size));
            } else {
                ASSERT_TRUE(initiator.memory.read(0, at, data.data(), size));
                ASSERT_EQ(std::memcmp(&expected[at], data.data(), size), 0) << i;
            }
            sc_core::wait(static_cast<double>(random() % 10), sc_core::SC_NS);
        }
    };
    in_parallel([&] {
        std::mt19937_64 random(99);
        while (!stop) {
            sc_core::wait(static_cast<double>(random() % 200), sc_core::SC_NS);
            target.block = sc_core::sc_time(static_cast<double>(random() % 3 * 20), sc_core::SC_NS);
            target.window = random() % 4 == 0 ? 0 : std::uint64_t{256} << random() % 9;
            target.writable = random() % 4 != 0;
            target.readable = random() % 4 != 0;
            if (random() % 2 == 0)
                target.move();
            else
                target.revoke(random() % MovingMemory::kBytes, MovingMemory::kBytes - 1);
        }
    });
    in_parallel([&] { worker(1, 0); });
    simulate([&] {
        worker(2, MovingMemory::kBytes / 2);
        sc_core::wait(1, sc_core::SC_MS);
        stop = true;
    });
    EXPECT_GT(target.grants, 100u);
    EXPECT_EQ(target.bytes, expected);
}

class HostMemoryWithoutDmi : public HostMemoryAccess {
protected:
    HostMemoryWithoutDmi() : HostMemoryAccess(false) {}
};

TEST_F(HostMemoryWithoutDmi, NoPointerIsAskedFor) {
    simulate([this] {
        std::uint32_t value = 1;
        for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(initiator.memory.write(0, 0, &value, 4));
        EXPECT_EQ(target.transactions, 5u);
        EXPECT_EQ(target.grants, 0u);
    });
}

}  // namespace
}  // namespace nvme::test
