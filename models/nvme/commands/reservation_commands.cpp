// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/reservations.h"

// Reservation Register, Report, Acquire and Release: they come in here, the rules are those of
// Reservations, and what they change for other hosts goes out to those hosts' controllers.
// [NVMe-Base-2.0 7.2 to 7.5]
namespace nvme::nvm {
using spec::StatusCode;
using util::kNever;
using util::TimePs;
using Type = spec::ReservationType;

namespace {

CommandError invalid(const char* reason, std::uint32_t cdw10, spec::Location where) {
    return {StatusCode::kInvalidField, reason, cdw10, true, where};
}

bool is_type(Type type) {
    return type >= Type::kWriteExclusive && type <= Type::kExclusiveAccessAllRegistrants;
}

/// The command's data structure, which is too small for a PRP list. It may take its time; what the
/// command does happens after it, and at once.
template <typename Data>
Result<TimePs> receive(NvmContext& ctx, IoCommand& cmd, Data& data) {
    cmd.bytes = sizeof data;
    const auto mapped = map_data(ctx, cmd, 0);
    if (!mapped) return mapped.error();
    return read_extents(ctx.dma, ctx.now(), cmd.extents, reinterpret_cast<std::byte*>(&data));
}

/// Tells the other hosts.
Outcome tell(NvmContext& ctx, IoCommand& cmd, const Result<Reservations::Changes>& done) {
    if (!done) return done.error();
    ctx.state.subsystem.notify(cmd.ns->nsid(), (*done).notices);
    return Done{};
}

/// The same, and the command has done all.
Result<Next> finish(NvmContext& ctx, IoCommand& cmd, const Result<Reservations::Changes>& done,
                    TimePs at) {
    if (const auto told = tell(ctx, cmd, done); !told) return told.error();
    return Next::done(at);
}

Result<Next> enroll(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReservationRegisterCdw10;
    using Action = spec::ReservationRegisterAction;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const auto action = cdw10.get<C::Rrega>();
    const auto cptpl = cdw10.get<C::Cptpl>();
    if (action > Action::kReplace)
        return invalid("RREGA is reserved", cdw10.raw, C::at<C::Rrega>());
    if (cptpl == spec::ChangePtpl::kReserved)
        return invalid("CPTPL is reserved", cdw10.raw, C::at<C::Cptpl>());
    spec::ReservationRegisterData data{};
    const auto arrived = receive(ctx, cmd, data);
    if (!arrived) return arrived.error();

    Reservations& r = cmd.ns->reservations();
    const HostIdentity& host = ctx.state.host;
    std::optional<std::uint64_t> crkey = data.crkey;
    if (cdw10.get<C::Iekey>()) crkey.reset();
    const auto done = action == Action::kRegister     ? r.enroll(host, data.nrkey)
                      : action == Action::kUnregister ? r.unregister(host, crkey)
                                                      : r.replace(host, crkey, data.nrkey);
    if (done && cptpl != spec::ChangePtpl::kNoChange)
        r.set_persistent(cptpl == spec::ChangePtpl::kSet);
    return finish(ctx, cmd, done, *arrived);
}

// Preempt and Abort completes when no command of a preempted host can touch the namespace any more:
// those in its queues' workers have ended by then, and those that are fetched later begin without
// the registration.
enum AcquireStep : std::uint8_t { kAcquire, kWaitForAborts };

Result<Next> acquire(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReservationAcquireCdw10;
    using Action = spec::ReservationAcquireAction;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const auto action = cdw10.get<C::Racqa>();
    const Type type = cdw10.get<C::Rtype>();
    if (action > Action::kPreemptAndAbort)
        return invalid("RACQA is reserved", cdw10.raw, C::at<C::Racqa>());
    if (cdw10.get<C::Iekey>()) return invalid("IEKEY is set", cdw10.raw, C::at<C::Iekey>());
    if (!is_type(type)) return invalid("RTYPE is reserved", cdw10.raw, C::at<C::Rtype>());
    spec::ReservationAcquireData data{};
    const auto arrived = receive(ctx, cmd, data);
    if (!arrived) return arrived.error();

    Reservations& r = cmd.ns->reservations();
    const HostIdentity& host = ctx.state.host;
    const auto done = action == Action::kAcquire ? r.acquire(host, data.crkey, type)
                                                 : r.preempt(host, data.crkey, data.prkey, type);
    if (done && action == Action::kPreemptAndAbort)
        for (const HostIdentity& victim : (*done).preempted)
            ctx.state.subsystem.for_each_port([&](HostPort& port) {
                if (port.host() == victim) port.abort_commands(*cmd.ns);
            });
    if (const auto told = tell(ctx, cmd, done); !told) return told.error();
    return Next::to(kWaitForAborts, *arrived);
}

Result<Next> wait_for_aborts(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReservationAcquireCdw10;
    const bool aborts =
        C::from(cmd.sqe.cdw10).get<C::Racqa>() == spec::ReservationAcquireAction::kPreemptAndAbort;
    if (aborts && cmd.ns->aborting()) return Next::to(kWaitForAborts, kNever);
    return Next::done(ctx.now());
}

Result<Next> release(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReservationReleaseCdw10;
    using Action = spec::ReservationReleaseAction;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const auto action = cdw10.get<C::Rrela>();
    if (action > Action::kClear) return invalid("RRELA is reserved", cdw10.raw, C::at<C::Rrela>());
    if (cdw10.get<C::Iekey>()) return invalid("IEKEY is set", cdw10.raw, C::at<C::Iekey>());
    // Clear has no use for a type.
    if (action == Action::kRelease && !is_type(cdw10.get<C::Rtype>()))
        return invalid("RTYPE is reserved", cdw10.raw, C::at<C::Rtype>());
    spec::ReservationReleaseData data{};
    const auto arrived = receive(ctx, cmd, data);
    if (!arrived) return arrived.error();

    Reservations& r = cmd.ns->reservations();
    const HostIdentity& host = ctx.state.host;
    const auto done = action == Action::kRelease
                          ? r.release(host, data.crkey, cdw10.get<C::Rtype>())
                          : r.clear(host, data.crkey);
    return finish(ctx, cmd, done, *arrived);
}

/// A structure for each controller of each registrant, and for a registrant without controller one
/// that says so: its reservation counts all the same.
template <typename Entry>
void append_registrants(const NvmContext& ctx, const Reservations& r, std::vector<Entry>& out) {
    for (const Reservations::Registrant& registrant : r.registrants()) {
        const HostIdentity& host = registrant.host;
        Entry entry{};
        entry.cntlid = spec::kNoController;
        entry.rcsts = spec::Rcsts{}.with<spec::Rcsts::Holder>(r.holds(host)).raw;
        std::memcpy(&entry.hostid, host.id.data(), sizeof entry.hostid);
        entry.rkey = registrant.key;
        const std::size_t before = out.size();
        ctx.state.subsystem.for_each_port([&](const HostPort& port) {
            if (port.host() != host) return;
            entry.cntlid = port.controller_id();
            out.push_back(entry);
        });
        if (out.size() == before) out.push_back(entry);
    }
}

/// The first `room` bytes of the report.
template <typename Header, typename Entry>
std::vector<std::byte> report(const NvmContext& ctx, const Reservations& r, std::size_t room) {
    std::vector<Entry> entries;
    append_registrants(ctx, r, entries);
    spec::ReservationStatus status{};
    status.gen = r.generation();
    status.rtype = r.type();
    status.regctl[0] = static_cast<std::uint8_t>(entries.size());
    status.regctl[1] = static_cast<std::uint8_t>(entries.size() >> 8);
    status.ptpls = r.persistent() ? 1 : 0;
    std::vector<std::byte> data(sizeof(Header) + entries.size() * sizeof(Entry));
    std::memcpy(data.data(), &status, sizeof status);
    // One by one: GCC 12 takes the size of all of them for a possible overflow when it optimises.
    std::byte* place = data.data() + sizeof(Header);
    for (const Entry& entry : entries) {
        std::memcpy(place, &entry, sizeof entry);
        place += sizeof entry;
    }
    data.resize(std::min(data.size(), room));
    return data;
}

// [NVMe-Base-2.0 7.5 Reservation Report command]: of a longer buffer the rest is left alone.
Result<Next> report_status(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::ReservationReportCdw11;
    using C10 = spec::ReservationReportCdw10;
    const bool eds = C::from(cmd.sqe.cdw11).get<C::Eds>();
    const HostIdentity& host = ctx.state.host;
    if (!host.is_anonymous() && host.extended != eds)
        return CommandError{StatusCode::kHostIdentifierInconsistentFormat,
                            "EDS does not fit the Host Identifier", eds, true, C::at<C::Eds>()};
    const std::uint64_t length = (std::uint64_t{C10::from(cmd.sqe.cdw10).get<C10::Numd>()} + 1) * 4;
    if (length > ctx.state.max_transfer())
        return CommandError{StatusCode::kInvalidField, "NUMD exceeds MDTS", length, true,
                            C10::at<C10::Numd>()};

    const Reservations& r = cmd.ns->reservations();
    const auto room = static_cast<std::size_t>(length);
    const auto data =
        eds ? report<spec::ReservationStatusExtended, spec::RegisteredControllerExtended>(ctx, r,
                                                                                          room)
            : report<spec::ReservationStatus, spec::RegisteredController>(ctx, r, room);
    cmd.bytes = data.size();
    const auto mapped = map_data(ctx, cmd, 0);
    if (!mapped) return mapped.error();
    TimePs done = (*mapped).at;
    const std::byte* from = data.data();
    for (const Extent& e : cmd.extents) {
        if (!e.discard) {
            const DmaResult moved = ctx.dma.write((*mapped).at, e.gpa, from, e.len);
            if (!moved) return unreachable(cmd.extents, e);
            done = std::max(done, moved.done);
        }
        from += e.len;
    }
    return Next::sent(done);
}

constexpr auto kOncs = spec::Oncs{}.with<spec::Oncs::Reservations>(true);

}  // namespace

const NvmCommandInfo kReservationRegister{
    kReads, false, Access::kReservation, kOncs.raw, {{{"reservation.register", enroll}}}};
const NvmCommandInfo kReservationReport{
    kReads, false, Access::kReservation, kOncs.raw, {{{"reservation.report", report_status}}}};
const NvmCommandInfo kReservationAcquire{
    kReads,
    false,
    Access::kReservation,
    kOncs.raw,
    {{{"reservation.acquire", acquire}, {"reservation.wait", wait_for_aborts}}}};
const NvmCommandInfo kReservationRelease{
    kReads, false, Access::kReservation, kOncs.raw, {{{"reservation.release", release}}}};

}  // namespace nvme::nvm
