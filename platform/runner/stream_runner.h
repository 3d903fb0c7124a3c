// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/util/sc_time_ps.h"
#include "platform/driver/host_driver.h"
#include "platform/runner/io_log.h"
#include "platform/runner/request_source.h"
#include "platform/runner/run_result.h"

namespace platform {

/// What the streams of one run share.
struct RunContext {
    HostDriver& driver;
    RunErrors& errors;
    const util::ScTimePs time;
    /// Set from outside (a signal handler): end early. May be null.
    const std::atomic<bool>* interrupt = nullptr;
    std::function<void()> on_completion;  ///< after each request; may be empty

    [[nodiscard]] bool interrupted() const { return interrupt != nullptr && interrupt->load(); }
};

/// Keeps the requests of one stream in flight on one queue pair, which must exist. Everything that
/// is needed per request is allocated before the first one.
///
/// A request that is larger than a command may be (MDTS, or 65536 blocks) goes out as several
/// commands and has completed when all of them have, as with an operating system.
class StreamRunner {
public:
    StreamRunner(RunContext& context, Stream& stream, StreamResult& result, std::uint16_t qid);
    ~StreamRunner();
    StreamRunner(const StreamRunner&) = delete;
    StreamRunner& operator=(const StreamRunner&) = delete;

    /// False: host memory does not suffice.
    [[nodiscard]] bool allocate();
    /// Until the source is done, or nothing more can be expected of the controller. Called from an
    /// SC_THREAD.
    void run();
    /// Ends as soon as the stream looks at it, which it does after each completion.
    void end_early() { ended_early_ = true; }
    /// No command is outstanding: the object may go.
    [[nodiscard]] bool idle() const { return commands_in_flight_ == 0; }

    /// Entries of a submission queue that never is what limits the depth of `stream`.
    [[nodiscard]] static std::uint64_t queue_entries(const Stream& stream,
                                                     std::uint64_t max_transfer);

private:
    struct Slot {
        StreamRunner* owner = nullptr;
        DmaBuffer buffer;
        StreamRequest request;
        util::TimePs issued = 0;
        std::uint64_t submitted = 0;  // bytes; of a request without parts: 1 when it is out
        unsigned outstanding = 0;     // commands
        bool failed = false;
        Completion failure;

        /// More than one command may be needed for it.
        [[nodiscard]] bool has_parts() const {
            return request.io.op != Op::kTrim && request.io.op != Op::kFlush;
        }
        [[nodiscard]] bool all_submitted() const {
            return submitted >= (has_parts() ? request.io.length : 1);
        }
    };

    [[nodiscard]] util::TimePs elapsed() const { return context_.time.now() - begin_; }
    [[nodiscard]] bool is_to_end() const { return context_.interrupted() || ended_early_; }
    void wait_to_begin();
    void issue();
    void begin(Slot& slot);
    void submit_waiting();
    [[nodiscard]] bool submit(Slot& slot);
    [[nodiscard]] Ticket submit_part(Slot& slot, std::uint64_t& bytes);
    [[nodiscard]] bool wait_for_something();
    static void on_completion(void* slot, const Completion& completion);
    void command_ended(Slot& slot, const Completion& completion);
    void finish(Slot& slot);
    void record(const Slot& slot, IoStatistics& statistics);
    void finish_failed(Slot& slot, IoStatistics& statistics);
    void check_source();
    void stop();
    void give_up(const std::string& why);
    [[nodiscard]] std::string describe(const StreamRequest& request) const;

    RunContext& context_;
    Stream& stream_;
    StreamResult& result_;
    const std::uint16_t qid_;
    util::TimePs begin_ = 0;
    std::vector<Slot> slots_;
    std::vector<Slot*> free_;      // last in, first out
    std::vector<Slot*> waiting_;   // commands still to be submitted, in order
    std::vector<Slot*> finished_;  // all commands completed, in order
    StreamRequest held_request_;   // drawn from the source, but not to be issued yet
    bool held_ = false;
    util::TimePs ask_again_ = 0;  // the source pauses until then; 0: it does not
    bool done_ = false;
    bool ended_early_ = false;
    std::unique_ptr<IoLog> log_;  // null: none is wanted
    std::uint64_t commands_in_flight_ = 0;
};

}  // namespace platform
