// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/config/program_config.h"
#include "platform/explore/perturbation.h"

namespace nvme_vp {

/// How a run of the guest has ended. Of several failures the first that is listed counts.
struct Verdict {
    enum class Failure : std::uint8_t {
        kNone,
        kConsole,  ///< the text that the user has named
        kLint,     ///< the driver has broken a rule
        kHang,     ///< a guest goes on when its time is over
        kProblem,  ///< nvme-vp has told what is wrong, a panic for instance
        kExit,     ///< the guest's first process has ended with something else than 0
        kProgram   ///< anything else that makes the run a bad one
    };
    Failure failure = Failure::kNone;
    std::string text;  ///< for people; empty when all is well
    std::string key;   ///< which one of its kind: the first rule, the exit code, the problem

    /// Of one cause, as far as that can be told.
    [[nodiscard]] bool same_as(const Verdict& other) const {
        return failure == other.failure && key == other.key;
    }
};

/// A run was not begun, since something of its options cannot be: which is what it says.
struct RefusedRun : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Runs one guest again and again, in processes of its own, each with perturbations of its own and
/// a folder of its own for its files.
class Trials {
public:
    struct Order {
        std::string name;  ///< of the folder, in that of all
        platform::Perturbations plan;
        bool with_trace = false;
    };
    /// The files of a folder.
    static constexpr const char *kConfig = "config.json", *kConsole = "console.txt",
                                *kReport = "report.json", *kTrace = "trace.txt", *kLog = "log.txt";

    /// `config` is that of the run without perturbations.
    Trials(platform::ProgramConfig config, std::filesystem::path folder);

    /// So many at a time.
    [[nodiscard]] unsigned at_a_time() const { return at_a_time_; }
    [[nodiscard]] std::filesystem::path folder(const std::string& name) const;
    /// Runs end at this simulated time, if not before: a text for the key `until`.
    void end_at(const std::string& until) { config_.run.until = until; }
    /// The verdicts, in the order of the orders; nothing: the user has stopped it. Throws
    /// RefusedRun, and std::runtime_error when a run cannot have its files or is lost.
    [[nodiscard]] std::optional<std::vector<Verdict>> run(const std::vector<Order>& orders);
    /// How many there have been.
    [[nodiscard]] std::size_t count() const { return count_; }
    /// When a run has ended, in simulated time.
    [[nodiscard]] std::uint64_t simulated_ns(const std::string& name) const;
    /// What controllers got in a run, each.
    [[nodiscard]] std::vector<std::uint64_t> commands(const std::string& name) const;
    /// Nobody needs its files any more.
    void remove(const std::string& name) const;

private:
    void prepare(const Order& order) const;
    [[nodiscard]] std::vector<std::string> words(const Order& order, unsigned slot) const;
    [[nodiscard]] Verdict judge(const std::string& name, int code) const;
    [[nodiscard]] nlohmann::json report(const std::string& name) const;

    platform::ProgramConfig config_;
    const std::filesystem::path folder_;
    const unsigned at_a_time_;
    const std::vector<unsigned> processors_;
    std::size_t count_ = 0;
};

}  // namespace nvme_vp
