// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/guest_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <linux/close_range.h>

namespace platform::uml {

namespace fs = std::filesystem;

namespace {

/// What an end looks like is in the last lines.
constexpr std::streamoff kLastLines = 16 * 1024;
constexpr int kLastBreathMs = 10'000;
/// In place of the host's random numbers, from which a kernel seeds its own.
constexpr const char* kPreload = "libnvme_tlm_fixed_random.so";

std::string find_preload(const std::string& chosen) {
    const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
    const fs::path first = chosen.empty() ? program : fs::path(chosen);
    for (const fs::path& folder : {first, program / ".." / "lib" / "nvme_tlm"})
        if (fs::exists(folder / kPreload)) return fs::canonical(folder / kPreload);
    return {};
}

/// Where a guest's memory is a file: in memory, if there is room.
fs::path memory_folder() {
    if (const char* chosen = std::getenv("TMPDIR"); chosen != nullptr && *chosen != '\0')
        return fs::absolute(chosen);
    constexpr std::uint64_t kEnough = 512ull << 20;
    struct statvfs room {};
    if (::statvfs("/dev/shm", &room) == 0 && (room.f_flag & ST_NOEXEC) == 0 &&
        room.f_bavail * room.f_frsize >= kEnough)
        return "/dev/shm";
    return fs::temp_directory_path();
}

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (std::string& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

/// Between fork() and exec(): the same process whoever starts it. Its addresses, its descriptors
/// and its limits do not depend on ours.
void become_guest(const char* folder, char* const* argv, char* const* environment) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setsid();
    ::personality(ADDR_NO_RANDOMIZE);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    sigset_t signals;
    sigemptyset(&signals);
    ::sigprocmask(SIG_SETMASK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    if (::chdir(folder) != 0) return;
    const int in = ::open("/dev/null", O_RDWR);
    const int out = ::open("console", O_WRONLY | O_APPEND);
    if (::dup2(in, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0 ||
        ::dup2(out, STDERR_FILENO) < 0)
        return;
    ::close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    ::execve("linux", argv, environment);
}

}  // namespace

std::vector<std::string> kernel_arguments(const GuestOptions& options) {
    std::vector<std::string> words{"linux", "mem=256M", "umid=uml", "uml_dir=./u/",
                                   "time-travel=ext:" + std::to_string(options.number + 1) + ":cal",
                                   "time-travel-start=1700000000000000000",
                                   // The console is a file; panics end the guest.
                                   "con=null", "con0=null,fd:1", "panic=-1"};
    for (unsigned i = 0; i < options.controllers; ++i)
        words.push_back("virtio_uml.device=nv" + std::to_string(i) + ":1234");
    if (!options.initrd.empty()) words.emplace_back("initrd=initrd");
    std::istringstream more(options.append);
    for (std::string word; more >> word;) words.push_back(word);
    return words;
}

GuestProcess::~GuestProcess() {
    kill();
    calendar_.reset();
    devices_.clear();
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string GuestProcess::start(const GuestOptions& options) {
    std::string wrong = make_folder(options);
    if (wrong.empty()) wrong = listen(options.controllers);
    if (wrong.empty()) wrong = launch(options);
    return wrong;
}

std::string GuestProcess::make_folder(const GuestOptions& options) try {
    folder_ = (fs::temp_directory_path() / "nvme_vp_uml_XXXXXX").string();
    if (::mkdtemp(folder_.data()) == nullptr) {
        std::string wrong = folder_ + ": " + std::strerror(errno);
        folder_.clear();
        return wrong;
    }
    const fs::path folder = folder_;
    fs::create_symlink(fs::absolute(options.kernel), folder / "linux");
    if (!options.initrd.empty())
        fs::create_symlink(fs::absolute(options.initrd), folder / "initrd");
    const std::string preload = find_preload(options.library_folder);
    if (preload.empty()) return std::string{kPreload} + " is missing beside the program";
    fs::create_symlink(preload, folder / "random.so");
    fs::create_symlink(memory_folder(), folder / "memory");
    std::ofstream(folder / "console").close();
    return {};
} catch (const fs::filesystem_error& error) {
    return error.what();
}

std::string GuestProcess::listen(unsigned controllers) {
    calendar_ = std::make_unique<vfio_user::ListeningSocket>();
    std::string wrong = calendar_->open(folder_ + "/cal");
    for (unsigned i = 0; i < controllers && wrong.empty(); ++i) {
        devices_.push_back(std::make_unique<vfio_user::ListeningSocket>());
        wrong = devices_.back()->open(folder_ + "/nv" + std::to_string(i));
    }
    return wrong;
}

std::string GuestProcess::launch(const GuestOptions& options) {
    std::vector<std::string> words = kernel_arguments(options);
    std::vector<std::string> variables{"HOME=/", "LD_PRELOAD=./random.so", "PATH=/usr/bin:/bin",
                                       "TMPDIR=./memory"};
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> environment = pointers(variables);
    int report[2];
    if (::pipe2(report, O_CLOEXEC) != 0) return std::strerror(errno);
    const vfio_user::UniqueFd in(report[0]);
    vfio_user::UniqueFd out(report[1]);
    pid_ = ::fork();
    if (pid_ == 0) {
        become_guest(folder_.c_str(), argv.data(), environment.data());
        const int wrong = errno;
        [[maybe_unused]] const ssize_t told = ::write(report[1], &wrong, sizeof wrong);
        ::_exit(127);
    }
    if (pid_ < 0) return std::strerror(errno);
    out.reset();
    int wrong = 0;
    if (::read(in.get(), &wrong, sizeof wrong) == sizeof wrong) {
        kill();
        return options.kernel + ": cannot be started: " + std::strerror(wrong);
    }
    process_ = vfio_user::UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    return process_ ? post_guard() : std::string{"pidfd_open: "} + std::strerror(errno);
}

/// The processes of a guest whose kernel is killed go on and on, in a loop. When this process is
/// killed, another one has to end them.
std::string GuestProcess::post_guard() {
    int alive[2];
    if (::pipe2(alive, O_CLOEXEC) != 0) return std::strerror(errno);
    const vfio_user::UniqueFd watched(alive[0]);
    alive_ = vfio_user::UniqueFd(alive[1]);
    guard_ = ::fork();
    if (guard_ == 0) {
        ::setsid();  // an interrupt of the terminal is not for it
        ::dup2(watched.get(), STDIN_FILENO);
        ::close_range(1, ~0u, 0);
        char byte = 0;
        while (::read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
        }
        ::kill(-pid_, SIGKILL);
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
        ::_exit(0);
    }
    return guard_ > 0 ? "" : std::strerror(errno);
}

/// Before the guest's number can be somebody else's.
void GuestProcess::dismiss_guard() {
    if (guard_ <= 0) return;
    ::kill(guard_, SIGKILL);
    while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
    }
    guard_ = -1;
}

GuestProcess::End GuestProcess::wait() {
    if (pid_ > 0) {
        // Its connections end before it does.
        pollfd end{process_.get(), POLLIN, 0};
        while (::poll(&end, 1, kLastBreathMs) < 0 && errno == EINTR) {
        }
        kill();
    }
    std::ifstream file(console_path(), std::ios::binary | std::ios::ate);
    const std::streamoff size = file.tellg();
    file.seekg(size > kLastLines ? size - kLastLines : 0);
    std::ostringstream text;
    text << file.rdbuf();
    return judge_end(status_, text.str());
}

/// The group as well: the guest's processes would go on and on without their kernel. All before
/// the process is waited for, after which its number may be somebody else's.
void GuestProcess::kill() {
    if (pid_ <= 0) return;
    dismiss_guard();
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);  // before setsid() there is no group
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

}  // namespace platform::uml
