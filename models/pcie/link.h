// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/pcie/allowance.h"
#include "models/pcie/aspm.h"
#include "models/pcie/direction.h"
#include "models/pcie/link_params.h"
#include "models/pcie/wire_time.h"
#include "models/util/time.h"

namespace pcie {

/// The time that an endpoint's traffic takes on its link: two directions, each a resource that is
/// occupied while bytes are on the wire. Integer arithmetic, each occupation rounded up to the
/// picosecond.
///
/// A transfer is asked for when it is there, not ahead of its time. Long transfers of a direction
/// are served in the order of the calls. What fits into one packet (a queue entry, a message, a
/// request) goes between the packets of a long transfer: it waits only for others of its kind, and
/// the long ones have as much less. The directions share nothing but this: the requests of a read
/// go up, one after the other while its data comes down, and each packet has its part in what
/// acknowledges packets and returns credits in the other direction.
///
/// A read request keeps a tag, and room for its data, until its data has arrived. When all are in
/// use the next one waits: reads are as fast as the link, or as tags * max_read_request bytes a
/// round trip. What a packet takes of the root port's buffers comes back a round trip later, too:
/// writes are as fast as the link, or as the buffers a round trip.
///
/// Not modelled: replays, and what the host starts takes no share of the link.
class Link {
public:
    /// Throws std::invalid_argument when validate() finds a problem.
    explicit Link(const LinkParams& params);

    /// A posted write of `bytes` to the host: the time at which its last byte has arrived there.
    /// No bytes still cost one packet.
    [[nodiscard]] util::TimePs write(util::TimePs now, std::uint64_t bytes);

    /// A read of `bytes` at `gpa` from the host, without what the host needs beyond
    /// read_latency_ns: when the last byte of data has arrived. The requests leave one after the
    /// other; data flows back from the arrival of the first, without a gap.
    [[nodiscard]] util::TimePs read(util::TimePs now, std::uint64_t bytes, std::uint64_t gpa = 0);

    /// The same for one packet that will leave at `start`, now or later. Its share of the link is
    /// taken now.
    [[nodiscard]] util::TimePs write_later(util::TimePs now, util::TimePs start,
                                           std::uint64_t bytes);
    /// The same for one packet that follows another write, which has arrived at `data`.
    [[nodiscard]] util::TimePs write_behind(util::TimePs now, util::TimePs data,
                                            std::uint64_t bytes);

    /// A packet whose own length does not matter, which the host sends at `at`, now or later: when
    /// it has arrived.
    [[nodiscard]] util::TimePs from_host(util::TimePs at);

    /// How many requests a read consists of, each with a tag; 0 while the link takes no time.
    [[nodiscard]] std::uint64_t requests_of(std::uint64_t bytes, std::uint64_t gpa) const {
        return speed_.gen == 0 ? 0 : requests_for(std::min(bytes, kMaxBytes), gpa);
    }

    /// How long the bytes of a transfer are on the wire when nothing holds them up.
    [[nodiscard]] util::TimePs crossing(std::uint64_t bytes) const;

    /// The host has written ASPM Control of the Link Control register.
    void set_aspm(util::TimePs now, unsigned control);
    /// The link is trained anew: it carries nothing for `duration`, and is as fast as this from
    /// then on. Not more than its parameters say; an infinitely fast one stays so.
    void retrain(util::TimePs now, LinkSpeed speed, util::TimePs duration);
    [[nodiscard]] LinkSpeed speed() const { return speed_; }

    /// How long each direction has been occupied since reset(), including what is reserved ahead.
    [[nodiscard]] util::TimePs busy_up_ps() const { return upstream_.busy(); }
    [[nodiscard]] util::TimePs busy_down_ps() const { return downstream_.busy(); }

    /// Both directions idle, statistics zero.
    void reset();

private:
    /// Longest transfer that is timed exactly; what is longer takes as long as this. It keeps all
    /// sums far from 64 bits and is far beyond any command's data.
    static constexpr std::uint64_t kMaxBytes = 1ull << 32;

    [[nodiscard]] util::TimePs wake(Way way, util::TimePs start) {
        return aspm_.enabled() ? aspm_.wake(way, start) : start;
    }
    [[nodiscard]] util::TimePs carried(Way way, util::TimePs end) {
        if (aspm_.enabled()) aspm_.occupied(way, end);
        return end;
    }
    [[nodiscard]] std::uint64_t requests_for(std::uint64_t bytes, std::uint64_t gpa) const;
    [[nodiscard]] std::uint64_t completions_for(std::uint64_t bytes, std::uint64_t gpa) const;
    [[nodiscard]] util::TimePs take_credits(util::TimePs now, std::uint64_t packets,
                                            std::uint64_t bytes);
    void acknowledge(Direction& other, util::TimePs now, std::uint64_t packets);

    const LinkParams params_;
    const util::TimePs latency_;
    const util::TimePs round_trip_;        // of a read: both ways and the host
    const std::uint64_t completion_most_;  // bytes of data in one completion
    LinkSpeed speed_;
    WireTime wire_;                              // at this speed
    util::TimePs trained_at_ = 0;                // when it has carried something again
    Allowance tags_, read_headers_, read_room_;  // of reads
    Allowance write_headers_, write_data_;       // of posted writes
    Aspm aspm_;
    Direction upstream_;    // endpoint to host
    Direction downstream_;  // host to endpoint
};

}  // namespace pcie
