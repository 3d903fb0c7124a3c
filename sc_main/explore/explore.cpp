// SPDX-License-Identifier: Apache-2.0
#include "sc_main/explore/explore.h"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "platform/config/terminal_line.h"
#include "platform/explore/minimise.h"
#include "platform/explore/perturbation.h"
#include "sc_main/explore/reproduction.h"
#include "sc_main/explore/trials.h"
#include "sc_main/standard_streams.h"
#include "sc_main/sweep/stop_signals.h"

namespace nvme_vp {

namespace {

namespace fs = std::filesystem;
using Failure = Verdict::Failure;
using Orders = std::vector<Trials::Order>;
using Verdicts = std::vector<Verdict>;

constexpr const char* kPlain = "plain";
/// Of the run without perturbations, unless the user says until when runs go.
constexpr const char* kPlainUntil = "3600s";

/// When a guest that needs `plain_ns` undisturbed has ended, or hangs: what goes wrong takes time,
/// and some of the driver's time-outs.
std::string latest_end(std::uint64_t plain_ns, std::uint64_t driver_timeout_ns) {
    constexpr std::uint64_t kTimes = 10, kTimeouts = 4, kNsPerSecond = 1'000'000'000;
    if (driver_timeout_ns == 0) driver_timeout_ns = platform::RunOptions().driver_timeout_ns;
    const std::uint64_t ns = kTimes * plain_ns + kTimeouts * driver_timeout_ns;
    return std::to_string((ns + kNsPerSecond - 1) / kNsPerSecond) + "s";
}

/// A folder that was not there before: nothing of the user's is lost, and nothing of an exploration
/// before is taken for something of this one.
void make_folder(const fs::path& folder, std::vector<std::string>& problems) {
    std::error_code error;
    const std::string where = "out = \"" + folder.string() + "\": ";
    if (fs::exists(folder, error))
        problems.push_back(where + "is there already: remove it, or choose another");
    else if (!fs::create_directories(folder, error))
        problems.push_back(where + error.message());
}

/// One exploration, from the run without perturbations to the reproduction of a failure.
class Exploration {
public:
    Exploration(const CommandLine& line, const fs::path& folder)
        : run_(line.config.run),
          controllers_(platform::count_controllers(line.config.system)),
          trials_(line.config, folder) {}

    int go() {
        const bool until_exit = run_.until == platform::RunOptions().until;
        if (until_exit) trials_.end_at(kPlainUntil);
        const auto plain = trials_.run({{kPlain, {}}});
        if (!plain) return stopped();
        if (plain->front().failure != Failure::kNone) {
            tell(stdout, "fails without any perturbation: " + plain->front().text + "\n" +
                             trials_.folder(kPlain).string() + " has what it said\n");
            return kRunFailed;
        }
        if (until_exit)
            trials_.end_at(latest_end(trials_.simulated_ns(kPlain), run_.driver_timeout_ns));
        what_ = {trials_.commands(kPlain), run_.perturbations, run_.driver_timeout_ns};
        for (std::uint32_t done = 0; done < run_.seeds;) {
            const auto count = std::min<std::uint32_t>(trials_.at_a_time(), run_.seeds - done);
            const auto verdicts = try_seeds(run_.seed + done, count);
            if (!verdicts) return stopped();
            for (std::uint32_t i = 0; i != count; ++i)
                if ((*verdicts)[i].failure != Failure::kNone)
                    return found(run_.seed + done + i, (*verdicts)[i]);
            done += count;
            if (progress_.due())
                progress_.show(std::to_string(done) + " of " + std::to_string(run_.seeds) +
                               " seeds");
        }
        progress_.clear();
        tell(stdout, "none of " + std::to_string(run_.seeds) + " seeds fails\n");
        return kGood;
    }

private:
    int stopped() {
        progress_.clear();
        tell(stderr, "stopped after " + std::to_string(trials_.count()) + " runs\n");
        return kRunFailed;
    }

    std::optional<Verdicts> try_seeds(std::uint64_t first, std::uint32_t count) {
        Orders orders;
        for (std::uint32_t i = 0; i != count; ++i)
            orders.push_back({"seed_" + std::to_string(first + i),
                              platform::draw_perturbations(first + i, what_)});
        return run(orders);
    }

    /// Runs them, and removes the files of those that are good.
    std::optional<Verdicts> run(const Orders& orders) {
        auto verdicts = trials_.run(orders);
        for (std::size_t i = 0; i != orders.size(); ++i)
            if (!verdicts || (*verdicts)[i].failure == Failure::kNone)
                trials_.remove(orders[i].name);
        return verdicts;
    }

    /// The first of the candidates that fails in the same way. Which one that is does not depend on
    /// how many run at a time.
    std::optional<std::size_t> first_failing(const std::vector<platform::Perturbations>& candidates,
                                             const Verdict& wanted) {
        for (std::size_t begin = 0; begin < candidates.size() && !stopped_;) {
            Orders orders;
            for (std::size_t i = begin;
                 i != candidates.size() && orders.size() != trials_.at_a_time(); ++i)
                orders.push_back({"try_" + std::to_string(i), candidates[i]});
            const auto verdicts = run(orders);
            stopped_ = !verdicts;
            for (std::size_t i = 0; i != orders.size(); ++i) trials_.remove(orders[i].name);
            for (std::size_t i = 0; verdicts && i != orders.size(); ++i) {
                ++tried_;
                if ((*verdicts)[i].same_as(wanted)) return begin + i;
            }
            begin += orders.size();
            if (progress_.due())
                progress_.show("making less of it, " + std::to_string(trials_.count()) + " runs");
        }
        return std::nullopt;
    }

    int found(std::uint64_t seed, const Verdict& verdict) {
        const platform::Perturbations drawn = platform::draw_perturbations(seed, what_);
        progress_.clear();
        tell(stdout, "seed " + std::to_string(seed) + " fails: " + verdict.text + "\n");
        const platform::Perturbations least =
            platform::minimise(drawn, [&](const std::vector<platform::Perturbations>& candidates) {
                return first_failing(candidates, verdict);
            });
        progress_.clear();
        if (stopped_) return stopped();
        tell(stdout, std::to_string(least.size()) + " of its " + std::to_string(drawn.size()) +
                         " perturbations are enough, after " + std::to_string(tried_) +
                         " more runs:\n");
        for (const platform::Perturbation& one : least)
            tell(stdout, "    " + platform::text_of(one, controllers_) + "\n");
        trials_.remove("seed_" + std::to_string(seed));
        const auto again = trials_.run({{kReproduction, least, true}});
        if (!again) return stopped();
        if (!again->front().same_as(verdict)) {
            tell(stdout, "but not again: something outside of the simulation decides\n");
            return kRunFailed;
        }
        tell(stdout, write_reproduction(trials_.folder(kReproduction),
                                        {seed, drawn, least, controllers_, again->front().text}));
        return kRunFailed;
    }

    const platform::RunOptions run_;
    const std::size_t controllers_;
    Trials trials_;
    platform::PerturbedRun what_;
    platform::TerminalLine progress_;
    std::size_t tried_ = 0;  // candidates, up to those that were taken
    bool stopped_ = false;
};

}  // namespace

int explore(CommandLine& line) {
    const fs::path folder = line.config.run.out.empty() ? "explore" : line.config.run.out;
    make_folder(folder, line.problems);
    if (!line.problems.empty()) return kUsage;
    hold_stop_signals();
    try {
        return Exploration(line, folder).go();
    } catch (const RefusedRun& refused) {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
        line.problems.emplace_back(refused.what());
        return kUsage;
    }
}

}  // namespace nvme_vp
