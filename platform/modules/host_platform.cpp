// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/host_platform.h"

#include "models/util/report.h"

namespace platform {

namespace {

enum Output : unsigned { kRam, kInterrupts, kOutputs };

MemoryParams checked(MemoryParams params) {
    if (params.size > HostPlatform::kMaxRamBytes) {
        SC_REPORT_ERROR(util::report::kConfig, "host platform: more than 3 GiB of memory");
        params.size = HostPlatform::kMaxRamBytes;
    }
    return params;
}

}  // namespace

HostPlatform::HostPlatform(const sc_core::sc_module_name& name, const HostPlatformParams& params)
    : sc_module(name),
      memory("memory", checked(params.memory)),
      interconnect("interconnect", 1, kOutputs),
      interrupts("interrupts", params.interrupt_vectors, params.interrupt_window,
                 params.root_complex.endpoints),
      root_complex("root_complex", params.root_complex),
      cpu("cpu", params.root_complex.ecam_base),
      perst_n("perst_n"),
      intx("intx", root_complex.config.size()) {
    // High from the start: a line that rises in the first delta cycle would look like a reset.
    perst_n.init(root_complex.config.size(),
                 [](const char* line, std::size_t) { return new Line(line, true); });

    interconnect.map(0, memory.size(), kRam);
    interconnect.map(params.interrupt_window, InterruptController::kWindowBytes, kInterrupts);
    root_complex.memory.bind(interconnect.in[0]);
    interconnect.out[kRam].bind(memory.socket);
    interconnect.out[kInterrupts].bind(interrupts.socket);
    cpu.socket.bind(root_complex.cpu);
    for (std::size_t i = 0; i < intx.size(); ++i) interrupts.wires[i].bind(intx[i]);
}

HostPlatform::~HostPlatform() = default;

unsigned HostPlatform::take_slot() {
    if (slots_taken_ < root_complex.config.size()) return slots_taken_++;
    SC_REPORT_ERROR(util::report::kConfig, "host platform: no slot left for another endpoint");
    return 0;
}

}  // namespace platform
