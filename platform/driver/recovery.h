// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "platform/driver/host_driver.h"

namespace platform {

struct RecoveryOptions {
    std::uint16_t queues = 1;      ///< I/O queue pairs, made anew after every reset
    std::uint32_t depth = 64;      ///< of each
    std::uint64_t timeout_ms = 5;  ///< for an I/O command, before anything is done about it
    unsigned retries = 3;          ///< of a command that failed and may be tried again
    unsigned resets = 4;           ///< of the controller, before it is given up
};

/// How a host gets on with a controller that does not do as it should: a command without an answer
/// is aborted; if that does not end it, its queue is deleted and made anew; if that fails, the
/// controller is reset, and if that fails, the NVM subsystem. Commands that were under way are sent
/// again. What the specification leaves to the host (how long, how often) is in the options.
/// [NVMe-Base-2.0 9 Error Reporting and Recovery]
///
/// One process at a time may be inside.
class Recovery {
public:
    struct Request {
        std::uint16_t qid = 1;
        spec::SubmissionEntry entry{};
        Transfer data;
        Completion completion;  ///< how it ended at last
        unsigned sent = 0;      ///< how often
    };
    /// What had to be done so far.
    struct Counters {
        unsigned timeouts = 0;  ///< commands without an answer in time
        unsigned aborts = 0;    ///< Abort commands that said "aborted"
        unsigned queues = 0;    ///< queue pairs made anew, apart from resets
        unsigned controller_resets = 0;
        unsigned subsystem_resets = 0;
        unsigned retries = 0;  ///< of commands that ended with an error status
    };

    Recovery(HostDriver& driver, const RecoveryOptions& options)
        : driver_(driver),
          options_(options),
          timeout_(static_cast<double>(options.timeout_ms), sc_core::SC_MS) {}

    /// Brings the controller up and makes the queues, by as many resets as it takes. False: gave
    /// up.
    [[nodiscard]] bool start();
    /// All requests, as many at a time as the queues take. False: the controller was given up, and
    /// some have DriverError in their completion.
    bool run(std::vector<Request>& requests);
    /// One request.
    Completion execute(const spec::SubmissionEntry& entry, const Transfer& data = {});

    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    enum class State : std::uint8_t { kToSend, kSent, kEnded };
    struct Job {
        Request* request;
        State state = State::kToSend;
        Ticket ticket;
    };

    void send(std::vector<Job>& jobs);
    [[nodiscard]] bool collect(Job& job);
    [[nodiscard]] bool deal_with(const Ticket& ticket);
    [[nodiscard]] bool aborted(const Ticket& ticket);
    [[nodiscard]] bool renew_queue(std::uint16_t qid);
    [[nodiscard]] bool reset();
    [[nodiscard]] bool reset_controller();
    [[nodiscard]] bool reset_subsystem();
    [[nodiscard]] bool make_queues();
    [[nodiscard]] bool worth_retrying(const Request& request) const;

    HostDriver& driver_;
    const RecoveryOptions options_;
    const sc_core::sc_time timeout_;
    Counters counters_;
    unsigned resets_in_a_row_ = 0;
};

}  // namespace platform
