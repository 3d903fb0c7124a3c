// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

#include "models/observe/trace.h"
#include "models/observe/vcd_file.h"

namespace observe {

struct VcdOptions {
    std::string scope = "nvme0";  ///< the controller's signals are in; see VcdFile::take_scope()
    std::uint16_t io_queues = 4;  ///< I/O queue pairs 1 to this are shown, and their vectors
};

/// Turns the events of one controller into waveforms; docs/traces.md lists every signal. Instants
/// are shown as VCD events. Of several events of one kind at the same time the last one's values
/// are shown.
///
/// An event is shown when it is recorded: all times are exact, but for a doorbell that a fault plan
/// delays, which is shown when it arrives.
///
/// To be constructed before the simulation starts; one file may serve several controllers. The
/// signals live in this object: its destructor closes the file.
class VcdTrace : public sc_core::sc_module, public TraceSink {
public:
    /// Throws std::runtime_error when the file cannot have the scope.
    VcdTrace(const sc_core::sc_module_name& name, VcdFile& file, const VcdOptions& options = {});
    ~VcdTrace() override;

    void record(const Doorbell& e) override;
    void record(const QueueChange& e) override;
    void record(const CommandFetched& e) override;
    void record(const CommandCompleted& e) override;
    void record(const Interrupt& e) override;
    void record(const StateChange& e) override;
    void record(const AsyncEvent& e) override;
    void record(const QueueLevels& e) override;
    void record(const PowerTransition& e) override;
    void record(const HealthLevels& e) override;

private:
    struct QueuePair {
        explicit QueuePair(const std::string& name);
        sc_core::sc_event sq_doorbell, cq_doorbell;
        std::uint16_t sq_head = 0, sq_tail = 0;
        std::uint16_t cq_head = 0, cq_tail = 0;
        std::uint16_t in_flight = 0;
    };
    struct Command {
        explicit Command(const char* name) : strobe(name) {}
        sc_core::sc_event strobe;
        std::uint16_t sqid = 0, cid = 0, status = 0;
        std::uint8_t opcode = 0;
    };

    void trace_state(sc_core::sc_trace_file* file, const std::string& scope);
    void trace_condition(sc_core::sc_trace_file* file, const std::string& scope);
    void trace_commands(sc_core::sc_trace_file* file, const std::string& scope);
    void trace_queues(sc_core::sc_trace_file* file, const std::string& scope);
    void trace_interrupts(sc_core::sc_trace_file* file, const std::string& scope);
    [[nodiscard]] QueuePair* find(std::uint16_t qid) const;

    VcdFile& file_;
    std::vector<std::unique_ptr<QueuePair>> queues_;  // index QID, 0 is the admin queue
    std::vector<std::unique_ptr<sc_core::sc_event>> vectors_;
    sc_core::sc_event rejected_{"doorbell_rejected"};
    sc_core::sc_event sent_{"msix_sent"};
    sc_core::sc_event async_{"async_event"};
    Command fetched_{"fetched"}, completed_{"completed"};
    std::uint16_t vector_ = 0;
    std::uint32_t async_dw0_ = 0;
    bool en_ = false, rdy_ = false, cfs_ = false, nssro_ = false;
    std::uint8_t shn_ = 0, shst_ = 0;
    std::uint8_t power_state_ = 0, critical_warning_ = 0, available_spare_ = 0;
    std::uint16_t kelvin_ = 0;
};

}  // namespace observe
