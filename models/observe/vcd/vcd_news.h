// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/observe/device_events.h"
#include "models/observe/vcd/vcd_scope.h"
#include "models/observe/vcd/vcd_trigger.h"

namespace observe {

/// What happens now and then: interrupts, asynchronous events, findings, faults.
class VcdNews final : public VcdAlarm {
public:
    VcdNews(const VcdScope& scope, std::size_t vectors, const VcdTrigger& trigger);

    void record(const Interrupt& e);
    void record(const VectorChange& e);
    void record(const IntxChange& e);
    void record(const AsyncEvent& e);
    void record(const LintFinding& e);
    void record(const FaultInjected& e);

    /// The time of a finding has come.
    void due(std::uint64_t payload) override;

private:
    void show_id(VcdSignal signal, std::uint64_t packed);

    VcdWriter& writer_;
    const VcdTrigger trigger_;
    VcdSignal sent_, vector_, intx_;
    std::vector<VcdSignal> vectors_, masked_, pending_;
    VcdSignal async_, async_dw0_, async_type_;
    VcdSignal found_, rule_, lint_qid_, lint_cid_, findings_;
    VcdSignal acted_, fault_sqid_, fault_cid_, faults_;
};

}  // namespace observe
