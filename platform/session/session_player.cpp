// SPDX-License-Identifier: Apache-2.0
#include "platform/session/session_player.h"

#include <algorithm>
#include <cstring>

#include "models/pcie/dma_extension.h"
#include "models/util/sc_time_ps.h"
#include "platform/modules/payload.h"
#include "platform/workload/crc32c.h"

namespace platform {
using Kind = SessionEvent::Kind;
using util::TimePs;

namespace {

/// How far behind what is due next the controller's accesses are looked for: more than it can have
/// in flight.
constexpr std::size_t kLookahead = 4096;
/// Simulated time that the controller gets for what it did in the recording.
constexpr TimePs kPatience = 10 * util::kPsPerS;
/// Between two looks at a property that has not its recorded value yet.
constexpr TimePs kShortestPause = util::kPsPerUs, kLongestPause = 1000 * util::kPsPerUs;
constexpr std::size_t kMostDescribed = 20;
constexpr std::size_t kNone = ~std::size_t{0};

sc_core::sc_time sc(TimePs ps) {
    return util::ScTimePs().to_sc(ps);
}

TimePs now() {
    return util::ScTimePs().now();
}

}  // namespace

SessionPlayer::SessionPlayer(const sc_core::sc_module_name& name,
                             const std::vector<SessionEvent>& events)
    : sc_module(name), events_(events), states_(events.size(), State::kOpen) {
    dma.register_b_transport(this, &SessionPlayer::dma_access);
    perst_n.initialize(true);
    SC_THREAD(play);
}

void SessionPlayer::play() {
    for (std::size_t i = 0; i < events_.size(); ++i) {
        if (!events_[i].by_host()) continue;
        if (!wait_for_turn(i)) break;
        perform(i);
        done(i);
    }
    (void)wait_for_turn(events_.size());
    sc_core::sc_stop();
}

/// Until everything before `index` has happened, and its own time has come. False: the controller
/// does not do what it did.
bool SessionPlayer::wait_for_turn(std::size_t index) {
    const TimePs at = events_[std::min(index, events_.size() - 1)].at;
    while (first_open_ < index) {
        const std::size_t stuck = first_open_;
        const TimePs limit = util::later(std::max(at, now()), kPatience);
        wait(sc(limit - now()), progress_);
        if (first_open_ == stuck && now() >= limit) {
            differ("this never happens: " + to_text(events_[stuck]));
            return false;
        }
    }
    if (index == events_.size()) return true;
    if (at > now()) wait(sc(at - now()));
    // The host of the recording acted when the controller had done what it could at that time.
    while (sc_core::sc_pending_activity_at_current_time()) wait(sc_core::SC_ZERO_TIME);
    return true;
}

void SessionPlayer::perform(std::size_t index) {
    const SessionEvent& event = events_[index];
    if (event.kind == Kind::kReset) {
        perst_n.write(event.value != 0);
        return;
    }
    if (event.kind == Kind::kPower) {
        if (power_cycle_) power_cycle_();
        return;
    }
    ++result_.accesses;
    SessionEvent found = access(event);
    const TimePs limit = util::later(now(), kPatience);
    const auto as_recorded = [&] {
        return found.refused == event.refused && found.value == event.value;
    };
    // The host went on when it saw this value. At other times than recorded it is still to come, or
    // is past already.
    for (TimePs pause = kShortestPause; !as_recorded() && !event.write && now() < limit;
         pause = std::min(2 * pause, kLongestPause)) {
        if (seen_later(index, found)) return;
        wait(sc(pause));
        found = access(event);
    }
    if (!as_recorded()) differ("recorded: " + to_text(event) + ", now: " + to_text(found));
}

/// Does what `event` says; returns what came of it.
SessionEvent SessionPlayer::access(const SessionEvent& event) {
    std::uint64_t value = event.write ? event.value : 0;
    tlm::tlm_generic_payload trans;
    prepare(trans, event.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND, event.address,
            &value, event.length);
    sc_core::sc_time delay;
    auto& socket = event.kind == Kind::kConfig ? config : event.kind == Kind::kBar0 ? bar0 : bar4;
    socket->b_transport(trans, delay);
    SessionEvent found = event;
    found.refused = !trans.is_response_ok();
    if (!event.write) found.value = found.refused ? event.value : value;
    return found;
}

/// True when the recorded host looked again, before it did anything else, and saw what is `found`.
bool SessionPlayer::seen_later(std::size_t index, const SessionEvent& found) const {
    for (std::size_t i = index + 1; i < events_.size(); ++i) {
        const SessionEvent& e = events_[i];
        if (!e.by_host()) continue;
        if (e.kind == Kind::kReset || e.kind == Kind::kPower || e.write) return false;
        if (e.kind == found.kind && e.address == found.address && e.length == found.length &&
            e.refused == found.refused && e.value == found.value)
            return true;
    }
    return false;
}

void SessionPlayer::dma_access(tlm::tlm_generic_payload& trans, sc_core::sc_time&) {
    trans.set_dmi_allowed(false);
    const auto* extension = trans.get_extension<pcie::DmaExtension>();
    const bool message =
        extension != nullptr && extension->kind == pcie::DmaExtension::Kind::kMessage;
    SessionEvent found;
    found.kind = message ? Kind::kMessage : Kind::kDma;
    found.write = trans.is_write();
    found.at = now();
    found.address = trans.get_address();
    found.length = trans.get_data_length();
    if (message) std::memcpy(&found.value, trans.get_data_ptr(), std::min(found.length, 4u));

    const std::size_t index = find(found);
    if (index == kNone) {
        if (found.write && !message) found.set_content(trans.get_data_ptr(), found.length);
        differ("not in the recording: " + to_text(found));
        trans.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    const SessionEvent& event = events_[index];
    states_[index] = State::kTaken;
    if (event.duration != 0) wait(sc(event.duration));
    answer(event, trans);
    done(index);
}

/// The next of its kind at this address that has not happened yet.
std::size_t SessionPlayer::find(const SessionEvent& wanted) const {
    const std::size_t end = std::min(events_.size(), first_open_ + kLookahead);
    for (std::size_t i = first_open_; i < end; ++i) {
        const SessionEvent& e = events_[i];
        if (states_[i] == State::kOpen && e.kind == wanted.kind && e.address == wanted.address &&
            e.length == wanted.length && e.write == wanted.write &&
            (e.kind != Kind::kMessage || e.value == wanted.value))
            return i;
    }
    return kNone;
}

void SessionPlayer::answer(const SessionEvent& event, tlm::tlm_generic_payload& trans) {
    ++(event.kind == Kind::kMessage ? result_.messages
       : event.write                ? result_.dma_writes
                                    : result_.dma_reads);
    trans.set_response_status(event.refused ? tlm::TLM_ADDRESS_ERROR_RESPONSE
                                            : tlm::TLM_OK_RESPONSE);
    if (event.refused || event.kind == Kind::kMessage) return;
    unsigned char* const data = trans.get_data_ptr();
    if (!event.write) {
        std::memset(data, 0, event.length);
        std::copy(event.data.begin(), event.data.end(), data);
        return;
    }
    SessionEvent found = event;
    found.set_content(data, event.length);
    if (found.data != event.data || found.value != event.value || found.summed != event.summed)
        differ("recorded: " + to_text(event) + ", now: " + to_text(found));
}

void SessionPlayer::done(std::size_t index) {
    states_[index] = State::kDone;
    while (first_open_ < states_.size() && states_[first_open_] == State::kDone) ++first_open_;
    const TimePs recorded = events_[index].at, t = now();
    if (t != recorded) {
        ++result_.at_other_times;
        result_.largest_shift =
            std::max(result_.largest_shift, t > recorded ? t - recorded : recorded - t);
    }
    progress_.notify(sc_core::SC_ZERO_TIME);
}

void SessionPlayer::differ(const std::string& what) {
    ++result_.differences;
    if (result_.described.size() < kMostDescribed)
        result_.described.push_back("at " + std::to_string(now()) + " ps: " + what);
}

}  // namespace platform
