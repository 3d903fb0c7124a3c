// SPDX-License-Identifier: Apache-2.0
#include "sc_main/standard_streams.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "platform/config/streams.h"
#include "sc_main/command_line.h"

namespace nvme_vp {

namespace {

constexpr std::size_t kMostTold = 20;

bool lost = false;  // a text that did not arrive

}  // namespace

void tell(std::FILE* to, const std::string& text) {
    errno = 0;
    const bool arrived =
        std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
    if (arrived || lost) return;
    lost = true;
    std::fprintf(stderr, "nvme-vp: standard %s: cannot write: %s\n",
                 to == stderr ? "error" : "output", std::strerror(errno));
}

void tell_problems(const std::vector<std::string>& problems) {
    const std::size_t told = std::min(problems.size(), kMostTold);
    for (std::size_t i = 0; i < told; ++i)
        tell(stderr, "nvme-vp: " + platform::one_line(problems[i]) + "\n");
    if (told < problems.size())
        tell(stderr, "nvme-vp: ... and " + std::to_string(problems.size() - told) + " more\n");
    if (problems.size() > 1)
        tell(stderr, "nvme-vp: " + std::to_string(problems.size()) + " problems\n");
}

int exit_code(int code) {
    return lost && code == kGood ? kRunFailed : code;
}

}  // namespace nvme_vp
