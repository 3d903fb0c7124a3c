// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/gates.h"

namespace nvme {
using spec::StatusCode;

namespace {

// Rights are those at the moment in which the command begins to be executed.
// [NVMe-Base-2.0 8.19 Reservations]
Outcome pass_reservation(const NvmContext& ctx, const IoCommand& cmd, Namespace& ns) {
    if (ns.reservations().allows(ctx.state.host, cmd.info->access)) return Done{};
    return CommandError{StatusCode::kReservationConflict,
                        "another host's reservation excludes the command", cmd.opcode()};
}

using Gate = Outcome (*)(const NvmContext&, const IoCommand&, Namespace&);
constexpr Gate kGates[] = {pass_reservation};

Outcome pass(const NvmContext& ctx, const IoCommand& cmd, Namespace& ns) {
    for (const Gate gate : kGates)
        if (const auto good = gate(ctx, cmd, ns); !good) return good;
    return Done{};
}

}  // namespace

Outcome pass_gates(const NvmContext& ctx, const IoCommand& cmd) {
    if (cmd.ns) return pass(ctx, cmd, *cmd.ns);
    Outcome all = Done{};
    ctx.state.subsystem.for_each([&](Namespace& ns) {
        if (all) all = pass(ctx, cmd, ns);
    });
    return all;
}

}  // namespace nvme
