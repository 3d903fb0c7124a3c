// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <utility>
#include <vector>

#include "models/faults/injector.h"
#include "tests/support/core_harness.h"

namespace nvme::test {

/// A fault plan on a controller without SystemC. There is no MSI-X table and no link: messages are
/// noted in the harness, a link that goes down resets the controller.
class FaultBoard final : private FaultTarget {
public:
    explicit FaultBoard(CoreHarness& harness, const std::vector<faults::Rule>& rules = {})
        : plan(rules), h_(harness) {
        plan.attach(*this);
        h_.controller->set_faults(&plan);
        h_.controller->wake_all();
    }
    ~FaultBoard() override { h_.controller->set_faults(nullptr); }
    FaultBoard(const FaultBoard&) = delete;
    FaultBoard& operator=(const FaultBoard&) = delete;

    faults::Injector plan;
    std::vector<observe::FaultInjected> faults;
    bool keeps_record = true;

private:
    [[nodiscard]] util::TimePs fault_time() const override { return h_.clock.now(); }
    // A step tells when it wants to run again: one now is enough for any later time.
    void wake_for_faults(util::TimePs) override { h_.controller->wake_all(); }
    void send_interrupt(std::uint16_t vector) override { h_.interrupts.push_back(vector); }
    void fail() override { h_.controller->fail(); }
    void set_link(bool up) override {
        if (!up) h_.controller->reset(ResetKind::kConventional);
    }
    void retrain_link(pcie::LinkSpeed speed, util::TimePs duration) override {
        (void)h_.controller->retrain_link(speed, duration);
    }
    void set_power(bool on) override { h_.subsystem.set_power(on); }
    void raise_event(spec::AsyncEventType type, std::uint8_t info, spec::LogId log) override {
        h_.controller->raise_event(type, info, log);
    }
    void announce_namespace(std::uint32_t nsid) override {
        h_.controller->announce_namespace(nsid);
    }
    void change_health(const HealthChange& change) override {
        (void)h_.subsystem.set_health(changed(h_.subsystem.stated_health(), change));
    }
    void record_fault(const observe::FaultInjected& event) override {
        if (keeps_record) faults.push_back(event);
    }

    CoreHarness& h_;
};

}  // namespace nvme::test
