// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_processes.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "sc_main/sweep/child_pool.h"

namespace nvme_vp {

namespace {

void remove(const std::string& path) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}

}  // namespace

bool run_processes(const std::vector<SweepWork>& all, unsigned most,
                   const std::function<void(std::size_t)>& done) {
    std::size_t count = 0;
    return run_children(
        all.size(), most,
        [&](std::size_t number, unsigned) {
            return ChildWork{all[number].words, all[number].log};
        },
        [&](std::size_t number, int code) {
            remove(code == 0 || code == kKilled ? all[number].log : all[number].report);
            if (code != kKilled) done(++count);
        });
}

}  // namespace nvme_vp
