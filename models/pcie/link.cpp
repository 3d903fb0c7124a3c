// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/link.h"

#include <algorithm>
#include <stdexcept>

#include "models/util/divide.h"

namespace pcie {
namespace {

using util::divide_up;
using util::TimePs;

/// Longest transfer that is timed exactly; what is longer takes as long as this. It keeps all sums
/// far from 64 bits and is far beyond any command's data.
constexpr std::uint64_t kMaxBytes = 1ull << 32;

/// Picoseconds for one byte on one lane, as a fraction, coding included.
struct ByteTime {
    std::uint64_t numerator;
    std::uint64_t denominator;
};

constexpr ByteTime kByteTimes[] = {
    {0, 1},        {4'000, 1},  // 2.5 GT/s, 8b/10b: 10 bits of 400 ps
    {2'000, 1},                 // 5 GT/s, 8b/10b
    {65'000, 64},               // 8 GT/s, 128b/130b: 8 * 130 / 128 bits of 125 ps
    {65'000, 128},              // 16 GT/s
    {65'000, 256},              // 32 GT/s
    {32'000, 236},              // 64 GT/s: 256 bytes of 125 ps for 236 of packets in a flit
};

std::uint64_t packets(std::uint64_t bytes, std::uint64_t each) {
    return std::max<std::uint64_t>(1, divide_up(bytes, each));
}

}  // namespace

Link::Link(const LinkParams& params)
    : params_(params),
      latency_(params.gen == 0 ? 0 : util::from_ns(params.latency_ns)),
      read_latency_(util::from_ns(params.read_latency_ns)) {
    const std::vector<std::string> problems = validate(params);
    if (!problems.empty()) throw std::invalid_argument(problems.front());
}

TimePs Link::Direction::queue(TimePs start, TimePs duration) {
    free_at_ = util::later(std::max(start, free_at_), duration);
    busy_ += duration;
    return free_at_;
}

TimePs Link::Direction::interleave(TimePs start, TimePs duration) {
    load(start, duration);
    last_packet_end_ = util::later(std::max(start, last_packet_end_), duration);
    return last_packet_end_;
}

TimePs Link::on_wire(std::uint64_t bytes) const {
    const ByteTime& time = kByteTimes[params_.gen];
    return divide_up(bytes * time.numerator, time.denominator * params_.lanes);
}

TimePs Link::write_time(std::uint64_t bytes) const {
    return on_wire(bytes + packets(bytes, params_.max_payload) * params_.tlp_overhead_bytes);
}

/// A tag comes back each round trip / tags; as many as there are may be taken at once. Returns when
/// the last of the requests has one.
TimePs Link::take_tags(TimePs now, std::uint64_t requests) {
    const TimePs round_trip = 2 * latency_ + read_latency_;
    const TimePs each = divide_up(round_trip, params_.tags);
    tags_free_at_ = util::later(std::max(tags_free_at_, now), util::times(requests, each));
    return tags_free_at_ > round_trip ? std::max(now, tags_free_at_ - round_trip) : now;
}

void Link::acknowledge(Direction& other, TimePs now, std::uint64_t packets) {
    if (params_.dllp_bytes != 0) other.load(now, on_wire(packets * params_.dllp_bytes));
}

TimePs Link::write(TimePs now, std::uint64_t bytes) {
    if (params_.gen == 0) return now;
    const TimePs duration = write_time(std::min(bytes, kMaxBytes));
    const bool one_packet = bytes <= params_.max_payload;
    acknowledge(downstream_, now, packets(std::min(bytes, kMaxBytes), params_.max_payload));
    return util::later(
        one_packet ? upstream_.interleave(now, duration) : upstream_.queue(now, duration),
        latency_);
}

TimePs Link::write_behind(TimePs now, TimePs data, std::uint64_t bytes) {
    if (params_.gen == 0) return std::max(now, data);
    const TimePs duration = write_time(std::min(bytes, kMaxBytes));
    const TimePs sent = upstream_.interleave(now, duration);
    acknowledge(downstream_, now, packets(std::min(bytes, kMaxBytes), params_.max_payload));
    return std::max(util::later(sent, latency_), util::later(data, duration));
}

TimePs Link::write_later(TimePs now, TimePs start, std::uint64_t bytes) {
    return write_behind(now, params_.gen == 0 ? start : util::later(start, latency_), bytes);
}

TimePs Link::read(TimePs now, std::uint64_t bytes) {
    if (params_.gen == 0) return now;
    bytes = std::min(bytes, kMaxBytes);
    const std::uint64_t requests = packets(bytes, params_.max_read_request);
    const TimePs all_requests = on_wire(requests * params_.tlp_overhead_bytes);
    const TimePs after_first = on_wire((requests - 1) * params_.tlp_overhead_bytes);
    const TimePs first_sent = upstream_.interleave(now, all_requests - after_first);
    upstream_.load(now, after_first);
    const TimePs last_has_tag = take_tags(now, requests);
    const TimePs first_arrived = util::later(first_sent, latency_ + read_latency_);
    acknowledge(downstream_, now, requests);

    // A completion never spans requests; both sizes are powers of two, so this counts them.
    // Data always takes longer than the requests for it, so the last request is never late.
    const std::uint64_t completion = std::min(params_.max_payload, params_.max_read_request);
    const std::uint64_t completions = packets(bytes, completion);
    const TimePs duration = on_wire(bytes + completions * params_.tlp_overhead_bytes);
    acknowledge(upstream_, now, completions);
    const TimePs data_sent = requests == 1 ? downstream_.interleave(first_arrived, duration)
                                           : downstream_.queue(first_arrived, duration);
    const TimePs last_answered = util::later(last_has_tag, 2 * latency_ + read_latency_);
    return std::max(util::later(data_sent, latency_), last_answered);
}

void Link::reset() {
    tags_free_at_ = 0;
    upstream_ = {};
    downstream_ = {};
}

}  // namespace pcie
