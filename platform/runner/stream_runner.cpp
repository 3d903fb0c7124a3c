// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/stream_runner.h"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace platform {

namespace {

using util::TimePs;

constexpr std::uint64_t kMaxBlocks = 65'536;  // of one command
constexpr std::uint64_t kSmallestBuffer = 4096;
/// A controller that completes nothing for so long has lost a command.
constexpr TimePs kPatience = 10 * util::kPsPerS;

/// Towards a distant request in pieces, so that an interruption does not have to wait for it: few
/// enough that each of them may take the host some time.
TimePs piece_of(TimePs pause) {
    return std::max(std::min(pause, kPatience), pause / 64);
}

}  // namespace

StreamRunner::StreamRunner(RunContext& context, Stream& stream, StreamResult& result,
                           std::uint16_t qid)
    : context_(context), stream_(stream), result_(result), qid_(qid), slots_(stream.depth) {}

StreamRunner::~StreamRunner() {
    for (const Slot& slot : slots_)
        if (slot.buffer) context_.driver.release(slot.buffer);
}

std::uint64_t StreamRunner::queue_entries(const Stream& stream, std::uint64_t max_transfer) {
    const std::uint64_t most = max_transfer == 0 ? stream.largest_request : max_transfer;
    const std::uint64_t parts =
        most == 0 ? 1 : std::max<std::uint64_t>((stream.largest_request + most - 1) / most, 1);
    return stream.depth * parts + 1;
}

bool StreamRunner::allocate() {
    free_.reserve(slots_.size());
    waiting_.reserve(slots_.size());
    finished_.reserve(slots_.size());
    for (auto slot = slots_.rbegin(); slot != slots_.rend(); ++slot) {
        slot->owner = this;
        slot->buffer = context_.driver.allocate(std::max(stream_.largest_request, kSmallestBuffer));
        if (!slot->buffer) return false;
        free_.push_back(&*slot);
    }
    return true;
}

void StreamRunner::run() {
    wait_to_begin();
    begin_ = context_.time.now();
    const TimePs settled = util::later(begin_, stream_.ramp_time);
    result_.io.begin_at(settled);
    if (stream_.reporting) log_ = IoLog::make(*stream_.reporting, settled);
    for (;;) {
        if (is_to_end()) stop();
        // (1) Draw requests while there are slots, (2) send their commands with one doorbell.
        issue();
        submit_waiting();
        context_.driver.ring(qid_);
        // (3) What failed to be sent is finished already; (4) otherwise sleep until something is.
        if (finished_.empty()) {
            if (done_ && free_.size() == slots_.size()) return check_source();
            if (!wait_for_something()) return;
        }
        // (5) Account for what has completed.
        for (std::size_t i = 0; i < finished_.size(); ++i) finish(*finished_[i]);
        finished_.clear();
    }
}

void StreamRunner::wait_to_begin() {
    const TimePs begin = util::later(context_.time.now(), stream_.start_delay);
    while (context_.time.now() < begin && !is_to_end())
        sc_core::wait(context_.time.to_sc(piece_of(begin - context_.time.now())));
}

void StreamRunner::issue() {
    while (!free_.empty() && !done_) {
        if (!held_) {
            const RequestSource::Step step = stream_.source->next(elapsed(), held_request_);
            done_ = step == RequestSource::Step::kDone;
            held_ = step == RequestSource::Step::kIssue;
            ask_again_ = step == RequestSource::Step::kPause ? held_request_.io.not_before : 0;
            if (!held_) return;
        }
        if (held_request_.io.not_before > elapsed()) return;
        Slot& slot = *free_.back();
        free_.pop_back();
        slot.request = held_request_;
        held_ = false;
        if (slot.request.io.op == Op::kWrite) stream_.source->fill(slot.buffer.data, slot.request);
        begin(slot);
    }
}

void StreamRunner::begin(Slot& slot) {
    slot.issued = context_.time.now();
    slot.submitted = 0;
    slot.failed = false;
    waiting_.push_back(&slot);
}

void StreamRunner::submit_waiting() {
    std::size_t sent = 0;
    while (sent < waiting_.size() && submit(*waiting_[sent]))
        if (++sent % std::max(stream_.batch, 1U) == 0 && stream_.batch != 0)
            context_.driver.ring(qid_);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(sent));
}

/// False: the queue is full, and the rest of the request has to wait.
bool StreamRunner::submit(Slot& slot) {
    while (!slot.all_submitted()) {
        std::uint64_t bytes = 0;
        const Ticket ticket = submit_part(slot, bytes);
        if (ticket.error == DriverError::kQueueFull) return false;
        slot.submitted += bytes;
        if (ticket.error == DriverError::kNone) {
            ++slot.outstanding;
            ++commands_in_flight_;
            ++result_.commands;
            continue;
        }
        slot.failed = true;
        slot.failure = Completion::failed(ticket.error);
        slot.submitted = std::max<std::uint64_t>(slot.request.io.length, 1);
    }
    if (slot.outstanding == 0) finished_.push_back(&slot);
    return true;
}

Ticket StreamRunner::submit_part(Slot& slot, std::uint64_t& bytes) {
    HostDriver& driver = context_.driver;
    const IoRequest& io = slot.request.io;
    const std::uint32_t nsid = slot.request.nsid;
    const OnCompletion call{&StreamRunner::on_completion, &slot};
    bytes = 1;
    if (io.op == Op::kFlush)
        return driver.submit(qid_, commands::flush(nsid), {}, call, Doorbell::kLater);

    const std::uint32_t block = driver.block_bytes(nsid);
    if (block == 0) return {DriverError::kBadArgument};
    if (io.op == Op::kTrim) {
        const spec::DsmRange range{0, io.length / block, io.offset / block};
        std::memcpy(slot.buffer.data, &range, sizeof(range));
        return driver.submit(qid_, commands::dataset_management(nsid, 1),
                             {slot.buffer.gpa, sizeof(range)}, call, Doorbell::kLater);
    }
    const std::uint64_t limit = driver.max_transfer_bytes();
    bytes = std::min(io.length - slot.submitted, kMaxBlocks * block);
    const std::uint64_t lba = (io.offset + slot.submitted) / block;
    if (io.op == Op::kWriteZeroes)
        return driver.submit(
            qid_, commands::write_zeroes(nsid, lba, static_cast<std::uint32_t>(bytes / block)), {},
            call, Doorbell::kLater);
    if (limit != 0) bytes = std::min(bytes, limit);
    const auto blocks = static_cast<std::uint32_t>(bytes / block);
    return driver.submit(qid_,
                         io.op == Op::kRead
                             ? commands::read(nsid, lba, blocks)
                             : commands::write(nsid, lba, blocks, io.force_unit_access),
                         {slot.buffer.gpa + slot.submitted, bytes}, call, Doorbell::kLater);
}

void StreamRunner::on_completion(void* context, const Completion& completion) {
    auto& slot = *static_cast<Slot*>(context);
    slot.owner->command_ended(slot, completion);
}

void StreamRunner::command_ended(Slot& slot, const Completion& completion) {
    --commands_in_flight_;
    --slot.outstanding;
    if (!completion.ok() && !slot.failed) {
        slot.failed = true;
        slot.failure = completion;
    }
    if (slot.outstanding == 0 && slot.all_submitted()) finished_.push_back(&slot);
}

/// False: nothing will ever happen again.
bool StreamRunner::wait_for_something() {
    const TimePs now = elapsed();
    const TimePs next = held_ ? held_request_.io.not_before : ask_again_;
    const bool timed = next > now && !free_.empty();
    const TimePs pause = timed ? next - now : kPatience;
    if (commands_in_flight_ == 0) {
        if (!timed) {
            give_up("the workload waits, but nothing is in flight");
            return false;
        }
        sc_core::wait(context_.time.to_sc(piece_of(pause)));
        return true;
    }
    const bool came =
        context_.driver.wait_any(qid_, context_.time.to_sc(std::min(pause, kPatience))) != 0;
    if (came || pause < kPatience || !finished_.empty()) return true;
    give_up("queue " + std::to_string(qid_) + ": no completion within " + format_time(kPatience) +
            " of simulated time");
    return false;
}

void StreamRunner::finish(Slot& slot) {
    StreamRequest& request = slot.request;
    IoStatistics& statistics = request.io.read_back ? result_.read_back : result_.io;
    if (slot.failed) {
        finish_failed(slot, statistics);
    } else {
        record(slot, statistics);
        if (request.io.verify) {
            if (const auto wrong = stream_.source->check(slot.buffer.data, request)) {
                context_.errors.add(RunErrors::Kind::kVerification, stream_.name + ": " + *wrong);
                if (stream_.stop_on_mismatch) stop();
            }
        }
        if (stream_.source->follow_up(request)) return begin(slot);
        stream_.source->complete(request, true, elapsed());
    }
    free_.push_back(&slot);
    if (context_.on_completion) context_.on_completion();
}

/// What completes while the job settles is counted nowhere.
void StreamRunner::record(const Slot& slot, IoStatistics& statistics) {
    if (elapsed() < stream_.ramp_time) return;
    const IoRequest& io = slot.request.io;
    const TimePs now = context_.time.now();
    statistics.record(io.op, io.length, slot.issued, now);
    if (log_) log_->record(io, slot.issued, now);
}

/// As in fio, a command that fails ends its job: what comes after it would not mean what it should.
void StreamRunner::finish_failed(Slot& slot, IoStatistics& statistics) {
    const bool refused = slot.failure.error == DriverError::kNone;
    std::ostringstream text;
    text << describe(slot.request) << ": " << slot.failure;
    context_.errors.add(refused ? RunErrors::Kind::kCommand : RunErrors::Kind::kDriver, text.str());
    statistics.record_error(slot.request.io.op, slot.issued, context_.time.now());
    stream_.source->complete(slot.request, false, elapsed());
    stop();
}

void StreamRunner::check_source() {
    if (log_)
        if (const std::string wrong = log_->close(context_.time.now()); !wrong.empty())
            context_.errors.add(RunErrors::Kind::kDriver, stream_.name + ": " + wrong);
    const std::string why = stream_.source->problem();
    if (!why.empty()) context_.errors.add(RunErrors::Kind::kDriver, stream_.name + ": " + why);
}

void StreamRunner::stop() {
    stream_.source->stop();
    if (!held_) return;
    held_ = false;
    stream_.source->complete(held_request_, false, elapsed());
}

void StreamRunner::give_up(const std::string& why) {
    stop();
    context_.errors.add(RunErrors::Kind::kDriver, stream_.name + ": " + why);
}

std::string StreamRunner::describe(const StreamRequest& request) const {
    std::string text = stream_.name + ": " + std::string{name_of(request.io.op)};
    if (request.io.op != Op::kFlush)
        text += " of " + std::to_string(request.io.length) + " bytes at offset " +
                std::to_string(request.io.offset);
    return text + " of namespace " + std::to_string(request.nsid);
}

}  // namespace platform
