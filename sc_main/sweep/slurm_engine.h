// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "sc_main/sweep/slurm_commands.h"
#include "sc_main/sweep/slurm_tasks.h"
#include "sc_main/sweep/sweep_engine.h"

namespace nvme_vp {

/// Runs the points of a sweep as tasks of Slurm's array jobs; each task is `nvme-vp point`. What
/// has become of them it sees in squeue and in the directory, which all nodes must have. All its
/// jobs have a name that only this directory has, so that a sweep that goes on finds them again.
class SlurmEngine final : public SweepEngine {
public:
    /// At most `most` tasks run at a time; 0: as Slurm likes. Commands of Slurm that fail are tried
    /// again for `patience`.
    SlurmEngine(unsigned most, std::chrono::seconds patience) : most_(most), patience_(patience) {}

    void check(std::vector<std::string>& problems) override;
    [[nodiscard]] SweepEnd run(const std::vector<SweepWork>& all, const SweepDirectory& directory,
                               const Done& done) override;

private:
    using Clock = std::chrono::steady_clock;

    struct Failing {
        bool failing = false;
        Clock::time_point since{};
    };

    [[nodiscard]] bool prepare(const SweepDirectory& directory);
    [[nodiscard]] bool look(SlurmTasks& tasks, const SweepDirectory& directory);
    [[nodiscard]] bool submit(SlurmTasks& tasks, const SweepDirectory& directory,
                              std::chrono::milliseconds& pause);
    [[nodiscard]] CommandAnswer submit_array(const SlurmArray& array,
                                             const SweepDirectory& directory) const;
    [[nodiscard]] CommandAnswer ask_queue() const;
    [[nodiscard]] bool bear(Failing& failing, const CommandAnswer& answer, Clock::time_point asked);
    void cancel();

    const unsigned most_;
    const std::chrono::seconds patience_;
    std::size_t array_size_ = 0;
    std::string name_;            // of the jobs, before the dot
    std::set<std::string> jobs_;  // seen in the queue, or submitted
    bool accepted_ = false;       // something of ours has been in the queue
    Failing queue_, submission_;
};

}  // namespace nvme_vp
