// SPDX-License-Identifier: Apache-2.0
// How a guest has ended. A kernel whose first process ends panics, and says with which code.
#include <sys/wait.h>

#include <cstdlib>

#include "platform/uml/guest_process.h"

namespace platform::uml {

namespace {

constexpr const char* kPanic = "Kernel panic - not syncing: ";
constexpr const char* kInit = "Attempted to kill init! exitcode=0x";

/// What follows `words`, where they come last, to the end of that line.
std::string last_after(const std::string& text, const std::string& words) {
    const std::size_t at = text.rfind(words);
    if (at == std::string::npos) return {};
    const std::size_t begin = at + words.size();
    return text.substr(begin, text.find_first_of("\r\n", begin) - begin);
}

}  // namespace

GuestProcess::End judge_end(int status, const std::string& console) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    if (const std::string code = last_after(console, kInit); !code.empty()) {
        const auto init = static_cast<int>(std::strtoul(code.c_str(), nullptr, 16));
        if (WIFEXITED(init)) return {WEXITSTATUS(init), {}};
        return {128 + WTERMSIG(init),
                "the guest's init was ended by signal " + std::to_string(WTERMSIG(init))};
    }
    GuestProcess::End end{1, {}};
    if (const std::string panic = last_after(console, kPanic); !panic.empty())
        end.problem = "the guest's kernel has panicked: " + panic;
    else if (WIFSIGNALED(status))
        end.problem = "the guest's kernel was ended by signal " + std::to_string(WTERMSIG(status));
    else
        end.problem =
            "the guest's kernel has ended with exit code " + std::to_string(WEXITSTATUS(status));
    return end;
}

}  // namespace platform::uml
