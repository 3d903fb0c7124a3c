// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>

#include "models/nvme/spec/entries.h"
#include "tests/sim/platform/fake_endpoint.h"

namespace platform {

namespace spec = nvme::spec;

/// Just enough of a controller to be driven, and to misbehave on demand: what the driver does then
/// cannot be tested with a controller that is right. Two I/O queue pairs, four MSI-X vectors. Each
/// command succeeds; Identify gives a namespace of 512-byte blocks, Read returns its SLBA.
class FakeController : public FakeEndpoint {
public:
    explicit FakeController(const sc_core::sc_module_name& name);

    bool becomes_ready = true;
    bool fatal = false;   ///< CSTS.CFS as soon as enabled
    bool silent = false;  ///< fetches nothing
    bool loses_interrupts = false;
    bool completes_twice = false;
    std::uint16_t next_status = 0;  ///< status field of the next completion, phase bit aside
    sc_core::sc_time latency{1, sc_core::SC_US};  ///< of each command

    unsigned fetched = 0;
    unsigned head_doorbells = 0;
    spec::SubmissionEntry last{};

    /// To continue after silence.
    void wake() { doorbell_.notify(sc_core::SC_ZERO_TIME); }

private:
    NVME_HAS_PROCESS(FakeController);
    struct Cq {
        std::uint64_t base = 0;
        std::uint32_t depth = 0, tail = 0, head = 0, vector = 0;
        bool phase = true, interrupts = false;
    };
    struct Sq {
        std::uint64_t base = 0;
        std::uint32_t depth = 0, head = 0, tail = 0;
        std::uint16_t cqid = 0;
    };

    void after_config_write(std::uint64_t offset) override;
    void after_bar0_write(std::uint64_t offset) override;
    void configure();
    void reset();
    void serve();
    void execute(std::uint16_t sqid);
    [[nodiscard]] std::uint32_t carry_out(std::uint16_t sqid, const spec::SubmissionEntry& entry);
    void identify(const spec::SubmissionEntry& entry);
    void post(std::uint16_t sqid, std::uint16_t cid, std::uint32_t dw0, std::uint16_t status);
    void interrupt(const Cq& queue);
    void update_wire();

    std::array<Sq, 3> sqs_{};
    std::array<Cq, 3> cqs_{};
    bool wire_masked_ = false;
    sc_core::sc_event doorbell_{"doorbell"};
};

}  // namespace platform
