// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/workload_generator.h"

#include <algorithm>

#include "platform/workload/random.h"
#include "platform/workload/verify_block.h"

namespace platform {

IoGenerator::IoGenerator(const JobInstance& instance)
    : instance_(instance), pattern_(instance), read_back_offset_(instance.offset) {
    if (instance.job.verify && instance.job.pattern.writes) ledger_.emplace(instance);
}

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
        read_back_offset_ = instance_.offset;
    } else if (starts_over(elapsed)) {
        phase_ = Phase::kPattern;
        ++loop_;
        bytes_ = 0;
        for (const Op op : {Op::kRead, Op::kWrite, Op::kTrim}) {
            // A read-back that took long must not be followed by a burst, and a short loop must not
            // be a way around the rate.
            rate_begin_[index_of(op)] = std::max(elapsed, scheduled(op));
        }
        issued_ = {};
        pattern_.rewind();
    } else {
        phase_ = Phase::kDone;
    }
}

bool IoGenerator::starts_over(util::TimePs elapsed) const {
    const Job& job = instance_.job;
    if (stopped_ || time_is_up_ || (job.number_ios != 0 && ios_ >= job.number_ios)) return false;
    if (job.runtime != 0 && elapsed >= job.runtime) return false;
    return job.time_based || loop_ + 1 < job.loops;
}

bool IoGenerator::pattern_has_ended(util::TimePs elapsed) const {
    const Job& job = instance_.job;
    return stopped_ || time_is_up_ || (job.runtime != 0 && elapsed >= job.runtime) ||
           (job.number_ios != 0 && ios_ >= job.number_ios) || bytes_ > instance_.io_size ||
           instance_.io_size - bytes_ < job.smallest_block();
}

bool IoGenerator::flush_is_due() const {
    const Job& job = instance_.job;
    return (job.fsync != 0 && writes_since_fsync_ >= job.fsync) ||
           (job.fdatasync != 0 && writes_since_fdatasync_ >= job.fdatasync);
}

util::TimePs IoGenerator::scheduled(Op op) const {
    const std::size_t direction = index_of(op);
    const std::uint64_t rate = instance_.job.rate_iops[direction];
    if (rate == 0) return 0;
    // Counted from the beginning, not added up: no rounding error accumulates.
    const UInt128 due = UInt128{issued_[direction]} * util::kPsPerS / rate + rate_begin_[direction];
    return due > util::kNever ? util::kNever : static_cast<util::TimePs>(due);
}

IoRequest IoGenerator::draw() {
    const AccessPattern::Access access = pattern_.next();
    IoRequest request;
    request.op = access.op;
    request.verify = instance_.job.verify && access.op == Op::kRead;
    request.offset = access.offset;
    request.length = access.length;
    request.not_before = scheduled(access.op);
    if (instance_.job.thinktime != 0 && last_completion_) {
        const util::TimePs room = util::kNever - *last_completion_;
        const util::TimePs after = *last_completion_ + std::min(room, instance_.job.thinktime);
        request.not_before = std::max(request.not_before, after);
    }
    return request;
}

IoGenerator::Step IoGenerator::next_of_pattern(util::TimePs elapsed, IoRequest& request) {
    const Job& job = instance_.job;
    if (pattern_has_ended(elapsed)) {
        held_.reset();
        return Step::kDone;
    }
    if (job.thinktime != 0 && in_flight_ > 0) return Step::kWait;
    if (!held_) {
        if (flush_is_due()) return issue_flush(request);
        held_ = draw();
        if (job.runtime != 0 && held_->not_before >= job.runtime) {
            time_is_up_ = true;
            held_.reset();
            return Step::kDone;
        }
    }
    if (ledger_ && !ledger_->begin(*held_)) return Step::kWait;
    const IoRequest drawn = *held_;
    held_.reset();
    ++ios_;
    bytes_ += drawn.length;
    ++issued_[index_of(drawn.op)];
    if (drawn.op == Op::kWrite) {
        ++writes_since_fsync_;
        ++writes_since_fdatasync_;
        unflushed_ = true;
    }
    return issue(request, drawn);
}

IoGenerator::Step IoGenerator::next_of_end_flush(IoRequest& request) {
    if (!instance_.job.end_fsync || !unflushed_ || stopped_) return Step::kDone;
    // A Flush covers what completed before it: only now, with nothing in flight, that is all.
    if (in_flight_ > 0) return Step::kWait;
    unflushed_ = false;
    return issue_flush(request);
}

IoGenerator::Step IoGenerator::next_of_read_back(IoRequest& request) {
    if (!ledger_ || !instance_.job.do_verify || stopped_) return Step::kDone;
    const std::uint32_t length = instance_.job.block_size[index_of(Op::kWrite)];
    const VerifyLedger::Extent extent = ledger_->next_written(read_back_offset_, length);
    if (extent.length == 0) return Step::kDone;
    IoRequest read;
    read.verify = true;
    read.read_back = true;
    read.offset = extent.offset;
    read.length = extent.length;
    if (!ledger_->begin(read)) return Step::kWait;
    read_back_offset_ = extent.offset + extent.length;
    return issue(request, read);
}

IoGenerator::Step IoGenerator::issue(IoRequest& request, const IoRequest& source) {
    request = source;
    request.sequence = sequence_++;
    ++in_flight_;
    return Step::kIssue;
}

IoGenerator::Step IoGenerator::issue_flush(IoRequest& request) {
    const Job& job = instance_.job;
    if (writes_since_fsync_ >= job.fsync) writes_since_fsync_ = 0;
    if (writes_since_fdatasync_ >= job.fdatasync) writes_since_fdatasync_ = 0;
    IoRequest flush;
    flush.op = Op::kFlush;
    return issue(request, flush);
}

void IoGenerator::complete(const IoRequest& request, bool success, util::TimePs elapsed) {
    if (in_flight_ > 0) --in_flight_;
    last_completion_ = elapsed;
    if (ledger_ && request.op != Op::kFlush) ledger_->end(request, success);
}

void IoGenerator::fill(void* buffer, const IoRequest& request) const {
    if (ledger_) {
        ledger_->fill(buffer, request);
    } else {
        fill_random(buffer, request.length, mix64(instance_.seed, request.sequence));
    }
}

std::optional<std::string> IoGenerator::check(const void* buffer, const IoRequest& request) const {
    if (ledger_) return ledger_->check(buffer, request);
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
    const Job& job = instance_.job;
    const auto share = [](std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0.0
                          : std::min(static_cast<double>(part) / static_cast<double>(whole), 1.0);
    };
    double loop = phase_ == Phase::kPattern ? share(bytes_, instance_.io_size) : 1.0;
    if (phase_ == Phase::kPattern) loop = std::max(loop, share(ios_, job.number_ios));
    if (ledger_ && job.do_verify) {
        loop /= 2;
        if (phase_ == Phase::kReadBack) {
            loop += share(read_back_offset_ - instance_.offset, instance_.size) / 2;
        }
    }
    const double by_time = share(elapsed, job.runtime);
    if (job.time_based) return by_time;
    const double by_loops = (static_cast<double>(loop_) + loop) / static_cast<double>(job.loops);
    return std::max(by_loops, by_time);
}

}  // namespace platform
