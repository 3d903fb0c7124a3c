// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "models/nvme/spec/registers.h"
#include "models/observe/command_slots.h"
#include "models/observe/completion_watch.h"
#include "models/observe/memory_lint.h"
#include "models/observe/namespace_news.h"
#include "models/observe/trace.h"

namespace observe {

/// Tells what a driver does wrong, as it happens. It sees nothing but the events of one controller,
/// so it costs nothing where it is not attached. What a driver does in its own memory it cannot
/// see: a completion entry that is read before its phase tag has changed, for one.
class DriverLint final : public TraceSink {
public:
    struct Options {
        bool volatile_write_cache = true;  ///< the controller has one
    };
    /// `out` gets each finding as an event; may be null.
    explicit DriverLint(Options options, TraceSink* out = nullptr) : options_(options), out_(out) {}
    DriverLint() : DriverLint(Options{}) {}

    /// How often a rule was broken, and the first times. What they say of why lives as long as the
    /// lint.
    struct Count {
        static constexpr std::size_t kMostNext = 4;

        std::uint64_t count = 0;
        LintFinding first{};
        std::vector<LintFinding> next{};  ///< after the first
    };
    [[nodiscard]] const Count& of(LintRule rule) const {
        return counts_[static_cast<std::size_t>(rule)];
    }
    [[nodiscard]] std::uint64_t findings() const { return findings_; }
    /// How often a rule was met that is no fault (LintRuleInfo::hint).
    [[nodiscard]] std::uint64_t hints() const { return hints_; }
    /// It is `now`, even if nothing happens: what has lasted too long is found. Time that is not
    /// later than that of the last event changes nothing.
    void look(util::TimePs now);
    /// When that is worth it; kNever: nothing lasts.
    [[nodiscard]] util::TimePs due() const { return std::min(watch_.due(), no_request_until_); }

    void record(const RegisterWrite& e) override;
    void record(const AccessRefused& e) override;
    void record(const Doorbell& e) override;
    void record(const QueueChange& e) override;
    void record(const StaleEntries& e) override;
    void record(const CommandFetched& e) override;
    void record(const CommandRefused& e) override;
    void record(const DataBuffer& e) override;
    void record(const CommandCompleted& e) override;
    void record(const Interrupt& e) override;
    void record(const InterruptHeld& e) override;
    void record(const StateChange& e) override;
    void record(const ControllerError& e) override;
    void record(const Reset& e) override;
    void record(const FaultInjected& e) override;
    void record(const AsyncEvent& e) override;
    void record(const NamespaceChange& e) override;
    void record(const QueueLevels& e) override;

private:
    static constexpr std::uint32_t kNone = LintFinding::kNone;
    static constexpr std::uint32_t kSqeBytes = 64, kCqeBytes = 16;
    /// Of a queue's memory.
    static constexpr std::uint32_t queue_key(std::uint16_t qid, bool completion) {
        return std::uint32_t{qid} << 1 | (completion ? 1u : 0u);
    }
    /// A submission queue whose entries were all fetched is empty until the host adds to it.
    struct Backlog {
        bool empty = true;
        NamespaceNews::Moment since = 0;  ///< not empty
    };
    void find(util::TimePs ps, LintRule rule, std::uint64_t value, std::uint32_t qid = kNone,
              std::uint32_t cid = kNone, std::string_view why = {});
    void write_property(util::TimePs ps, std::uint32_t offset, unsigned size, std::uint64_t value);
    void write_cc(util::TimePs ps, nvme::spec::Cc cc);
    void check_enable(util::TimePs ps);
    void check_shutdown(util::TimePs ps, nvme::spec::Cc cc);
    void write_admin_queue(util::TimePs ps, std::uint32_t offset, unsigned size,
                           std::uint64_t value);
    void check_doorbell(const Doorbell& e);
    void check_change(const Doorbell& e);
    void check_negotiation(const CommandFetched& e);
    void take_over(std::uint8_t opcode, std::uint32_t cdw10);
    [[nodiscard]] bool was_written(const CommandFetched& e, CommandSlot& command);
    /// Time has come to here.
    void reach(util::TimePs ps) {
        if (ps >= due()) look(ps);
    }
    void check_event_requests(util::TimePs ps);
    void forget_queues();
    void forget_queue(std::uint16_t sqid);
    void saw_entries(std::uint16_t sqid);
    [[nodiscard]] std::size_t io_queues() const { return sqs_.size() + cqs_.size(); }
    /// Admin commands that wait for an event are outstanding without end.
    [[nodiscard]] std::size_t outstanding() const {
        return outstanding_ - std::min<std::size_t>(outstanding_, event_requests_);
    }

    const Options options_;
    TraceSink* const out_;
    std::array<Count, kLintRules> counts_{};
    std::uint64_t findings_ = 0, hints_ = 0;

    nvme::spec::Cc cc_;
    nvme::spec::Csts csts_;
    std::uint32_t aqa_ = 0;
    std::uint64_t asq_ = 0, acq_ = 0;
    std::set<std::uint16_t> sqs_, cqs_;  // I/O queues
    CompletionWatch watch_;
    std::vector<std::uint16_t> doorbells_;          // values, index 2 * QID + (1: of a head)
    bool queues_negotiated_ = false;                // since the last reset
    CommandSlots commands_;                         // outstanding, or with buffers
    std::size_t outstanding_ = 0;                   // commands
    std::set<std::uint32_t> unflushed_;             // namespaces with cached writes
    unsigned event_requests_ = 0;                   // outstanding
    util::TimePs no_request_until_ = util::kNever;  // after an event had been delivered
    std::uint32_t last_event_ = 0;
    std::vector<bool> vectors_told_;
    std::vector<Backlog> backlogs_;  // index SQID
    NamespaceNews::Moment moment_ = 0;
    NamespaceNews news_;
    MemoryLint memory_;
    // A fault plan has acted: what fails then is its doing.
    util::TimePs fault_ps_ = util::kNever;
    bool doorbell_may_be_late_ = false;  // by a fault plan: its time lies ahead of all others
    std::set<std::string, std::less<>> whys_;
};

}  // namespace observe
