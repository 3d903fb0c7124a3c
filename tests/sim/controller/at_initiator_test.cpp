// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "models/nvme/module/nvme_controller.h"
#include "models/nvme/spec/registers.h"
#include "platform/modules/memory.h"
#include "platform/modules/payload.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {
namespace {

/// An approximately timed initiator of the base protocol: one request at a time, all four phases.
class AtInitiator : public sc_core::sc_module, private tlm::tlm_mm_interface {
public:
    explicit AtInitiator(const sc_core::sc_module_name& name) : sc_module(name) {
        socket.register_nb_transport_bw(this, &AtInitiator::nb_transport_bw);
    }
    tlm_utils::simple_initiator_socket<AtInitiator> socket{"socket"};

    tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t address, void* data,
                                    unsigned length) {
        auto* tx = new tlm::tlm_generic_payload(this);
        tx->acquire();
        platform::prepare(*tx, command, address, data, length);
        done_ = false;
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        const auto sync = socket->nb_transport_fw(*tx, phase, delay);
        if (sync == tlm::TLM_COMPLETED) done_ = true;
        if (sync == tlm::TLM_UPDATED && phase == tlm::BEGIN_RESP) respond(*tx);
        while (!done_) sc_core::wait(changed_);
        const auto status = tx->get_response_status();
        sc_core::wait(sc_core::SC_ZERO_TIME);  // the target may still hold its reference
        tx->release();
        return status;
    }

private:
    tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase& phase,
                                       sc_core::sc_time&) {
        if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
        phase = tlm::END_RESP;
        done_ = true;
        changed_.notify(sc_core::SC_ZERO_TIME);
        return tlm::TLM_COMPLETED;
    }
    void respond(tlm::tlm_generic_payload& tx) {
        tlm::tlm_phase phase = tlm::END_RESP;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        socket->nb_transport_fw(tx, phase, delay);
        done_ = true;
    }
    void free(tlm::tlm_generic_payload* tx) override { delete tx; }

    sc_core::sc_event changed_{"changed"};
    bool done_ = false;
};

class AtHost : public SimTest {
protected:
    AtHost() {
        bar0.socket.bind(controller.bar0);
        bar4.socket.bind(controller.bar4);
        config.socket.bind(controller.config);
        controller.dma.bind(memory.socket);
    }
    NvmeController controller{"nvme0"};
    AtInitiator bar0{"bar0"}, bar4{"bar4"}, config{"config"};
    platform::Memory memory{"memory", {}};
};

TEST_F(AtHost, NonBlockingTransportReachesAllThreeTargets) {
    simulate([this] {
        std::uint16_t command = 6;
        EXPECT_EQ(config.access(tlm::TLM_WRITE_COMMAND, 4, &command, 2), tlm::TLM_OK_RESPONSE);
        std::uint32_t vs = 0;
        EXPECT_EQ(bar0.access(tlm::TLM_READ_COMMAND, spec::offset::kVs, &vs, 4),
                  tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(vs, 0x0002'0000u);
        std::uint32_t data = 0xcafe, back = 0;
        EXPECT_EQ(bar4.access(tlm::TLM_WRITE_COMMAND, 8, &data, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(bar4.access(tlm::TLM_READ_COMMAND, 8, &back, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(back, data);
        EXPECT_EQ(bar0.access(tlm::TLM_READ_COMMAND, 2, &vs, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    });
}

TEST_F(AtHost, NonBlockingTransportEnablesTheController) {
    simulate([this] {
        std::uint16_t command = 6;
        ASSERT_EQ(config.access(tlm::TLM_WRITE_COMMAND, 4, &command, 2), tlm::TLM_OK_RESPONSE);
        std::uint32_t cc = 0x0046'0001, csts = 0;
        ASSERT_EQ(bar0.access(tlm::TLM_WRITE_COMMAND, spec::offset::kCc, &cc, 4),
                  tlm::TLM_OK_RESPONSE);
        sc_core::wait(2, sc_core::SC_MS);
        ASSERT_EQ(bar0.access(tlm::TLM_READ_COMMAND, spec::offset::kCsts, &csts, 4),
                  tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(csts, 1u);
    });
}

}  // namespace
}  // namespace nvme::test
