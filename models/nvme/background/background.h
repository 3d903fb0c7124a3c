// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>

#include "models/nvme/background/self_test.h"

namespace nvme {

/// All operations that a controller can have in the background.
class Background {
public:
    explicit Background(ControllerState& state) : self_test(state) {}

    SelfTest self_test;

    [[nodiscard]] util::TimePs step() {
        util::TimePs due = util::kNever;
        for (Operation* each : all()) due = std::min(due, each->step());
        return due;
    }
    void on_reset() {
        for (Operation* each : all()) each->on_reset();
    }
    void on_namespace_removed(std::uint32_t nsid) {
        for (Operation* each : all()) each->on_namespace_removed(nsid);
    }

private:
    [[nodiscard]] std::array<Operation*, 1> all() { return {&self_test}; }
};

}  // namespace nvme
