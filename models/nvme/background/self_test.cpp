// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/background/self_test.h"

#include <algorithm>
#include <cstring>

#include "models/media/estimates.h"
#include "models/nvme/spec/status.h"
#include "models/util/divide.h"

namespace nvme {
using spec::SelfTestCode;
using spec::SelfTestResult;
using util::kNever;
using util::kPsPerUs;
using util::TimePs;

namespace {

/// Of a piece, also where the media takes no time: a test is seen to go on, and can be aborted.
constexpr TimePs kLeastPieceTime = kPsPerUs;
constexpr std::size_t kPieceBytes = 128 * 1024;
constexpr std::uint64_t kMostPieces = 16'384;  // of a namespace: all of 2 GiB

bool passes(const ControllerState&) {
    return true;
}
bool no_critical_warning(const ControllerState& state) {
    return state.critical_warning().raw == 0;
}
bool backup_works(const ControllerState& state) {
    return !state.subsystem.health().volatile_backup_failed;
}
bool may_be_written(const ControllerState& state) {
    constexpr std::uint8_t kWornOut = 255;
    return state.subsystem.health().percentage_used != kWornOut;
}

std::uint64_t bytes_of(const Namespace& ns) {
    return ns.format().to_bytes(ns.blocks());
}
/// So many pieces of `length` read all.
std::uint64_t whole(const Namespace& ns, std::size_t length) {
    return util::divide_up(bytes_of(ns), length);
}

template <std::size_t N>
void put(std::uint8_t (&field)[N], std::uint64_t value) {
    static_assert(N == sizeof value);
    std::memcpy(field, &value, N);
}

}  // namespace

// The segments of the specification's example. [NVMe-Base-2.0 8.6 Device Self-test Operations,
// Example Device Self-test Operation]
const std::array<SelfTest::Segment, 9> SelfTest::kSegments{{
    // number, extended only, passes, reading: most pieces, length
    {1, false, passes, {}},                         // RAM check
    {2, false, no_critical_warning, {}},            // SMART check
    {3, false, backup_works, {}},                   // volatile memory backup
    {4, false, passes, {}},                         // metadata validation
    {5, false, passes, {3, 4096}},                  // NVM integrity
    {6, true, passes, {}},                          // data integrity
    {7, true, passes, {kMostPieces, kPieceBytes}},  // media check
    {8, false, may_be_written, {}},                 // drive life
    {9, false, no_critical_warning, {}},            // SMART check
}};

std::uint64_t SelfTest::Reading::pieces(const Namespace& ns) const {
    return length == 0 ? 0 : std::min(most, whole(ns, length));
}

SelfTest::Piece SelfTest::Reading::piece(const Namespace& ns, std::uint64_t number) const {
    const std::uint64_t bytes = bytes_of(ns);
    const bool all = whole(ns, length) <= most;
    const std::uint64_t offset = all ? number * length : number * ((bytes - length) / (most - 1));
    const std::uint64_t aligned = ns.format().to_bytes(ns.format().to_blocks(offset));
    return {aligned, static_cast<std::size_t>(std::min<std::uint64_t>(length, bytes - aligned))};
}

std::uint64_t SelfTest::effort() const {
    const auto mine = [this](const Segment& segment) { return has(segment); };
    auto effort =
        static_cast<std::uint64_t>(std::count_if(kSegments.begin(), kSegments.end(), mine));
    state_.subsystem.for_each([&](const Namespace& ns) {
        if (asked_nsid_ != spec::kNsidBroadcast && asked_nsid_ != ns.nsid()) return;
        for (const Segment& segment : kSegments)
            if (has(segment)) effort += segment.reading.pieces(ns);
    });
    return effort;
}

std::uint16_t SelfTest::extended_minutes() const {
    constexpr TimePs kMinute = 60 * util::kPsPerS;
    const TimePs piece =
        std::max(kLeastPieceTime, media::read_time(state_.subsystem.params().media, kPieceBytes));
    TimePs time = util::times(kSegments.size(), util::from_ns(state_.params.self_test_segment_ns));
    state_.subsystem.for_each([&](const Namespace& ns) {
        for (const Segment& segment : kSegments)
            time = util::later(time, util::times(segment.reading.pieces(ns), piece));
    });
    return static_cast<std::uint16_t>(std::min<TimePs>(0xffff, time / kMinute + 1));
}

void SelfTest::start(SelfTestCode code, std::uint32_t nsid) {
    code_ = code;
    asked_nsid_ = nsid;
    failure_.reset();
    done_ = 0;
    total_ = effort();
    buffer_.resize(kPieceBytes);
    begin_segment(0);
    state_.environment.wake({Process::Kind::kCoordinator}, state_.now());
}

void SelfTest::stop(SelfTestResult result) {
    if (!running()) return;
    add_entry(result);
    code_ = SelfTestCode::kNone;
    buffer_ = {};
}

TimePs SelfTest::step() {
    while (running() && due_ <= state_.now()) advance();
    return running() ? due_ : kNever;
}

void SelfTest::on_reset() {
    if (code_ == SelfTestCode::kShort) stop(SelfTestResult::kAbortedByReset);
}

void SelfTest::on_namespace_removed(std::uint32_t nsid) {
    if (asked_nsid_ == nsid) stop(SelfTestResult::kAbortedByNamespaceRemoval);
}

/// The one at `place`, or the next that this test has; behind the last the test is over.
void SelfTest::begin_segment(std::size_t place) {
    while (place < kSegments.size() && !has(kSegments[place])) ++place;
    if (place == kSegments.size())
        return stop(failure_ ? SelfTestResult::kFailedInSegment : SelfTestResult::kPassed);
    segment_ = place;
    reading_ = false;
    due_ = util::later(state_.now(), util::from_ns(state_.params.self_test_segment_ns));
}

void SelfTest::advance() {
    if (reading_) {
        end_piece();
    } else {
        if (!kSegments[segment_].passes(state_)) fail({});
        reading_ = true;
        nsid_ = asked_nsid_ == spec::kNsidBroadcast ? 1 : asked_nsid_;
        piece_ = 0;
    }
    ++done_;
    if (!begin_piece()) begin_segment(segment_ + 1);
}

/// False: there is none any more.
bool SelfTest::begin_piece() {
    const Reading& reading = kSegments[segment_].reading;
    if (reading.most == 0) return false;
    const bool all = asked_nsid_ == spec::kNsidBroadcast;
    const std::uint32_t last = all ? state_.subsystem.params().max_namespaces : asked_nsid_;
    for (; nsid_ != 0 && nsid_ <= last; ++nsid_, piece_ = 0) {
        const auto& ns = state_.subsystem.find(nsid_);
        if (!ns || piece_ >= reading.pieces(*ns)) continue;
        const Piece piece = reading.piece(*ns, piece_);
        const TimePs now = state_.now();
        due_ = std::max(util::later(now, kLeastPieceTime),
                        ns->media().begin_read(now, piece.offset, piece.length));
        return true;
    }
    return false;
}

/// The namespace may have gone or shrunk meanwhile.
void SelfTest::end_piece() {
    const auto& ns = state_.subsystem.find(nsid_);
    const Reading& reading = kSegments[segment_].reading;
    if (ns && piece_ < reading.pieces(*ns))
        if (const auto lba = unreadable_block(*ns, reading.piece(*ns, piece_)))
            fail(Failure::Block{nsid_, *lba});
    ++piece_;
}

// A block that the host has marked as uncorrectable is no fault of the media, but keeps a piece
// from being read at once.
std::optional<std::uint64_t> SelfTest::unreadable_block(Namespace& ns, const Piece& piece) {
    using media::IoStatus;
    const auto read = [&](std::uint64_t offset, std::size_t length) {
        return ns.media().read(offset, buffer_.data(), length, false);
    };
    const IoStatus of_all = read(piece.offset, piece.length);
    if (of_all == IoStatus::kOk) return std::nullopt;
    const std::size_t block = ns.config().lba_size;
    const std::uint64_t end = piece.offset + piece.length;
    for (std::uint64_t at = piece.offset; at < end; at += block)
        if (read(at, block) == IoStatus::kReadError) return ns.format().to_blocks(at);
    if (of_all != IoStatus::kReadError) return std::nullopt;
    return ns.format().to_blocks(piece.offset);
}

void SelfTest::fail(std::optional<Failure::Block> block) {
    if (block) state_.health.count_media_error();
    if (!failure_) failure_ = Failure{kSegments[segment_].number, block};
}

void SelfTest::add_entry(SelfTestResult result) {
    using Status = spec::SelfTestStatus;
    using Valid = spec::SelfTestValid;
    spec::SelfTestEntry entry{};
    entry.status = Status{}.with<Status::Result>(result).with<Status::Code>(code_).raw;
    put(entry.power_on_hours, state_.smart_log().power_on_hours.low);
    if (result == SelfTestResult::kFailedInSegment) entry.segment = failure_->segment;
    if (result == SelfTestResult::kFailedInSegment && failure_->block) {
        constexpr auto kStatus = static_cast<unsigned>(spec::StatusCode::kUnrecoveredReadError);
        entry.valid = Valid{}
                          .with<Valid::Nsid>(true)
                          .with<Valid::FailingLba>(true)
                          .with<Valid::StatusCodeType>(true)
                          .with<Valid::StatusCode>(true)
                          .raw;
        entry.nsid = failure_->block->nsid;
        put(entry.failing_lba, failure_->block->lba);
        entry.status_code_type = kStatus >> 8;
        entry.status_code = kStatus & 0xff;
    }
    results_.push_front(entry);
    if (results_.size() > spec::kSelfTestEntries) results_.pop_back();
}

spec::DeviceSelfTestLog SelfTest::log() const {
    using Status = spec::SelfTestStatus;
    spec::DeviceSelfTestLog log{};
    log.operation = static_cast<std::uint8_t>(code_);
    if (running())
        log.completion =
            static_cast<std::uint8_t>(std::min<std::uint64_t>(99, done_ * 100 / total_));
    for (spec::SelfTestEntry& entry : log.results)
        entry.status = Status{}.with<Status::Result>(SelfTestResult::kEntryNotUsed).raw;
    std::copy(results_.begin(), results_.end(), log.results);
    return log;
}

}  // namespace nvme
