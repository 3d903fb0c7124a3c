// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/slurm_engine.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string_view>

#include "platform/config/output_file.h"
#include "sc_main/standard_streams.h"
#include "sc_main/sweep/stop_signals.h"

namespace nvme_vp {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Between two looks: the longer nothing is submitted, the longer, so that the controller of the
/// cluster has little to do.
constexpr std::chrono::milliseconds kShortestPause = 250ms, kLongestPause = 16s;

/// Runs a task on a node. Its words are the program, the directory, and the point of index 0.
constexpr const char* kScript =
    "#!/bin/sh\n"
    "exec >>\"$2/slurm.log\" 2>&1\n"
    "exec \"$1\" point \"$2\" \"$(($3 + SLURM_ARRAY_TASK_ID))\"\n";

constexpr std::string_view kNameBegin = "nvme-vp-";
constexpr std::string_view kHexDigits = "0123456789abcdef";

void complain(const std::string& problem) {
    tell_problems({"engine = \"slurm\": " + problem});
}

/// No other directory has it, on no machine of the cluster.
std::string new_name() {
    std::random_device random;
    std::string name{kNameBegin};
    for (int i = 0; i != 16; ++i) name += kHexDigits[random() % kHexDigits.size()];
    return name;
}

bool is_name(const std::string& text) {
    return text.size() == kNameBegin.size() + 16 && text.rfind(kNameBegin, 0) == 0 &&
           text.find_first_not_of(kHexDigits, kNameBegin.size()) == std::string::npos;
}

bool put(const fs::path& path, const std::string& text) {
    platform::OutputFile file(path.string());
    if (file.commit(text)) return true;
    complain(file.problem());
    return false;
}

/// So that a task that has vanished has a log like one that has failed.
void leave_log(const std::string& path, const SweepDirectory& directory) {
    if (fs::exists(path)) return;
    std::ofstream(path) << "Slurm has lost this task " << SlurmTasks::kMostTries << " times. See "
                        << (directory.path() / "slurm.log").string()
                        << ". All nodes must have this directory, and the program.\n";
}

}  // namespace

void SlurmEngine::check(std::vector<std::string>& problems) {
    const std::string where = "engine = \"slurm\": ";
    for (const char* command : {"sbatch", "squeue", "scancel", "scontrol"}) {
        if (has_command(command)) continue;
        problems.push_back(where + "there is no " + command +
                           " in PATH: it needs Slurm's commands (Debian's slurm-client) and a "
                           "cluster that they reach");
        return;
    }
    const CommandAnswer answer = slurm({"scontrol", "show", "config"});
    if (!answer.good)
        problems.push_back(where + answer.problem);
    else if (array_size_ = max_array_size(answer.out); array_size_ == 0)
        problems.push_back(where + "MaxArraySize, which scontrol shows, must be 1 or more");
}

SweepEnd SlurmEngine::run(const std::vector<SweepWork>& all, const SweepDirectory& directory,
                          const Done& done) {
    if (!prepare(directory)) return SweepEnd::kGivenUp;
    std::map<std::size_t, const SweepWork*> works;
    for (const SweepWork& work : all) works[work.point] = &work;
    SlurmTasks tasks;
    for (const SweepWork& work : all) tasks.add(work.point);
    std::chrono::milliseconds pause = kShortestPause;
    std::size_t told = 0;
    while (!tasks.all_settled()) {
        const bool bearable = look(tasks, directory) && submit(tasks, directory, pause);
        for (const std::size_t point : tasks.take_failed())
            leave_log(works.at(point)->log, directory);
        if (tasks.settled() != told) done(told = tasks.settled());
        if (tasks.all_settled()) break;
        if (!bearable) return SweepEnd::kGivenUp;
        if (stopped_within(pause)) {
            cancel();
            return SweepEnd::kStopped;
        }
        pause = std::min(2 * pause, kLongestPause);
    }
    return SweepEnd::kAll;
}

/// What the tasks need in the directory, and the name of the jobs.
bool SlurmEngine::prepare(const SweepDirectory& directory) {
    const fs::path path = directory.path() / "slurm.name";
    std::ifstream(path) >> name_;
    if (!is_name(name_)) {
        name_ = new_name();
        if (!put(path, name_ + "\n")) return false;
    }
    return put(directory.path() / "slurm.sh", kScript);
}

/// False: nobody can be asked, for too long.
bool SlurmEngine::look(SlurmTasks& tasks, const SweepDirectory& directory) {
    const Clock::time_point asked = Clock::now();
    const CommandAnswer answer = ask_queue();
    // After the queue: what has just left it has its report here.
    for (const std::size_t point : directory.reported())
        if (tasks.expects(point) && directory.report(point)) tasks.arrived(point);
    if (!answer.good) return bear(queue_, answer, asked);
    queue_ = {};
    const SlurmQueue queue = queue_of(answer.out, name_);
    jobs_.insert(queue.jobs.begin(), queue.jobs.end());
    accepted_ = accepted_ || !queue.jobs.empty();
    tasks.look(queue.points);
    return true;
}

/// Submits what is wanted. With a limit one array at a time: Slurm limits each by itself. False:
/// nothing can be submitted, for too long or at all.
bool SlurmEngine::submit(SlurmTasks& tasks, const SweepDirectory& directory,
                         std::chrono::milliseconds& pause) {
    if (queue_.failing || (most_ != 0 && tasks.any_queued())) return true;
    for (const SlurmArray& array : arrays_of(tasks.wanted(), array_size_)) {
        const Clock::time_point asked = Clock::now();
        const CommandAnswer answer = submit_array(array, directory);
        if (!answer.good) {
            // A limit of the cluster, perhaps: there is room when those have ended.
            if (tasks.any_queued()) return true;
            if (accepted_) return bear(submission_, answer, asked);
            if (!stop_is_pending()) complain(answer.problem);
            return stop_is_pending();
        }
        submission_ = {};
        accepted_ = true;
        pause = kShortestPause;
        tasks.submitted(array.points);
        if (const std::string job = job_of(answer.out); !job.empty()) jobs_.insert(job);
        if (most_ != 0) break;
    }
    return true;
}

CommandAnswer SlurmEngine::submit_array(const SlurmArray& array,
                                        const SweepDirectory& directory) const {
    const std::string base = std::to_string(array.base);
    const std::string at_a_time = most_ != 0 ? "%" + std::to_string(most_) : "";
    const fs::path folder = fs::absolute(directory.path());
    return slurm({"sbatch", "--parsable", "--no-requeue", "--job-name=" + name_ + "." + base,
                  "--array=" + indices_of(array) + at_a_time,
                  "--chdir=" + fs::current_path().string(), "--output=/dev/null",
                  "--error=/dev/null", (folder / "slurm.sh").string(),
                  fs::read_symlink("/proc/self/exe").string(), folder.string(), base});
}

CommandAnswer SlurmEngine::ask_queue() const {
    return slurm({"squeue", "--me", "--noheader", "--array", "--format=%F %K %j"});
}

/// False: it has failed for longer than anybody wants to wait.
bool SlurmEngine::bear(Failing& failing, const CommandAnswer& answer, Clock::time_point asked) {
    if (!failing.failing) failing = {true, asked};
    if (stop_is_pending() || Clock::now() - failing.since < patience_) return true;
    complain(answer.problem + " (for " + std::to_string(patience_.count()) + " s)");
    return false;
}

/// Nothing of ours goes on, if Slurm can be reached. Another signal ends that at once.
void SlurmEngine::cancel() {
    const CommandAnswer queue = ask_queue();
    const std::set<std::string> jobs = queue.good ? queue_of(queue.out, name_).jobs : jobs_;
    if (jobs.empty()) return;
    std::vector<std::string> words{"scancel"};
    words.insert(words.end(), jobs.begin(), jobs.end());
    if (const CommandAnswer answer = slurm(words); !answer.good) return complain(answer.problem);
    // Tasks have something to put away.
    for (int looks = 0; looks != 40 && !stopped_within(kShortestPause); ++looks) {
        const CommandAnswer answer = ask_queue();
        if (!answer.good || queue_of(answer.out, name_).jobs.empty()) return;
    }
}

}  // namespace nvme_vp
