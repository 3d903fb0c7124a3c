// SPDX-License-Identifier: Apache-2.0
// What becomes of the host's refusals on `dma`: NVMe status, a stopped queue, or CSTS.CFS.
#include <array>
#include <functional>

#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::Completion;
using platform::DriverError;
using spec::StatusCode;
using tlm::tlm_response_status;

constexpr std::array kErrors{tlm::TLM_INCOMPLETE_RESPONSE,    tlm::TLM_GENERIC_ERROR_RESPONSE,
                             tlm::TLM_ADDRESS_ERROR_RESPONSE, tlm::TLM_COMMAND_ERROR_RESPONSE,
                             tlm::TLM_BURST_ERROR_RESPONSE,   tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE};

class DmaErrors : public ProbedTest {
protected:
    /// From now on, accesses in that direction to [base, base + bytes) are answered with `status`.
    void fail(bool write, std::uint64_t base, std::uint64_t bytes, tlm_response_status status) {
        probe.hook = [=](const DmaAccess& a, sc_core::sc_time&) {
            return a.write == write && a.touches(base, bytes) ? status : tlm::TLM_OK_RESPONSE;
        };
    }
    void heal() { probe.hook = nullptr; }

    static void expect_transfer_error(const Completion& c) {
        EXPECT_EQ(c.error, DriverError::kNone);
        EXPECT_EQ(c.status, StatusCode::kDataTransferError);
        EXPECT_FALSE(c.do_not_retry) << "the host's memory may be back next time";
    }
    /// Everything that a driver needs still works.
    void expect_alive(unsigned seed, std::uint16_t qid = 0) {
        EXPECT_TRUE(verified_io(driver, seed, 64, 32, qid));
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
    }
    spec::AsyncErrorInfo wait_for_error_event(const platform::Ticket& event_request) {
        const Completion event = driver.wait(event_request);
        EXPECT_TRUE(event.ok()) << event;
        using Dw0 = spec::AsyncEventDw0;
        EXPECT_EQ(Dw0::from(event.dw0).get<Dw0::EventType>(), spec::AsyncEventType::kError)
            << event;
        return static_cast<spec::AsyncErrorInfo>(Dw0::from(event.dw0).get<Dw0::EventInfo>());
    }
};

TEST_F(DmaErrors, AnyErrorOnReadDataIsADataTransferError) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(16384);
        for (const auto status : kErrors) {
            fail(true, buffer.gpa + 8192, 4096, status);  // in the midst of the data
            expect_transfer_error(driver.read(1, 0, 32, buffer));
            heal();
            expect_alive(static_cast<unsigned>(status) + 10);
        }
    });
}

TEST_F(DmaErrors, AnyErrorOnWriteDataIsADataTransferErrorAndWritesNothing) {
    simulate([this] {
        bring_up();
        const auto before = make_pattern(driver, 16384, 1), after = make_pattern(driver, 16384, 2);
        const auto back = driver.allocate(16384);
        ASSERT_TRUE(driver.write(1, 0, 32, before).ok());
        for (const auto status : kErrors) {
            fail(false, after.gpa + 12288, 4096, status);
            expect_transfer_error(driver.write(1, 0, 32, after));
            heal();
            ASSERT_TRUE(driver.read(1, 0, 32, back).ok());
            EXPECT_EQ(std::memcmp(back.data, before.data, 16384), 0);
        }
    });
}

TEST_F(DmaErrors, AnyErrorOnComparedDataIsADataTransferError) {
    simulate([this] {
        bring_up();
        const auto data = make_pattern(driver, 4096, 1);
        ASSERT_TRUE(driver.write(1, 0, 8, data).ok());
        for (const auto status : kErrors) {
            fail(false, data.gpa, 4096, status);
            expect_transfer_error(driver.compare(1, 0, 8, data));
            heal();
            EXPECT_TRUE(driver.compare(1, 0, 8, data).ok());
        }
    });
}

TEST_F(DmaErrors, AnyErrorOnAPrpListIsADataTransferError) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(65536);
        // The first command tells where the driver keeps the list: of all that was read, it is the
        // one that is neither a submission queue entry nor data.
        const auto sq = driver.find_sq(1)->memory;
        ASSERT_NE(driver.block_bytes(1), 0u);  // asked now, so that no admin command comes later
        for (const auto status : kErrors) {
            bool failed = false;
            probe.hook = [&](const DmaAccess& a, sc_core::sc_time&) {
                const bool list =
                    !a.write && !a.touches(buffer.gpa, buffer.size) && !a.touches(sq.gpa, sq.size);
                failed = failed || list;
                return list ? status : tlm::TLM_OK_RESPONSE;
            };
            expect_transfer_error(driver.read(1, 0, 128, buffer));
            EXPECT_TRUE(failed);
            heal();
            expect_alive(static_cast<unsigned>(status) + 20);
        }
    });
}

TEST_F(DmaErrors, AnyErrorOnAdminDataIsADataTransferError) {
    simulate([this] {
        bring_up();
        const auto page = driver.allocate(4096);
        for (const auto status : kErrors) {
            fail(true, page.gpa, 4096, status);
            expect_transfer_error(driver.admin(commands::identify(spec::Cns::kController), page));
            heal();
            EXPECT_TRUE(driver.admin(commands::identify(spec::Cns::kController), page).ok());
        }
    });
}

TEST_F(DmaErrors, AnIoQueueWhoseEntriesCannotBeReadStopsAloneUntilItIsRecreated) {
    simulate([this] {
        bring_up(2);
        for (const auto status : kErrors) {
            const auto event =
                driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
            const auto sq = driver.find_sq(1)->memory;
            fail(false, sq.gpa, sq.size, status);
            const auto stuck = driver.submit(1, commands::flush(1));
            EXPECT_EQ(wait_for_error_event(event), spec::AsyncErrorInfo::kTransientInternalError);
            heal();
            EXPECT_FALSE(driver.done(stuck));
            expect_alive(static_cast<unsigned>(status) + 30, 2);
            EXPECT_FALSE(driver.done(stuck)) << "the queue stays stopped";
            // Reading the log unmasks the event for the next round.
            spec::ErrorLogEntry entry;
            ASSERT_TRUE(
                driver.get_log_page({spec::LogId::kErrorInformation, sizeof entry}, &entry).ok());
            EXPECT_EQ(entry.sqid, 1u);
            ASSERT_TRUE(driver.delete_queue_pair(1).ok());
            ASSERT_TRUE(driver.create_queue_pair({1, 64, 0, 0, 1}).ok());
            expect_alive(static_cast<unsigned>(status) + 40, 1);
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DmaErrors, AnIoQueueWhoseCompletionsCannotBeWrittenStopsAloneUntilItIsRecreated) {
    simulate([this] {
        bring_up(2);
        for (const auto status : kErrors) {
            const auto event =
                driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
            const auto cq = driver.find_cq(1)->memory;
            fail(true, cq.gpa, cq.size, status);
            const auto lost = driver.submit(1, commands::flush(1));
            EXPECT_EQ(wait_for_error_event(event), spec::AsyncErrorInfo::kTransientInternalError);
            heal();
            expect_alive(static_cast<unsigned>(status) + 50, 2);
            EXPECT_FALSE(driver.done(lost));
            spec::ErrorLogEntry entry;
            ASSERT_TRUE(
                driver.get_log_page({spec::LogId::kErrorInformation, sizeof entry}, &entry).ok());
            ASSERT_TRUE(driver.delete_queue_pair(1).ok());
            ASSERT_TRUE(driver.create_queue_pair({1, 64, 0, 0, 1}).ok());
            expect_alive(static_cast<unsigned>(status) + 60, 1);
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DmaErrors, AdminQueuesThatCannotBeReachedAreFatalUntilTheNextReset) {
    simulate([this] {
        for (const auto status : kErrors) {
            for (const bool completion : {false, true}) {
                bring_up();
                const auto memory =
                    completion ? driver.find_cq(0)->memory : driver.find_sq(0)->memory;
                fail(completion, memory.gpa, memory.size, status);
                (void)driver.submit(0, commands::identify(spec::Cns::kController));
                sc_core::wait(us(100));
                EXPECT_TRUE(driver.csts().get<spec::Csts::Cfs>());
                EXPECT_TRUE(driver.csts().get<spec::Csts::Rdy>());
                heal();
                ASSERT_EQ(driver.disable(), DriverError::kNone);
                EXPECT_EQ(driver.csts().raw, 0u);
            }
        }
        bring_up();
        expect_alive(3);
    });
}

TEST_F(DmaErrors, ARefusedMessageIsLostButTheCompletionIsThere) {
    simulate([this] {
        bring_up();
        for (const auto status : kErrors) {
            probe.hook = [=](const DmaAccess& a, sc_core::sc_time&) {
                return a.message() ? status : tlm::TLM_OK_RESPONSE;
            };
            const auto ticket = driver.submit(1, commands::flush(1));
            sc_core::wait(us(500));
            EXPECT_TRUE(driver.find_cq(1)->has_new());
            EXPECT_TRUE(driver.wait(ticket).ok());
            heal();
            expect_alive(static_cast<unsigned>(status) + 70);
        }
    });
}

TEST_F(DmaErrors, EveryTransactionIsWellFormedAndStaysInsideAPage) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(1 << 18);
        for (const std::uint64_t offset : {0u, 4u, 508u, 4092u}) {
            const platform::Transfer data{buffer.gpa + offset, 130 * 512};
            ASSERT_TRUE(driver.execute(1, commands::write(1, 7, 130), data).ok());
            ASSERT_TRUE(driver.execute(1, commands::read(1, 7, 130), data).ok());
        }
        unsigned messages = 0;
        for (const DmaAccess& a : probe.log) {
            EXPECT_TRUE(a.well_formed);
            EXPECT_TRUE(a.extended);
            EXPECT_LE(a.address % 4096 + a.length, 4096u);
            EXPECT_EQ(a.address >= 0xFEE0'0000, a.message());
            messages += a.message() ? 1 : 0;
        }
        EXPECT_GE(messages, 8u);
    });
}

class RequesterId : public ProbedTest {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.requester_id = 0x1a3c;
        return p;
    }
    RequesterId() : ProbedTest(params()) {}
};

TEST_F(RequesterId, IsCarriedByEveryTransaction) {
    simulate([this] {
        bring_up();
        EXPECT_TRUE(verified_io(driver, 1));
        for (const DmaAccess& a : probe.log) EXPECT_EQ(a.requester_id, 0x1a3c);
    });
    EXPECT_FALSE(probe.log.empty());
}

}  // namespace
}  // namespace nvme::test
