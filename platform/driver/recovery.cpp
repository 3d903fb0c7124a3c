// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/recovery.h"

namespace platform {

bool Recovery::start() {
    if (driver_.bring_up() == DriverError::kNone && make_queues()) return true;
    return reset();
}

bool Recovery::make_queues() {
    return driver_.create_io_queues(options_.queues, options_.depth) == DriverError::kNone &&
           driver_.io_queues().size() == options_.queues;
}

Completion Recovery::execute(const spec::SubmissionEntry& entry, const Transfer& data) {
    std::vector<Request> one(1);
    one[0].entry = entry;
    one[0].data = data;
    run(one);
    return one[0].completion;
}

bool Recovery::run(std::vector<Request>& requests) {
    std::vector<Job> jobs;
    for (Request& request : requests) jobs.push_back({&request, State::kToSend, {}});
    resets_in_a_row_ = 0;
    for (bool left = true; left;) {
        send(jobs);
        left = false;
        for (Job& job : jobs) {
            if (job.state == State::kSent && !collect(job)) {
                for (Job& lost : jobs)
                    if (lost.state != State::kEnded)
                        lost.request->completion = Completion::failed(DriverError::kNoDevice);
                return false;
            }
            left = left || job.state != State::kEnded;
        }
    }
    return true;
}

void Recovery::send(std::vector<Job>& jobs) {
    for (Job& job : jobs) {
        if (job.state != State::kToSend) continue;
        const Request& request = *job.request;
        const Ticket ticket = driver_.submit(request.qid, request.entry, request.data);
        if (ticket.error == DriverError::kQueueFull) continue;  // in the next round
        job.ticket = ticket;
        job.state = State::kSent;
        ++job.request->sent;
    }
}

/// Waits for one command, and for what it takes to get an answer. False: nothing helps.
bool Recovery::collect(Job& job) {
    const Completion completion = driver_.wait(job.ticket, timeout_);
    switch (completion.error) {
        case DriverError::kNone:
            job.request->completion = completion;
            if (completion.ok()) resets_in_a_row_ = 0;
            job.state = State::kEnded;
            if (!completion.ok() && worth_retrying(*job.request)) {
                ++counters_.retries;
                job.state = State::kToSend;
            }
            return true;
        case DriverError::kAborted:  // went with its queue
            job.state = State::kToSend;
            return true;
        case DriverError::kTimedOut:
            ++counters_.timeouts;
            return deal_with(job.ticket);  // the next round finds out what became of it
        case DriverError::kNoSuchQueue:
            job.state = State::kToSend;
            return reset();
        default:
            job.request->completion = completion;
            job.state = State::kEnded;
            return true;
    }
}

// Do Not Retry says so; an error of the media is not mended by asking again.
bool Recovery::worth_retrying(const Request& request) const {
    constexpr unsigned kMediaErrors = 2;
    const unsigned type = static_cast<unsigned>(request.completion.status) >> 8;
    return !request.completion.do_not_retry && type != kMediaErrors &&
           request.sent <= options_.retries;
}

bool Recovery::deal_with(const Ticket& ticket) {
    constexpr std::uint32_t kAllOnes = 0xffff'ffff;
    const spec::Csts status = driver_.csts();
    if (status.raw == kAllOnes || status.get<spec::Csts::Cfs>()) return reset();
    if (aborted(ticket) || driver_.done(ticket)) return true;
    if (renew_queue(ticket.qid)) return true;
    return reset();
}

bool Recovery::aborted(const Ticket& ticket) {
    const Ticket abort = driver_.submit(0, commands::abort(ticket.qid, ticket.cid));
    const Completion answer = driver_.wait(abort, timeout_);
    if (answer.error == DriverError::kTimedOut) driver_.abandon(abort);
    const bool yes = answer.ok() && (answer.dw0 & 1) == 0;
    if (yes) ++counters_.aborts;
    return yes;
}

bool Recovery::renew_queue(std::uint16_t qid) {
    if (!driver_.delete_queue_pair(qid).ok()) return false;
    QueuePairOptions pair;
    pair.qid = qid;
    pair.depth = options_.depth;
    pair.vector = static_cast<std::uint16_t>(driver_.vectors() == 0 ? 0 : qid % driver_.vectors());
    if (!driver_.create_queue_pair(pair).ok()) return false;
    ++counters_.queues;
    return true;
}

bool Recovery::reset() {
    while (resets_in_a_row_ < options_.resets) {
        ++resets_in_a_row_;
        if (reset_controller() || reset_subsystem()) return true;
    }
    driver_.forget_everything();
    return false;
}

bool Recovery::reset_controller() {
    ++counters_.controller_resets;
    // enable() clears CC.EN first.
    return driver_.enable() == DriverError::kNone && make_queues();
}

bool Recovery::reset_subsystem() {
    ++counters_.subsystem_resets;
    return driver_.subsystem_reset() == DriverError::kNone &&
           driver_.bring_up() == DriverError::kNone && make_queues();
}

}  // namespace platform
