// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "models/faults/action_table.h"
#include "models/faults/bad_blocks.h"
#include "models/faults/rule.h"
#include "models/faults/trigger.h"
#include "models/nvme/ports/fault_hooks.h"

namespace faults {

/// How a rule has fared.
struct RuleResult {
    std::string name;
    Action action;
    std::uint64_t matched = 0;  ///< what met the rule's conditions, in the rule's time
    std::uint64_t applied = 0;  ///< how often it acted
    /// Expectations only.
    std::uint64_t at_least = 0;
    std::optional<std::uint64_t> at_most;
    bool enabled = true;  ///< now
    [[nodiscard]] bool met() const {
        return action != Action::kExpect ||
               (matched >= at_least && (!at_most || matched <= *at_most));
    }
};

/// A fault plan at work on one controller: give it to NvmeController::set_faults(). The same plan
/// and the same behaviour of the host give the same faults.
///
/// All methods may be called from any process of the simulation. While faults strike, nothing is
/// allocated but by rules that change data on its way to the host.
class Injector final : public nvme::FaultHooks {
public:
    Injector();
    /// Rules that are good in the order of the plan; see add().
    explicit Injector(const std::vector<Rule>& plan);

    /// One more rule, at the end of the plan. Empty, or what is wrong with it, a line each; then
    /// nothing was added.
    std::string add(const Rule& rule);
    /// An action that happens by itself (power_cut, raise_interrupt, ...) now. Empty, or what is
    /// wrong.
    std::string inject(const Rule& rule);
    /// Switches a rule. False: there is none of that name.
    bool set_enabled(std::string_view name, bool enabled);
    /// Commands and completions that the rule postpones go on. False: no such rule.
    bool release(std::string_view name);
    /// The master switch. What waits goes on waiting.
    void set_active(bool active) { active_ = active; }
    /// Is called whenever a rule has acted or an expectation has matched, from the process that met
    /// it: it may look and notify, not wait.
    using Listener = std::function<void(const observe::FaultInjected&)>;
    void set_listener(Listener listener) { listener_ = std::move(listener); }

    /// In the order of the plan.
    [[nodiscard]] std::vector<RuleResult> results() const;
    /// Of one rule; of a rule that does not exist: all zero.
    [[nodiscard]] RuleResult result(std::string_view name) const;

    // nvme::FaultHooks (injector_commands.cpp)
    nvme::FetchVerdict on_fetched(std::uint16_t sqid, nvme::spec::SubmissionEntry& sqe,
                                  nvme::CommandFaults& faults) override;
    util::TimePs on_ended(nvme::CommandFaults& faults, util::TimePs at) override;
    bool on_posting(const nvme::CommandFaults& faults, nvme::spec::CompletionEntry& cqe) override;
    [[nodiscard]] bool held(const nvme::CommandFaults& faults) const override;
    [[nodiscard]] std::uint32_t releases() const override { return releases_; }

    // nvme::DmaFaults (injector_data.cpp)
    nvme::DmaResult read(nvme::HostMemory& memory, const nvme::DmaUse& use,
                         const nvme::AccessTime& when, std::uint64_t gpa, void* dst,
                         std::size_t len) override;
    nvme::DmaResult write(nvme::HostMemory& memory, const nvme::DmaUse& use,
                          const nvme::AccessTime& when, std::uint64_t gpa, const void* src,
                          std::size_t len) override;
    [[nodiscard]] bool allows_direct(const nvme::DmaUse& use) const override {
        return use.faults == nullptr || use.faults->data == 0;
    }
    // media::MediaFaults (injector_data.cpp)
    [[nodiscard]] bool read_fails(const media::MediaRange& range) override;
    [[nodiscard]] bool write_fails(const media::MediaRange& range) override;
    void rewritten(const media::MediaRange& range) override;

    // nvme::FaultHooks (injector_device.cpp)
    void attach(nvme::FaultTarget& target) override;
    std::uint64_t on_register_read(Space space, std::uint32_t offset, unsigned size,
                                   std::uint64_t value) override;
    bool on_doorbell(bool completion, std::uint16_t qid, util::TimePs& at) override;
    unsigned on_interrupt(std::uint16_t vector) override;
    util::TimePs on_pin(util::TimePs now) override;
    util::TimePs on_ready_change(bool ready, util::TimePs at) override;
    util::TimePs step(util::TimePs now) override;

private:
    using Index = std::uint16_t;

    struct Live {
        Live(const Rule& r, Index index) : rule(r), trigger(r, index), bad(r) {}
        Rule rule;
        Trigger trigger;
        BadBlocks bad;
        std::uint32_t releases = 0;
        std::uint64_t applied = 0;
    };
    /// Something of the device itself that is due at a time.
    struct Deed {
        enum class Kind : std::uint8_t { kRule, kInterrupt, kLinkUp, kLinkFast, kPowerOn, kInsert };
        util::TimePs at;
        Kind kind;
        Index rule;
        std::uint16_t vector;
    };
    /// The agenda's length is the guest's when what it does sets things off: beyond this many they
    /// do not happen, and beyond half of it interrupts are not delayed.
    static constexpr std::size_t kMostDeeds = 4096;

    [[nodiscard]] const std::vector<Index>& at(Place place) const {
        return places_[static_cast<std::size_t>(place)];
    }
    [[nodiscard]] Live* find(std::string_view name);
    [[nodiscard]] util::TimePs now() const;
    [[nodiscard]] bool fires(Live& live) {
        return live.rule.enabled && live.trigger.fires(live.rule, now());
    }
    void note(Live& live, const nvme::CommandFaults* command);

    [[nodiscard]] nvme::FetchVerdict decide(Index index) const;
    [[nodiscard]] util::TimePs postponed_to(const Rule& rule, util::TimePs at) const;
    [[nodiscard]] bool refuses(const nvme::DmaUse& use, bool write, std::size_t len);
    [[nodiscard]] Live* changer(const nvme::DmaUse& use);
    void pass(const nvme::DmaUse& use, Live* changer, std::byte* data, std::size_t len);
    [[nodiscard]] bool media_fails(Place place, const media::MediaRange& range);
    void schedule(const Deed& deed);
    void perform(const Deed& deed);
    void act(Index index);
    void insert();

    std::deque<Live> rules_;  // never moved: traces refer to names
    std::array<std::vector<Index>, kPlaces> places_;
    std::vector<Index> arrivals_;  // all rules that look at commands that arrive
    std::vector<Deed> agenda_;     // ascending time; among equal ones as they came
    nvme::FaultTarget* target_ = nullptr;
    Listener listener_;
    std::uint32_t releases_ = 0;
    bool lose_next_entry_ = false;  // the completion entry written next fails
    bool active_ = true;
};

/// One line: name, what was counted, what was expected.
[[nodiscard]] std::string describe(const RuleResult& result);

}  // namespace faults
