// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "models/util/sysc_compat.h"
#include "platform/modules/host_platform.h"

namespace bench {

/// The speed of light: a device and a host process that do, for one command, what no simulated
/// device can do without, and nothing else. Two wake-ups of the device (a command has come, its
/// media is done), one of the host, and the data copied once. What the model does on top of that is
/// the model's to save; so this is fixed, and copies nothing from it.
class Light : public sc_core::sc_module {
public:
    NVME_HAS_PROCESS(Light);
    struct Load {
        std::uint32_t bytes = 4096;
        bool random = true;  ///< from a random place of the media, else from the next
        bool write = false;  ///< to the media, else from it
    };

    /// Media of `media_bytes`: that they have to come from the host computer's memory is part of
    /// what no model can avoid.
    Light(const sc_core::sc_module_name& name, platform::Memory& memory, std::size_t media_bytes);

    /// Runs `commands`, each of which uses the next of `buffers` places in host memory. Called from
    /// an SC_THREAD.
    void run(const Load& load, std::uint64_t commands, unsigned buffers);

private:
    void device();
    void serve_one();

    platform::Memory& memory_;
    Load load_;
    std::vector<std::byte> media_;
    std::uint64_t random_ = 1;
    unsigned buffers_ = 1;
    std::uint64_t served_ = 0;
    sc_core::sc_event work_{"work"}, done_{"done"};
};

}  // namespace bench
