// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/workload_generator.h"

#include <algorithm>

#include "platform/workload/random.h"
#include "platform/workload/verify_block.h"

namespace platform {

namespace {

std::uint64_t most_ios_of(const Job& job) {
    const UInt128 most = UInt128{job.number_ios} * job.loops;
    constexpr std::uint64_t limit = ~std::uint64_t{0};
    return most > limit ? limit : static_cast<std::uint64_t>(most);
}

}  // namespace

IoGenerator::IoGenerator(const std::vector<JobInstance>& instances)
    : job_(instances.front().job),
      io_size_(instances.front().io_size),
      most_ios_(most_ios_of(job_)),
      mix_(instances.front()),
      pacer_(job_),
      regions_(instances),
      read_back_offset_(instances.front().offset) {}

IoGenerator::Step IoGenerator::next(util::TimePs elapsed, IoRequest& request) {
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
    } else if (starts_over(elapsed)) {
        phase_ = Phase::kPattern;
        ++loop_;
        bytes_ = 0;
        ios_before_ = ios_;
        pacer_.begin_loop(elapsed);
        regions_.rewind();
    } else {
        phase_ = Phase::kDone;
    }
}

bool IoGenerator::starts_over(util::TimePs elapsed) const {
    if (stopped_ || time_is_up_ || has_enough_ios()) return false;
    if (job_.runtime != 0 && elapsed >= job_.runtime) return false;
    return job_.time_based || loop_ + 1 < job_.loops;
}

bool IoGenerator::pattern_has_ended(util::TimePs elapsed) const {
    return stopped_ || time_is_up_ || (job_.runtime != 0 && elapsed >= job_.runtime) ||
           has_enough_ios() || bytes_ > io_size_ || io_size_ - bytes_ < job_.smallest_block();
}

bool IoGenerator::flush_is_due() const {
    return (job_.fsync != 0 && writes_since_fsync_ >= job_.fsync) ||
           (job_.fdatasync != 0 && writes_since_fdatasync_ >= job_.fdatasync);
}

IoRequest IoGenerator::draw(util::TimePs elapsed) {
    util::TimePs earliest = elapsed;
    IoRequest request;
    if (job_.thinktime != 0 && last_completion_) {
        const util::TimePs room = util::kNever - *last_completion_;
        request.not_before = *last_completion_ + std::min(room, job_.thinktime);
        earliest = std::max(earliest, request.not_before);
    }
    request.op = pacer_.give_way(mix_.next(), earliest);
    request.not_before = std::max(request.not_before, pacer_.due(request.op));
    request.verify = job_.verify && request.op == Op::kRead;
    request.region = regions_.take_turn();
    const AccessPattern::Place place = regions_[request.region].pattern.next(request.op);
    request.offset = place.offset;
    request.length = place.length;
    return request;
}

IoGenerator::Step IoGenerator::next_of_pattern(util::TimePs elapsed, IoRequest& request) {
    if (pattern_has_ended(elapsed)) {
        held_.reset();
        return Step::kDone;
    }
    if (job_.thinktime != 0 && in_flight_ > 0) return Step::kWait;
    if (!held_) {
        if (flush_is_due()) return issue_flush(request, regions_.take_turn());
        held_ = draw(elapsed);
        if (job_.runtime != 0 && held_->not_before >= job_.runtime) {
            time_is_up_ = true;
            held_.reset();
            return Step::kDone;
        }
    }
    JobRegion& region = regions_[held_->region];
    if (region.ledger && !region.ledger->begin(*held_)) return Step::kWait;
    const IoRequest drawn = *held_;
    held_.reset();
    ++ios_;
    bytes_ += drawn.length;
    region.left -= std::min<std::uint64_t>(region.left, drawn.length);
    pacer_.issued(drawn.op);
    if (drawn.op == Op::kWrite) {
        ++writes_since_fsync_;
        ++writes_since_fdatasync_;
        region.unflushed = true;
    }
    return issue(request, drawn);
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
    const std::uint32_t length = job_.block_size[index_of(Op::kWrite)];
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
    ++in_flight_;
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
    const auto* bytes = static_cast<const unsigned char*>(buffer);
    for (std::uint32_t at = 0; at < request.length;) {
        const VerifiedBlock block =
            check_verify_block(bytes + at, request.length - at, request.offset + at);
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
    double loop = phase_ == Phase::kPattern ? share(bytes_, io_size_) : 1.0;
    if (phase_ == Phase::kPattern)
        loop =
            std::max(loop, share(ios_ - ios_before_, most_ios_ - std::min(most_ios_, ios_before_)));
    if (regions_[0].ledger && job_.do_verify) {
        loop /= 2;
        if (phase_ == Phase::kReadBack) {
            const JobInstance& region = regions_[read_back_region_].instance;
            const double part = share(read_back_offset_ - region.offset, region.size);
            loop += (read_back_region_ + part) / static_cast<double>(regions_.size()) / 2;
        }
    }
    const double by_time = share(elapsed, job_.runtime);
    if (job_.time_based) return by_time;
    const double by_loops = (static_cast<double>(loop_) + loop) / static_cast<double>(job_.loops);
    return std::max(by_loops, by_time);
}

}  // namespace platform
