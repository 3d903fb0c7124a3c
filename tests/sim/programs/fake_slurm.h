// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "tests/sim/programs/program.h"

namespace nvme_vp::test {

/// nvme-vp with a PATH in which Slurm's commands are small scripts. squeue shows what is in the
/// queue, and runs it afterwards: whoever looks twice sees it gone. Files in the folder `cluster`
/// say what goes wrong:
///
///     hold     nothing that is in the queue is run
///     lost     points that vanish instead of being run: one line for each time
///     refuse   what sbatch says while it submits nothing
///     full     sbatch submits nothing while the queue is not empty
///     down     squeue fails so many times
///     noise    squeue says this, too
///     config   what scontrol says instead
///
/// and what was asked: `submissions`, `looks` and `cancelled` have a line for each time.
class FakeSlurmTest : public ProgramTest {
protected:
    FakeSlurmTest();

    /// Runs nvme-vp there, with `variables` in front.
    Outcome with_slurm(const std::vector<std::string>& arguments,
                       const std::string& variables = "");
    /// The same as words for a shell.
    [[nodiscard]] std::string command(const std::vector<std::string>& arguments) const;
    [[nodiscard]] std::vector<std::string> lines(const std::string& name) const;
};

}  // namespace nvme_vp::test
