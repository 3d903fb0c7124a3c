// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/driver_profile.h"

#include "models/nvme/spec/admin_commands.h"

namespace driver {
using nvme::spec::AdminOpcode;

void DriverProfile::before(const observe::CommandCompleted& e) {
    const auto found = flights_.find(flight_key(e.sqid, e.cid));
    if (found == flights_.end()) return;
    const Landing landing{e.ps, found->second, e.status, e.dw0};
    flights_.erase(found);
    lives_.take(landing);
    usage_.take(landing);
    errors_.take(landing);
    reactions_.take(landing);
}

void DriverProfile::after(const observe::CommandFetched& e) {
    using Abort = nvme::spec::AbortCdw10;
    const Flight flight{e.ps, e.sqid, e.sqe};
    if (flight.is(AdminOpcode::kAbort)) {
        const Abort which = Abort::from(e.sqe.cdw10);
        const auto aborted =
            flights_.find(flight_key(static_cast<std::uint16_t>(which.get<Abort::Sqid>()),
                                     static_cast<std::uint16_t>(which.get<Abort::Cid>())));
        if (aborted != flights_.end()) aborted->second.aborted = true;
    }
    flights_[flight_key(e.sqid, e.cid())] = flight;
}

void DriverProfile::after(const observe::QueueChange& e) {
    if (e.created || e.completion) return;
    flights_.erase(flights_.lower_bound(flight_key(e.qid, 0)),
                   flights_.upper_bound(flight_key(e.qid, 0xffff)));
}

void DriverProfile::after(const observe::Reset&) {
    flights_.clear();
}

void DriverProfile::finish() {
    lives_.finish();
    lint_.look(end_);
}

}  // namespace driver
