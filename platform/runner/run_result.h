// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/injector.h"
#include "models/util/time.h"
#include "platform/runner/request_source.h"
#include "platform/workload/statistics.h"

namespace platform {

/// What went wrong during a run: counted without limit, described up to a limit.
class RunErrors {
public:
    enum class Kind : std::uint8_t {
        kVerification,  ///< data that was read is not what was written
        kCommand,       ///< a command completed with an error status
        kDriver,  ///< no completion at all, a step that never ended, or requests that are missing
    };
    void add(Kind kind, const std::string& message);
    [[nodiscard]] std::uint64_t of(Kind kind) const {
        return counts_[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] std::uint64_t total() const;
    [[nodiscard]] const std::vector<std::string>& messages() const { return messages_; }

private:
    static constexpr std::size_t kMaxMessages = 20;
    std::uint64_t counts_[3] = {};
    std::vector<std::string> messages_;
};

/// What one stream did. Read-back of verification is kept apart: it would falsify the rates of what
/// the job is about.
struct StreamResult {
    std::string name;
    std::string group;
    unsigned wave = 0;
    std::size_t controller = 0;  ///< counted through all subsystems
    unsigned queue = 0;
    std::uint32_t depth = 0;
    std::uint64_t commands = 0;  ///< NVMe commands; a large request is several
    IoStatistics io;
    IoStatistics read_back;
    std::shared_ptr<const JobReporting> reporting;  ///< of a job
};

/// The device as its driver sees it.
struct DeviceListing {
    struct Namespace {
        std::uint32_t nsid = 0;
        std::uint64_t blocks = 0;
        std::uint32_t block_bytes = 0;
        bool read_only = false;
        std::string nguid;
    };
    std::string model, serial, firmware, nqn, version;
    unsigned controller_id = 0;
    std::uint64_t max_transfer = 0;
    unsigned max_queue_entries = 0;
    unsigned msix_vectors = 0;
    bool volatile_write_cache = false;
    std::vector<Namespace> namespaces;
};

/// Every expectation of a fault plan is met.
[[nodiscard]] bool all_met(const std::vector<faults::RuleResult>& results);
/// One line for each rule; empty without rules.
[[nodiscard]] std::string faults_text(const std::vector<faults::RuleResult>& results);
[[nodiscard]] nlohmann::ordered_json faults_json(const std::vector<faults::RuleResult>& results);

struct RunResult {
    std::vector<DeviceListing> devices;                  ///< one for each controller
    std::vector<std::unique_ptr<StreamResult>> streams;  ///< in the order of the workload
    RunErrors errors;
    std::vector<faults::RuleResult> faults;  ///< of the fault plan, in its order
    /// Of a replay: the latencies that were recorded, for comparison; null: none were.
    std::shared_ptr<const IoStatistics> recorded;
    std::uint64_t protocol_errors = 0;    ///< completions that belong to no command
    std::uint64_t missed_interrupts = 0;  ///< completions without their interrupt
    bool interrupted = false;
    util::TimePs simulated = 0;
    double host_seconds = 0;  ///< on the wall
    double cpu_seconds = 0;   ///< of the process

    [[nodiscard]] bool good() const {
        return errors.total() == 0 && protocol_errors == 0 && missed_interrupts == 0 &&
               !interrupted && all_met(faults);
    }
    [[nodiscard]] std::uint64_t commands() const;
};

/// A short text for people.
[[nodiscard]] std::string listing_text(const DeviceListing& device);
/// The table of all jobs, then errors and what the host needed.
[[nodiscard]] std::string summary_text(const RunResult& result);
/// For programs. Everything but "host" is the same in every run of the same configuration.
[[nodiscard]] nlohmann::ordered_json result_json(const RunResult& result);

}  // namespace platform
