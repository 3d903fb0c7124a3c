// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/pcie/link_params.h"
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
/// A read request keeps a tag until its data has arrived. When all are in use the next one waits:
/// reads are as fast as the link, or as tags * max_read_request bytes a round trip.
///
/// Not modelled: want of credits, replays, and traffic that the host starts.
class Link {
public:
    /// Throws std::invalid_argument when validate() finds a problem.
    explicit Link(const LinkParams& params);

    /// A posted write of `bytes` to the host: the time at which its last byte has arrived there.
    /// No bytes still cost one packet.
    [[nodiscard]] util::TimePs write(util::TimePs now, std::uint64_t bytes);

    /// A read of `bytes` from the host, without what the host needs beyond read_latency_ns: when
    /// the last byte of data has arrived. The requests leave one after the other; data flows back
    /// from the arrival of the first, without a gap.
    [[nodiscard]] util::TimePs read(util::TimePs now, std::uint64_t bytes);

    /// The same for one packet that will leave at `start`, now or later. Its share of the link is
    /// taken now.
    [[nodiscard]] util::TimePs write_later(util::TimePs now, util::TimePs start,
                                           std::uint64_t bytes);
    /// The same for one packet that follows another write, which has arrived at `data`.
    [[nodiscard]] util::TimePs write_behind(util::TimePs now, util::TimePs data,
                                            std::uint64_t bytes);

    /// One way, of a packet whose own length does not matter.
    [[nodiscard]] util::TimePs latency() const { return latency_; }

    /// How long each direction has been occupied since reset(), including what is reserved ahead.
    [[nodiscard]] util::TimePs busy_up_ps() const { return upstream_.busy(); }
    [[nodiscard]] util::TimePs busy_down_ps() const { return downstream_.busy(); }

    /// Both directions idle, statistics zero.
    void reset();

private:
    class Direction {
    public:
        /// A long transfer; returns when its last byte has left.
        util::TimePs queue(util::TimePs start, util::TimePs duration);
        /// One packet.
        util::TimePs interleave(util::TimePs start, util::TimePs duration);
        /// What nobody waits for, but what takes of the capacity.
        void load(util::TimePs start, util::TimePs duration) { (void)queue(start, duration); }
        [[nodiscard]] util::TimePs busy() const { return busy_; }

    private:
        util::TimePs free_at_ = 0;          // the end of all that is queued
        util::TimePs last_packet_end_ = 0;  // of those that go between
        util::TimePs busy_ = 0;
    };

    [[nodiscard]] util::TimePs on_wire(std::uint64_t bytes) const;
    [[nodiscard]] util::TimePs write_time(std::uint64_t bytes) const;
    [[nodiscard]] util::TimePs take_tags(util::TimePs now, std::uint64_t requests);
    void acknowledge(Direction& other, util::TimePs now, std::uint64_t packets);

    const LinkParams params_;
    const util::TimePs latency_;
    const util::TimePs read_latency_;  // of the host
    util::TimePs tags_free_at_ = 0;    // all of them, if they came back one after the other
    Direction upstream_;               // endpoint to host
    Direction downstream_;             // host to endpoint
};

}  // namespace pcie
