// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_engine.h"

#include <algorithm>

#include "sc_main/sweep/child_pool.h"
#include "sc_main/sweep/slurm_engine.h"
#include "sc_main/sweep/sweep_processes.h"

namespace nvme_vp {

namespace {

using platform::Engine;
using platform::RunOptions;

/// Processes of this machine.
class LocalEngine final : public SweepEngine {
public:
    explicit LocalEngine(unsigned most) : most_(most) {}
    void check(std::vector<std::string>&) override {}
    [[nodiscard]] SweepEnd run(const std::vector<SweepWork>& all, const SweepDirectory&,
                               const Done& done) override {
        return run_processes(all, most_, done) ? SweepEnd::kAll : SweepEnd::kStopped;
    }

private:
    const unsigned most_;
};

std::unique_ptr<SweepEngine> make_local(const RunOptions& options) {
    return std::make_unique<LocalEngine>(children_at_a_time(options.parallel));
}

std::unique_ptr<SweepEngine> make_slurm(const RunOptions& options) {
    return std::make_unique<SlurmEngine>(options.parallel,
                                         std::chrono::seconds(options.slurm_patience_s));
}

constexpr struct {
    Engine engine;
    std::unique_ptr<SweepEngine> (*make)(const RunOptions&);
} kEngines[] = {
    {Engine::kLocal, &make_local},
    {Engine::kSlurm, &make_slurm},
};

}  // namespace

std::unique_ptr<SweepEngine> make_engine(const RunOptions& options) {
    const auto* row = std::find_if(std::begin(kEngines), std::end(kEngines),
                                   [&](const auto& r) { return r.engine == options.engine; });
    return row->make(options);
}

}  // namespace nvme_vp
