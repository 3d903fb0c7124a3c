// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "models/nvme/spec/registers.h"
#include "models/observe/command_slots.h"
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

    /// How often a rule was broken, and the first time.
    struct Count {
        std::uint64_t count = 0;
        LintFinding first{};
    };
    [[nodiscard]] const Count& of(LintRule rule) const {
        return counts_[static_cast<std::size_t>(rule)];
    }
    [[nodiscard]] std::uint64_t findings() const { return findings_; }
    /// How often a rule was met that is no fault (LintRuleInfo::hint).
    [[nodiscard]] std::uint64_t hints() const { return hints_; }

    void record(const RegisterWrite& e) override;
    void record(const AccessRefused& e) override;
    void record(const Doorbell& e) override;
    void record(const QueueChange& e) override;
    void record(const CommandFetched& e) override;
    void record(const CommandRefused& e) override;
    void record(const DataBuffer& e) override;
    void record(const CommandCompleted& e) override;
    void record(const Interrupt& e) override;
    void record(const StateChange& e) override;
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
    struct CompletionQueue {
        bool exists = false;
        std::uint32_t size = 0;
        util::TimePs waited_since = util::kNever;
    };

    void find(util::TimePs ps, LintRule rule, std::uint64_t value, std::uint32_t qid = kNone,
              std::uint32_t cid = kNone);
    void write_property(util::TimePs ps, std::uint32_t offset, unsigned size, std::uint64_t value);
    void write_cc(util::TimePs ps, nvme::spec::Cc cc);
    void check_enable(util::TimePs ps);
    void check_shutdown(util::TimePs ps, nvme::spec::Cc cc);
    void write_admin_queue(util::TimePs ps, std::uint32_t offset, unsigned size,
                           std::uint64_t value);
    void check_event_requests(util::TimePs ps);
    void forget_queues();
    void forget_queue(std::uint16_t sqid);
    void saw_entries(std::uint16_t sqid);
    [[nodiscard]] CompletionQueue* find_cq(std::uint16_t cqid);
    [[nodiscard]] std::size_t io_queues() const { return sqs_.size() + cq_count_; }

    const Options options_;
    TraceSink* const out_;
    std::array<Count, kLintRules> counts_{};
    std::uint64_t findings_ = 0, hints_ = 0;

    nvme::spec::Cc cc_;
    nvme::spec::Csts csts_;
    std::uint32_t aqa_ = 0;
    std::uint64_t asq_ = 0, acq_ = 0;
    std::set<std::uint16_t> sqs_;                   // I/O submission queues
    std::vector<CompletionQueue> cqs_;              // I/O completion queues, index CQID
    std::size_t cq_count_ = 0;                      // of those that exist
    CommandSlots commands_;                         // outstanding, or with buffers
    std::size_t outstanding_ = 0;                   // commands
    std::set<std::uint32_t> unflushed_;             // namespaces with cached writes
    unsigned event_requests_ = 0;                   // outstanding
    util::TimePs no_request_since_ = util::kNever;  // after an event had been delivered
    std::uint32_t last_event_ = 0;
    std::vector<bool> vectors_told_;
    std::vector<Backlog> backlogs_;  // index SQID
    NamespaceNews::Moment moment_ = 0;
    NamespaceNews news_;
    MemoryLint memory_;
};

}  // namespace observe
