// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "models/observe/trace.h"
#include "traces/driver/flight.h"

namespace driver {

/// What a driver did about commands that ended in the same way. "Again": the same command for the
/// same blocks, or the same admin command, within kPatience of simulated time.
struct ErrorPath {
    std::string what;  ///< the status, or how the command was lost
    bool io = true;
    std::uint64_t met = 0;
    std::uint64_t aborted = 0;  ///< the driver asked for it, and it ended
    std::uint64_t reset = 0;    ///< a reset found it unanswered
    std::uint64_t sent_again = 0;
    std::uint64_t good_again = 0;  ///< and then it succeeded

    [[nodiscard]] std::uint64_t left() const { return met - sent_again; }
};

/// Follows commands that failed, that the driver aborted, or that a reset found unanswered.
class ErrorPaths {
public:
    static constexpr util::TimePs kPatience = 120 * util::kPsPerS;
    static constexpr std::size_t kMostPending = 16384;

    /// `flights` are those of the trace up to now.
    explicit ErrorPaths(const Flights& flights) : flights_(flights) {}

    template <typename E>
    void take(const E&) {}
    /// Before the flight is known.
    void take(const observe::CommandFetched& e);
    void take(const observe::StateChange& e);
    /// Before the flights end.
    void take(const observe::Reset& e);
    void take(const Landing& landing);

    [[nodiscard]] std::vector<ErrorPath> rows() const;
    /// Null: that was not met.
    [[nodiscard]] const ErrorPath* of_io(nvme::spec::StatusCode status) const;
    [[nodiscard]] const ErrorPath* aborted_io() const;
    [[nodiscard]] const ErrorPath* lost_io() const;

private:
    /// Behind all status codes.
    static constexpr std::uint16_t kAborted = 0xfffe, kLost = 0xffff;
    using RowKey = std::pair<bool, std::uint16_t>;  // of an I/O queue, status
    /// What makes two commands the same.
    using Same = std::tuple<bool, std::uint8_t, std::uint32_t, std::uint64_t, std::uint32_t>;
    struct Pending {
        RowKey row;
        util::TimePs since;
    };

    [[nodiscard]] static Same same_of(const Flight& flight);
    ErrorPath& row(const RowKey& key);
    [[nodiscard]] const ErrorPath* find(const RowKey& key) const;
    void meet(std::uint16_t how, const Flight& flight, util::TimePs ps);

    const Flights& flights_;
    std::map<RowKey, ErrorPath> rows_;
    std::multimap<Same, Pending> pending_;
    std::map<std::uint32_t, RowKey> again_;  // by flight: sent once more because of this row
    bool shutting_down_ = false;
};

}  // namespace driver
