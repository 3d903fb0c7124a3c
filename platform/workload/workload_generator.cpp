// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/workload_generator.h"

#include <algorithm>
#include <utility>

#include "platform/workload/random.h"
#include "platform/workload/verify_block.h"

namespace platform {

namespace {

constexpr std::uint64_t kPaceStream = 0x7061'6365;

std::uint64_t times(std::uint64_t one, std::uint64_t loops) {
    const UInt128 all = UInt128{one} * loops;
    constexpr std::uint64_t limit = ~std::uint64_t{0};
    return all > limit ? limit : static_cast<std::uint64_t>(all);
}

util::TimePs end_of(const Job& job) {
    return job.runtime == 0 ? 0 : job.runtime + std::min(job.ramp_time, util::kNever - job.runtime);
}

/// As in fio, these go on with the same blocks before anything is read back.
bool has_long_passes(const Job& job) {
    return job.pattern.random ? job.pattern.writes && job.norandommap : job.pattern.mixed();
}

}  // namespace

IoGenerator::IoGenerator(const std::vector<JobInstance>& instances)
    : job_(instances.front().job),
      io_size_(instances.front().io_size),
      most_bytes_(times(io_size_, job_.time_based ? ~std::uint64_t{0} : job_.loops)),
      most_ios_(times(job_.number_ios, job_.loops)),
      long_passes_(has_long_passes(job_)),
      end_(end_of(job_)),
      mix_(instances.front()),
      pacer_(job_, mix64(instances.front().seed, kPaceStream)),
      think_(job_),
      gate_(job_),
      backlog_(job_),
      regions_(instances),
      read_back_offset_(instances.front().offset) {}

IoGenerator::Step IoGenerator::next(util::TimePs elapsed, IoRequest& request) {
    if (flow_group_) flow_.join(std::exchange(flow_group_, nullptr), job_.flow);
    while (phase_ != Phase::kDone) {
        Step step = Step::kDone;
        switch (phase_) {
            case Phase::kPattern:
                step = next_of_pattern(elapsed, request);
                break;
            case Phase::kEndFlush:
                step = next_of_end_flush(request);
                break;
            case Phase::kReadBack:
                step = next_of_read_back(request);
                break;
            case Phase::kDone:
                break;
        }
        if (step != Step::kDone) return step;
        if (in_flight_ > 0) return Step::kWait;
        enter_next_phase(elapsed);
    }
    return Step::kDone;
}

void IoGenerator::enter_next_phase(util::TimePs elapsed) {
    if (phase_ == Phase::kPattern) {
        phase_ = Phase::kEndFlush;
    } else if (phase_ == Phase::kEndFlush) {
        phase_ = Phase::kReadBack;
        read_back_region_ = 0;
        read_back_offset_ = regions_[0].instance.offset;
    } else {
        ++passes_;
        phase_ = starts_over(elapsed) ? Phase::kPattern : Phase::kDone;
        pacer_.begin_loop(elapsed);
        regions_.rewind();
        if (phase_ == Phase::kDone) flow_.leave();
    }
}

bool IoGenerator::starts_over(util::TimePs elapsed) const {
    if (stopped_ || time_is_up_ || has_enough_ios() || time_has_come(elapsed)) return false;
    if (job_.time_based) return true;
    if (bytes_ >= most_bytes_) return false;
    return passes_ < job_.loops ||
           (bytes_ < io_size_ && io_size_ - bytes_ >= job_.largest_block() && job_.io_size.set());
}

bool IoGenerator::pattern_has_ended(util::TimePs elapsed) const {
    if (stopped_ || time_is_up_ || time_has_come(elapsed) || has_enough_ios()) return true;
    if (bytes_ >= most_bytes_) return true;
    return regions_.exhausted() && !(long_passes_ && bytes_ < io_size_);
}

bool IoGenerator::flush_is_due() const {
    return (job_.fsync != 0 && writes_since_fsync_ >= job_.fsync) ||
           (job_.fdatasync != 0 && writes_since_fdatasync_ >= job_.fdatasync);
}

IoRequest IoGenerator::draw(util::TimePs elapsed) {
    IoRequest request;
    if (think_.due(elapsed) && last_completion_) {
        request.not_before = think_.end_of_pause(*last_completion_);
        think_.paused(request.not_before);
    }
    request.op = pacer_.give_way(mix_.next(), std::max(elapsed, request.not_before));
    request.not_before = std::max(request.not_before, pacer_.due(request.op));
    request.verify = job_.verify && request.op == Op::kRead;
    request.force_unit_access = job_.force_unit_access && request.op == Op::kWrite;
    // The write behind a trim is to the same bytes.
    const bool again = job_.pattern.trims_before_writes() && request.op == Op::kWrite;
    if (!again) drawn_region_ = regions_.take_turn();
    request.region = drawn_region_;
    const AccessPattern::Place place = regions_[request.region].pattern.next(request.op);
    request.offset = place.offset;
    request.length = place.length;
    return request;
}

IoGenerator::Step IoGenerator::next_of_pattern(util::TimePs elapsed, IoRequest& request) {
    if (backlog_.reading()) return read_backlog(request);
    if (pattern_has_ended(elapsed)) {
        held_.reset();
        return Step::kDone;
    }
    if (in_flight_ > 0 && (think_.due(elapsed) || !gate_.open(in_flight_))) return Step::kWait;
    if (!held_) {
        if (flush_is_due()) return issue_flush(request, regions_.take_turn());
        if (flow_.ahead()) {
            const util::TimePs pause = job_.flow_sleep != 0 ? job_.flow_sleep : util::kPsPerUs;
            request.not_before = elapsed + std::min(pause, util::kNever - elapsed);
            return Step::kPause;
        }
        held_ = draw(elapsed);
        if (end_ != 0 && held_->not_before >= end_) {
            time_is_up_ = true;
            held_.reset();
            return Step::kDone;
        }
    }
    return issue_drawn(request);
}

IoGenerator::Step IoGenerator::issue_drawn(IoRequest& request) {
    JobRegion& region = regions_[held_->region];
    if (region.ledger && !region.ledger->begin(*held_)) return Step::kWait;
    const IoRequest drawn = *held_;
    held_.reset();
    ++ios_;
    // They are counted once.
    const bool counts = !job_.pattern.trims_before_writes() || drawn.op == Op::kWrite;
    const std::uint32_t length = counts ? drawn.length : 0;
    bytes_ += length;
    // With gaps, or backwards, a pass ends where the pattern does.
    if (job_.sequential_step == 0) region.left -= std::min<std::uint64_t>(region.left, length);
    const Op leader = job_.pattern.trims_before_writes() ? Op::kTrim : drawn.op;
    if (counts && region.pattern.at_end(leader)) region.left = 0;
    pacer_.issued(drawn.op, drawn.length);
    think_.issued();
    flow_.issued();
    if (drawn.op == Op::kWrite) {
        ++writes_since_fsync_;
        ++writes_since_fdatasync_;
        region.unflushed = true;
        backlog_.wrote(drawn);
    }
    return issue(request, drawn);
}

/// When all of the writes have completed, one read for each.
IoGenerator::Step IoGenerator::read_backlog(IoRequest& request) {
    IoRequest read;
    if (stopped_ || !backlog_.next(read)) return Step::kDone;
    if (!regions_[read.region].ledger->begin(read)) return Step::kWait;
    backlog_.taken();
    ++ios_;
    return issue(request, read);
}

IoGenerator::Step IoGenerator::next_of_end_flush(IoRequest& request) {
    if (!job_.end_fsync || stopped_) return Step::kDone;
    for (unsigned i = 0; i < regions_.size(); ++i) {
        if (!regions_[i].unflushed) continue;
        // A Flush covers what completed before it: only now, with nothing in flight, that is all.
        if (in_flight_ > 0) return Step::kWait;
        regions_[i].unflushed = false;
        return issue_flush(request, i);
    }
    return Step::kDone;
}

/// One region after the other.
IoGenerator::Step IoGenerator::next_of_read_back(IoRequest& request) {
    if (!job_.verify || !job_.pattern.writes || !job_.do_verify || stopped_) return Step::kDone;
    if (backlog_.used()) return read_backlog(request);
    const std::uint32_t length = job_.largest_block(Op::kWrite);
    for (;;) {
        VerifyLedger& ledger = *regions_[read_back_region_].ledger;
        const VerifyLedger::Extent extent = ledger.next_written(read_back_offset_, length);
        if (extent.length == 0) {
            if (read_back_region_ + 1 == regions_.size()) return Step::kDone;
            read_back_offset_ = regions_[++read_back_region_].instance.offset;
            continue;
        }
        IoRequest read;
        read.verify = true;
        read.read_back = true;
        read.region = read_back_region_;
        read.offset = extent.offset;
        read.length = extent.length;
        if (!ledger.begin(read)) return Step::kWait;
        read_back_offset_ = extent.offset + extent.length;
        ++ios_;
        return issue(request, read);
    }
}

IoGenerator::Step IoGenerator::issue(IoRequest& request, const IoRequest& source) {
    request = source;
    request.sequence = sequence_++;
    gate_.issued(++in_flight_);
    return Step::kIssue;
}

IoGenerator::Step IoGenerator::issue_flush(IoRequest& request, unsigned region) {
    if (writes_since_fsync_ >= job_.fsync) writes_since_fsync_ = 0;
    if (writes_since_fdatasync_ >= job_.fdatasync) writes_since_fdatasync_ = 0;
    IoRequest flush;
    flush.op = Op::kFlush;
    flush.region = region;
    return issue(request, flush);
}

void IoGenerator::complete(const IoRequest& request, bool success, util::TimePs elapsed) {
    if (in_flight_ > 0) --in_flight_;
    last_completion_ = elapsed;
    std::optional<VerifyLedger>& ledger = regions_[request.region].ledger;
    if (ledger && request.op != Op::kFlush) ledger->end(request, success);
}

void IoGenerator::fill(void* buffer, const IoRequest& request) const {
    const JobRegion& region = regions_[request.region];
    if (region.ledger) {
        region.ledger->fill(buffer, request);
    } else {
        fill_random(buffer, request.length, mix64(region.instance.seed, request.sequence));
    }
}

std::optional<std::string> IoGenerator::check(const void* buffer, const IoRequest& request) const {
    if (regions_[request.region].ledger)
        return regions_[request.region].ledger->check(buffer, request);
    const VerifyFormat& format = regions_[request.region].format;
    if (format.kind == VerifyKind::kNull) return std::nullopt;
    if (format.kind == VerifyKind::kPattern)
        return check_pattern(buffer, request.length, VerifyLedger::unit_of(job_), request.offset,
                             format);
    const auto* bytes = static_cast<const unsigned char*>(buffer);
    for (std::uint32_t at = 0; at < request.length;) {
        const VerifiedBlock block =
            check_verify_block(bytes + at, request.length - at, request.offset + at, format);
        if (!block.header) return block.problem;
        at += block.header->length;
    }
    return std::nullopt;
}

double IoGenerator::progress(util::TimePs elapsed) const {
    if (phase_ == Phase::kDone) return 1.0;
    const auto share = [](std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0.0
                          : std::min(static_cast<double>(part) / static_cast<double>(whole), 1.0);
    };
    const double by_time = share(elapsed, end_);
    if (job_.time_based) return by_time;
    double done = std::max(share(bytes_, most_bytes_), share(ios_, most_ios_));
    if (regions_[0].ledger && job_.do_verify) {
        // Half of the work of a pass is its read-back.
        const double passes = std::max(1.0, static_cast<double>(job_.loops));
        double read = static_cast<double>(passes_) / passes;
        if (phase_ == Phase::kReadBack) {
            const JobInstance& region = regions_[read_back_region_].instance;
            const double part = share(read_back_offset_ - region.offset, region.size);
            read += (read_back_region_ + part) / static_cast<double>(regions_.size()) / passes;
        }
        done = (done + std::min(read, done)) / 2;
    }
    return std::max(done, by_time);
}

}  // namespace platform
