// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/error_paths.h"

#include <algorithm>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/registers.h"
#include "traces/analysis/words.h"

namespace driver {
using nvme::spec::StatusCode;

ErrorPaths::Same ErrorPaths::same_of(const Flight& flight) {
    const auto& sqe = flight.sqe;
    return {flight.sqid != 0, flight.opcode(), sqe.nsid, nvme::spec::slba_of(sqe),
            flight.sqid != 0 ? sqe.cdw12 & 0xffff : sqe.cdw12};
}

ErrorPath& ErrorPaths::row(const RowKey& key) {
    ErrorPath& row = rows_[key];
    if (!row.what.empty()) return row;
    row.io = key.first;
    if (key.second == kAborted)
        row.what = "not answered, and aborted by the driver";
    else if (key.second == kLost)
        row.what = "not answered when the controller was reset";
    else
        row.what = std::string(nvme::spec::status_name(static_cast<StatusCode>(key.second))) +
                   " (" + analysis::hex(key.second) + ")";
    return row;
}

const ErrorPath* ErrorPaths::find(const RowKey& key) const {
    const auto found = rows_.find(key);
    return found == rows_.end() ? nullptr : &found->second;
}
const ErrorPath* ErrorPaths::of_io(StatusCode status) const {
    return find({true, static_cast<std::uint16_t>(status)});
}
const ErrorPath* ErrorPaths::aborted_io() const {
    return find({true, kAborted});
}
const ErrorPath* ErrorPaths::lost_io() const {
    return find({true, kLost});
}

void ErrorPaths::meet(std::uint16_t how, const Flight& flight, util::TimePs ps) {
    const RowKey key{flight.sqid != 0, how};
    ++row(key).met;
    if (pending_.size() < kMostPending) pending_.emplace(same_of(flight), Pending{key, ps});
}

void ErrorPaths::take(const observe::CommandFetched& e) {
    const Flight flight{e.ps, e.sqid, e.sqe};
    const std::uint32_t place = flight_key(e.sqid, e.cid());
    again_.erase(place);
    const auto found = pending_.find(same_of(flight));
    if (found == pending_.end()) return;
    if (e.ps - std::min(e.ps, found->second.since) <= kPatience) {
        ++row(found->second.row).sent_again;
        again_[place] = found->second.row;
    }
    pending_.erase(found);
}

void ErrorPaths::take(const observe::StateChange& e) {
    using nvme::spec::Cc;
    const Cc cc = Cc::from(e.cc);
    shutting_down_ = cc.get<Cc::En>() ? cc.get<Cc::Shn>() != nvme::spec::Shn::kNone : false;
}

void ErrorPaths::take(const observe::Reset& e) {
    again_.clear();
    // After a shutdown nobody asks for what failed before.
    if (shutting_down_) return pending_.clear();
    for (const auto& [place, flight] : flights_) {
        if (flight.waits_for_events()) continue;
        const std::uint16_t how = flight.aborted ? kAborted : kLost;
        meet(how, flight, e.ps);
        ++row({flight.sqid != 0, how}).reset;
    }
}

void ErrorPaths::take(const Landing& landing) {
    const Flight& flight = landing.flight;
    const auto place = flight_key(flight.sqid, static_cast<std::uint16_t>(flight.sqe.cdw0 >> 16));
    if (const auto again = again_.find(place); again != again_.end()) {
        if (landing.good()) ++row(again->second).good_again;
        again_.erase(again);
    }
    if (landing.good() || flight.waits_for_events()) return;
    if (flight.aborted && landing.status == StatusCode::kAbortRequested) {
        meet(kAborted, flight, landing.ps);
        ++row({flight.sqid != 0, kAborted}).aborted;
        return;
    }
    // A damaged trace may hold more than the 11 bits of a status.
    meet(static_cast<std::uint16_t>(landing.status) & 0x7ff, flight, landing.ps);
}

std::vector<ErrorPath> ErrorPaths::rows() const {
    std::vector<ErrorPath> rows;
    for (const auto& [key, path] : rows_) rows.push_back(path);
    return rows;
}

}  // namespace driver
