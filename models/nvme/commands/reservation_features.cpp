// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/feature_actions.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/reservations.h"

// Host Identifier and Reservation Persistence: features whose values are not the controller's own.
// [NVMe-Base-2.0 5.27.1 Feature Specific Information]
namespace nvme::admin {
using spec::StatusCode;

namespace {

constexpr std::size_t kShortId = 8, kLongId = 16;

bool extended(const AdminCommand& cmd) {
    using C = spec::HostIdentifierCdw11;
    return C::from(cmd.sqe.cdw11).get<C::Exhid>();
}

CommandError wrong_format(const char* reason, bool exhid) {
    using C = spec::HostIdentifierCdw11;
    return {StatusCode::kHostIdentifierInconsistentFormat, reason, exhid, true, C::at<C::Exhid>()};
}

}  // namespace

// The size of the identifier is one for the whole subsystem, and an identifier is set once: until
// the next Controller Level Reset makes it 0 again. What an anonymous host has registered remains
// that host's, not the named one's. [NVMe-Base-2.2 5.1.25.1.28 Host Identifier]
Result<Next> set_host_identifier(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&) {
    ControllerState& state = ctx.state;
    HostIdentity host;
    host.extended = extended(cmd);
    const auto moved = ctx.receive(cmd, host.id.data(), host.extended ? kLongId : kShortId);
    if (!moved) return moved.error();
    bool other_format = false;
    state.subsystem.for_each_port([&](const HostPort& port) {
        const HostIdentity& other = port.host();
        if (&other == &state.host || other.is_anonymous()) return;
        other_format = other_format || other.extended != host.extended;
    });
    if (other_format) return wrong_format("EXHID is not what is in use", host.extended);
    if (!state.host.is_anonymous())
        return CommandError{StatusCode::kCommandSequenceError,
                            "the Host Identifier is set already"};
    const auto zero = [](std::uint8_t byte) { return byte == 0; };
    if (!std::all_of(host.id.begin(), host.id.end(), zero)) state.host = host;
    return complete_at(moved);
}

// The host's buffer has the size that EXHID tells. An identifier of the other size is not cut or
// stretched to fit.
Result<Next> get_host_identifier(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&,
                                 spec::FeatureSelect select) {
    const bool current = select == spec::FeatureSelect::kCurrent;
    const HostIdentity& host = ctx.state.host;
    const bool exhid = extended(cmd);
    if (current && !host.is_anonymous() && host.extended != exhid)
        return wrong_format("EXHID is not that of the Host Identifier", exhid);
    const HostIdentity value = current ? host : HostIdentity{};
    return complete_at(ctx.send(cmd, value.id.data(), exhid ? kLongId : kShortId));
}

// The PTPL state belongs to the namespace, whichever controller sets it.
Result<Next> set_reservation_persistence(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&) {
    using C = spec::ReservationPersistenceCdw11;
    const bool on = C::from(cmd.sqe.cdw11).get<C::Ptpl>();
    if (const auto& ns = ctx.state.subsystem.find(cmd.sqe.nsid))
        ns->reservations().set_persistent(on);
    else
        ctx.state.subsystem.for_each(
            [on](Namespace& each) { each.reservations().set_persistent(on); });
    return complete_now(ctx);
}

Result<Next> get_reservation_persistence(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                                         spec::FeatureSelect select) {
    if (select != spec::FeatureSelect::kCurrent) return read_feature(ctx, cmd, f, select);
    cmd.dw0 = ctx.state.subsystem.find(cmd.sqe.nsid)->reservations().persistent() ? 1 : 0;
    return complete_now(ctx);
}

}  // namespace nvme::admin
