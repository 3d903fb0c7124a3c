// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/link.h"

#include <algorithm>
#include <stdexcept>

namespace pcie {
namespace {

using util::divide_up;
using util::TimePs;

std::uint64_t packets(std::uint64_t bytes, std::uint64_t each) {
    return std::max<std::uint64_t>(1, divide_up(bytes, each));
}

/// A completion never spans requests. All sizes are powers of two.
std::uint64_t most_in_completion(const LinkParams& p) {
    const std::uint32_t host = p.completion_bytes == 0 ? p.max_payload : p.completion_bytes;
    return std::min({host, p.max_payload, p.max_read_request});
}

const LinkParams& checked(const LinkParams& params) {
    const std::vector<std::string> problems = validate(params);
    if (!problems.empty()) throw std::invalid_argument(problems.front());
    return params;
}

}  // namespace

Link::Link(const LinkParams& params)
    : params_(checked(params)),
      latency_(params.gen == 0 ? 0 : util::from_ns(params.latency_ns)),
      round_trip_(2 * latency_ + util::from_ns(params.read_latency_ns)),
      completion_most_(most_in_completion(params)),
      speed_{params.gen, params.lanes},
      wire_(speed_),
      tags_(params.tags, round_trip_),
      read_headers_(params.nonposted_header_credits, 2 * latency_),
      read_room_(params.read_buffer_bytes, round_trip_),
      write_headers_(params.posted_header_credits, 2 * latency_),
      write_data_(params.posted_data_credits, 2 * latency_),
      aspm_(params) {}

TimePs Link::crossing(std::uint64_t bytes) const {
    bytes = std::min(bytes, kMaxBytes);
    return wire_.of(bytes + packets(bytes, params_.max_payload) * params_.tlp_overhead_bytes);
}

void Link::acknowledge(Direction& other, TimePs now, std::uint64_t packets) {
    if (params_.dllp_bytes != 0) other.load(now, wire_.of(packets * params_.dllp_bytes));
}

/// When the last of the packets of a write has its credits.
TimePs Link::take_credits(TimePs now, std::uint64_t packets, std::uint64_t bytes) {
    const std::uint64_t data = divide_up(bytes, kCreditBytes);
    if (packets == 1)
        return std::max(write_headers_.take_between(now, 1), write_data_.take_between(now, data));
    return std::max(write_headers_.take(now, packets), write_data_.take(now, data));
}

TimePs Link::write(TimePs now, std::uint64_t bytes) {
    if (speed_.gen == 0) return now;
    bytes = std::min(bytes, kMaxBytes);
    const TimePs duration = crossing(bytes);
    const std::uint64_t count = packets(bytes, params_.max_payload);
    const TimePs start = wake(Way::kUp, now);
    acknowledge(downstream_, now, count);
    const TimePs on_wire =
        count == 1 ? upstream_.interleave(start, duration) : upstream_.queue(start, duration);
    const TimePs sent = std::max(on_wire, take_credits(start, count, bytes));
    return util::later(carried(Way::kUp, sent), latency_);
}

TimePs Link::write_behind(TimePs now, TimePs data, std::uint64_t bytes) {
    if (speed_.gen == 0) return std::max(now, data);
    bytes = std::min(bytes, kMaxBytes);
    const TimePs duration = crossing(bytes);
    const std::uint64_t count = packets(bytes, params_.max_payload);
    if (aspm_.enabled()) {  // it leaves when the data have left
        const TimePs leaves = std::max(now, data > latency_ ? data - latency_ : 0);
        data = util::later(wake(Way::kUp, leaves), latency_);
    }
    const TimePs on_wire = upstream_.interleave(now, duration);
    const TimePs sent = std::max(on_wire, take_credits(now, count, bytes));
    acknowledge(downstream_, now, count);
    const TimePs arrived = std::max(util::later(sent, latency_), util::later(data, duration));
    (void)carried(Way::kUp, arrived - latency_);
    return arrived;
}

TimePs Link::write_later(TimePs now, TimePs start, std::uint64_t bytes) {
    return write_behind(now, speed_.gen == 0 ? start : util::later(start, latency_), bytes);
}

/// Where addresses count, a request ends at a multiple of max_read_request, so that none crosses a
/// 4 KiB boundary.
std::uint64_t Link::requests_for(std::uint64_t bytes, std::uint64_t gpa) const {
    const std::uint64_t most = params_.max_read_request;
    return packets(params_.read_completion_boundary == 0 ? bytes : gpa % most + bytes, most);
}

/// The first completion goes up to a boundary, the others begin there.
/// [PCIe-Base-4.0 2.3.1.1 Data Return for Read Requests]
std::uint64_t Link::completions_for(std::uint64_t bytes, std::uint64_t gpa) const {
    const std::uint64_t boundary = params_.read_completion_boundary;
    if (boundary == 0) return packets(bytes, completion_most_);
    const std::uint64_t request = params_.max_read_request;
    const std::uint64_t first_request = std::min(bytes, request - gpa % request);
    const std::uint64_t to_boundary =
        std::min(first_request, (boundary - gpa % boundary) % boundary);
    return std::max<std::uint64_t>(1, (to_boundary != 0 ? 1 : 0) +
                                          divide_up(first_request - to_boundary, completion_most_) +
                                          divide_up(bytes - first_request, completion_most_));
}

TimePs Link::read(TimePs now, std::uint64_t bytes, std::uint64_t gpa) {
    if (speed_.gen == 0) return now;
    bytes = std::min(bytes, kMaxBytes);
    const std::uint64_t requests = requests_for(bytes, gpa);
    const TimePs all_requests = wire_.of(requests * params_.tlp_overhead_bytes);
    const TimePs after_first = wire_.of((requests - 1) * params_.tlp_overhead_bytes);
    const TimePs start = wake(Way::kUp, now);
    const TimePs first_sent = upstream_.interleave(start, all_requests - after_first);
    upstream_.load(start, after_first);
    const TimePs last_leaves =
        std::max({tags_.take(start, requests), read_headers_.take(start, requests),
                  read_room_.take(start, bytes)});
    const TimePs first_arrived = util::later(carried(Way::kUp, first_sent), round_trip_ - latency_);
    acknowledge(downstream_, now, requests);

    // Data always takes longer than the requests for it, so the last request is never late.
    const std::uint64_t completions = completions_for(bytes, gpa);
    const TimePs duration = wire_.of(bytes + completions * params_.tlp_overhead_bytes);
    acknowledge(upstream_, now, completions);
    const TimePs answered = wake(Way::kDown, first_arrived);
    const TimePs data_sent = requests == 1 ? downstream_.interleave(answered, duration)
                                           : downstream_.queue(answered, duration);
    const TimePs last_answered = util::later(last_leaves, round_trip_);
    return std::max(util::later(carried(Way::kDown, data_sent), latency_), last_answered);
}

TimePs Link::from_host(TimePs at) {
    if (speed_.gen == 0) return at;
    const TimePs leaves = wake(Way::kDown, std::max(at, trained_at_));
    return util::later(carried(Way::kDown, leaves), latency_);
}

void Link::set_aspm(TimePs now, unsigned control) {
    aspm_.set_control(control);
    aspm_.occupied(Way::kUp, std::max(now, upstream_.end()));
    aspm_.occupied(Way::kDown, std::max(now, downstream_.end()));
}

void Link::retrain(TimePs now, LinkSpeed speed, TimePs duration) {
    if (speed_.gen == 0) return;
    const auto at_most = [](unsigned wanted, unsigned most) {
        return wanted == 0 ? most : std::min(wanted, most);
    };
    speed_ = {at_most(speed.gen, params_.gen), at_most(speed.lanes, params_.lanes)};
    wire_ = WireTime(speed_);
    trained_at_ = util::later(now, duration);
    upstream_.stop(now, duration);
    downstream_.stop(now, duration);
    for (const Way way : {Way::kUp, Way::kDown})
        (void)carried(way, trained_at_);  // awake till then
}

void Link::reset() {
    for (Allowance* a : {&tags_, &read_headers_, &read_room_, &write_headers_, &write_data_})
        a->reset();
    trained_at_ = 0;
    upstream_ = {};
    downstream_ = {};
    aspm_.reset();
}

}  // namespace pcie
