// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "platform/driver/host_driver.h"

namespace platform {

namespace {

using spec::ReservationAcquireAction;
using spec::ReservationRegisterAction;
using spec::ReservationReleaseAction;

std::uint32_t exhid(bool extended) {
    return spec::HostIdentifierCdw11{}.with<spec::HostIdentifierCdw11::Exhid>(extended).raw;
}
std::uint64_t id_bytes(bool extended) {
    return extended ? 16 : 8;
}

template <typename Entry>
ReservationReport::Controller controller_of(const std::byte* from) {
    Entry entry;
    std::memcpy(&entry, from, sizeof entry);
    ReservationReport::Controller c;
    c.cntlid = entry.cntlid;
    c.holder = spec::Rcsts::from(entry.rcsts).template get<spec::Rcsts::Holder>();
    std::memcpy(c.host.data(), &entry.hostid, sizeof entry.hostid);
    c.key = entry.rkey;
    return c;
}

/// How many structures the report announces; it may hold fewer.
std::size_t decode(const std::byte* data, std::uint64_t bytes, bool extended,
                   ReservationReport& out) {
    spec::ReservationStatus status;
    std::memcpy(&status, data, sizeof status);
    const std::size_t announced = status.regctl[0] | std::size_t{status.regctl[1]} << 8;
    out = {};
    out.generation = status.gen;
    out.type = status.rtype;
    out.persists = status.ptpls != 0;
    const std::size_t head =
        extended ? sizeof(spec::ReservationStatusExtended) : sizeof(spec::ReservationStatus);
    const std::size_t size =
        extended ? sizeof(spec::RegisteredControllerExtended) : sizeof(spec::RegisteredController);
    for (std::size_t i = 0; i < announced && head + (i + 1) * size <= bytes; ++i) {
        const std::byte* from = data + head + i * size;
        out.controllers.push_back(extended ? controller_of<spec::RegisteredControllerExtended>(from)
                                           : controller_of<spec::RegisteredController>(from));
    }
    return announced;
}

}  // namespace

Completion HostDriver::set_host_identifier(const HostId& id, bool extended) {
    return admin_write(commands::set_features(spec::FeatureId::kHostIdentifier, exhid(extended)),
                       id.data(), id_bytes(extended));
}

Completion HostDriver::get_host_identifier(HostId& out, bool extended) {
    out = {};
    return admin_read(commands::get_features(spec::FeatureId::kHostIdentifier,
                                             spec::FeatureSelect::kCurrent, exhid(extended)),
                      out.data(), id_bytes(extended));
}

Completion HostDriver::reservation_command(const spec::SubmissionEntry& entry, const void* data,
                                           std::uint64_t bytes, std::uint16_t qid) {
    if (qid == 0) qid = first_io_queue();
    if (qid == 0) return Completion::failed(DriverError::kNoSuchQueue);
    const DmaBuffer buffer = allocator_.allocate(bytes);
    if (!buffer) return Completion::failed(DriverError::kNoResources);
    std::memcpy(buffer.data, data, bytes);
    const Completion completion = execute(qid, entry, {buffer.gpa, bytes});
    if (completion.error != DriverError::kTimedOut) allocator_.release(buffer);
    return completion;
}

Completion HostDriver::reservation_register(std::uint32_t nsid, std::uint64_t key,
                                            spec::ChangePtpl ptpl, std::uint16_t qid) {
    const spec::ReservationRegisterData data{0, key};
    return reservation_command(
        commands::reservation_register(nsid, ReservationRegisterAction::kRegister, false, ptpl),
        &data, sizeof data, qid);
}

Completion HostDriver::reservation_unregister(std::uint32_t nsid, std::uint64_t key,
                                              std::uint16_t qid) {
    const spec::ReservationRegisterData data{key, 0};
    return reservation_command(
        commands::reservation_register(nsid, ReservationRegisterAction::kUnregister), &data,
        sizeof data, qid);
}

Completion HostDriver::reservation_replace(std::uint32_t nsid, std::uint64_t key,
                                           std::uint64_t new_key, std::uint16_t qid) {
    const spec::ReservationRegisterData data{key, new_key};
    return reservation_command(
        commands::reservation_register(nsid, ReservationRegisterAction::kReplace), &data,
        sizeof data, qid);
}

Completion HostDriver::reservation_acquire(std::uint32_t nsid, spec::ReservationType type,
                                           std::uint64_t key, std::uint16_t qid) {
    const spec::ReservationAcquireData data{key, 0};
    return reservation_command(
        commands::reservation_acquire(nsid, ReservationAcquireAction::kAcquire, type), &data,
        sizeof data, qid);
}

Completion HostDriver::reservation_preempt(std::uint32_t nsid, spec::ReservationType type,
                                           std::uint64_t key, std::uint64_t victim_key, bool abort,
                                           std::uint16_t qid) {
    const spec::ReservationAcquireData data{key, victim_key};
    const auto action =
        abort ? ReservationAcquireAction::kPreemptAndAbort : ReservationAcquireAction::kPreempt;
    return reservation_command(commands::reservation_acquire(nsid, action, type), &data,
                               sizeof data, qid);
}

Completion HostDriver::reservation_release(std::uint32_t nsid, spec::ReservationType type,
                                           std::uint64_t key, std::uint16_t qid) {
    const spec::ReservationReleaseData data{key};
    return reservation_command(
        commands::reservation_release(nsid, ReservationReleaseAction::kRelease, type), &data,
        sizeof data, qid);
}

Completion HostDriver::reservation_clear(std::uint32_t nsid, std::uint64_t key, std::uint16_t qid) {
    const spec::ReservationReleaseData data{key};
    return reservation_command(
        commands::reservation_release(nsid, ReservationReleaseAction::kClear), &data, sizeof data,
        qid);
}

// The number of controllers is not known beforehand: a page first, then what it says is needed.
Completion HostDriver::reservation_report(std::uint32_t nsid, ReservationReport& out, bool extended,
                                          std::uint16_t qid) {
    if (qid == 0) qid = first_io_queue();
    if (qid == 0) return Completion::failed(DriverError::kNoSuchQueue);
    std::uint64_t bytes = page_bytes_;
    for (;;) {
        const DmaBuffer buffer = allocator_.allocate(bytes);
        if (!buffer) return Completion::failed(DriverError::kNoResources);
        const Completion completion =
            execute(qid, commands::reservation_report(nsid, bytes, extended), {buffer.gpa, bytes});
        if (completion.error == DriverError::kTimedOut) return completion;
        std::size_t announced = 0;
        if (completion.ok()) announced = decode(buffer.data, bytes, extended, out);
        allocator_.release(buffer);
        if (!completion.ok() || announced <= out.controllers.size()) return completion;
        bytes = 64 + announced * (extended ? sizeof(spec::RegisteredControllerExtended)
                                           : sizeof(spec::RegisteredController));
    }
}

}  // namespace platform
