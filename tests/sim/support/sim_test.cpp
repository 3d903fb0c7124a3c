// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/support/sim_test.h"

#include <stdexcept>
#include <utility>

namespace nvme::test {

namespace {

bool expect_refusal = false;

/// Complaints fail the test instead of leaving the simulation through sc_start.
void on_report(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    if (expect_refusal && report.get_severity() >= sc_core::SC_ERROR) throw report;
    if (actions != sc_core::SC_DO_NOTHING && report.get_severity() >= sc_core::SC_WARNING)
        ADD_FAILURE() << report.what();
    const auto keep = actions & ~(sc_core::SC_THROW | sc_core::SC_ABORT);
    sc_core::sc_report_handler::default_handler(report, keep);
}

}  // namespace

class SimTest::Script : public sc_core::sc_module {
public:
    Script(const sc_core::sc_module_name& name, std::function<void()> body, unsigned& running)
        : sc_module(name), body_(std::move(body)), running_(running) {
        SC_THREAD(run);
    }

private:
    NVME_HAS_PROCESS(Script);
    void run() {
        body_();
        if (--running_ == 0) sc_core::sc_stop();
    }

    std::function<void()> body_;
    unsigned& running_;
};

SimTest::SimTest() {
    static bool elaborated = false;
    if (elaborated)
        throw std::logic_error("second simulation test in one process: use ctest, --gtest_filter");
    elaborated = true;
    sc_core::sc_report_handler::set_handler(&on_report);
}

SimTest::~SimTest() = default;

void SimTest::in_parallel(std::function<void()> script) {
    const std::string name = "script_" + std::to_string(scripts_.size());
    scripts_.push_back(std::make_unique<Script>(name.c_str(), std::move(script), running_));
    ++running_;
}

void SimTest::simulate(std::function<void()> script, sc_core::sc_time limit) {
    in_parallel(std::move(script));
    sc_core::sc_start(limit);
    EXPECT_EQ(running_, 0u) << "scripts still running at " << sc_core::sc_time_stamp();
    // sc_stop() is what makes the kernel call end_of_simulation().
    if (sc_core::sc_get_status() != sc_core::SC_STOPPED) sc_core::sc_stop();
}

int SimTest::complaints(const char* id) {
    return sc_core::sc_report_handler::get_count(id);
}

std::string SimTest::refusal_of(const std::function<void()>& construct) {
    std::string text;
    expect_refusal = true;
    try {
        construct();
    } catch (const sc_core::sc_report& report) {
        text = report.what();
    }
    expect_refusal = false;
    return text;
}

}  // namespace nvme::test
