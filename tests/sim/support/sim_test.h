// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/util/report.h"

namespace nvme::test {

/// Base of simulation tests. It turns the ways in which a SystemC test can lie into failures: a
/// second elaboration in one process, a report of WARNING or above, a script that never returns
/// (a lost event), and an end_of_simulation() that never runs.
class SimTest : public ::testing::Test {
protected:
    SimTest();
    ~SimTest() override;

    /// Adds a script that runs in an SC_THREAD beside that of simulate(). Before simulate() only.
    /// simulate() fails if it has not returned when the simulation ends.
    void in_parallel(std::function<void()> script);

    /// Runs `script` as the host in an SC_THREAD and ends the simulation when it and those of
    /// in_parallel() have returned. Fails if that has not happened after `limit` of simulated
    /// time. Once a test.
    void simulate(std::function<void()> script,
                  sc_core::sc_time limit = sc_core::sc_time(10, sc_core::SC_SEC));

    /// How many reports went out under `id` (see models/util/report.h).
    [[nodiscard]] static int complaints(const char* id);

    /// Runs `construct`, which is expected to be refused; returns the text of the SC_ERROR or
    /// SC_FATAL, or "" if none came.
    [[nodiscard]] static std::string refusal_of(const std::function<void()>& construct);

private:
    class Script;
    std::vector<std::unique_ptr<Script>> scripts_;
    unsigned running_ = 0;
};

}  // namespace nvme::test
