// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstdint>

#include "models/pcie/config_space.h"

namespace pcie::test {

inline FunctionParams example_function() {
    FunctionParams params;
    params.vendor_id = 0x1b36;
    params.device_id = 0x0010;
    params.subsystem_vendor_id = 0x1af4;
    params.subsystem_id = 0x1100;
    params.revision_id = 0x02;
    params.class_code = 0x01'08'02;
    params.bar0_size = 0x1'0000;
    params.bar4_size = 0x4000;
    params.msix_vectors = 65;
    params.msix_table_offset = 0;
    params.msix_pba_offset = 0x1000;
    params.intx_pin = true;
    params.link_gen = 4;
    params.link_lanes = 4;
    params.device_serial_number = 0x0011'22ff'fe33'4455;
    return params;
}

struct CountedEvents final : ConfigEvents {
    void on_function_level_reset() override { ++function_level_resets; }
    void on_config_changed() override { ++changes; }
    unsigned function_level_resets = 0;
    unsigned changes = 0;
};

class ConfigTest : public testing::Test {
protected:
    /// Offset of a capability, found as an operating system finds it; 0 when there is none.
    std::uint16_t find(unsigned id) const {
        auto at = static_cast<std::uint16_t>(config.read(0x34, 1));
        for (int steps = 0; at != 0 && steps < 48; ++steps) {
            if (config.read(at, 1) == id) return at;
            at = static_cast<std::uint16_t>(config.read(at + 1u, 1));
        }
        return 0;
    }

    CountedEvents events;
    ConfigSpace config{example_function(), events};
};

}  // namespace pcie::test
