// SPDX-License-Identifier: Apache-2.0
#include "sc_main/standard_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "sc_main/command_line.h"

namespace nvme_vp {

namespace {

constexpr std::size_t kMostTold = 20;
constexpr std::size_t kLongestLine = 1000;

bool lost = false;  // a text that did not arrive

/// Bytes of a valid UTF-8 sequence that begins `text`; 0: there is none.
std::size_t sequence_at(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned first = byte(0);
    const std::size_t length = first < 0x80                     ? 1
                               : first >= 0xc2 && first <= 0xdf ? 2
                               : first >= 0xe0 && first <= 0xef ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                                                                : 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    // Overlong forms, surrogates and what is beyond U+10FFFF.
    const unsigned second = byte(1);
    const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                       (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
    return wrong ? 0 : length;
}

/// What a user gave may hold line ends and what a terminal takes for orders.
std::string one_line(std::string_view text) {
    std::string line;
    while (!text.empty() && line.size() < kLongestLine) {
        const std::size_t length = sequence_at(text);
        const bool printable = length > 2 ||
                               (length == 2 && !(text[0] == '\xc2' && text[1] < '\xa0')) ||
                               (length == 1 && text[0] >= ' ' && text[0] != '\x7f');
        if (printable)
            line.append(text.substr(0, length));
        else
            line += '?';
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return text.empty() ? line : line + "...";
}

}  // namespace

void prepare_streams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) != -1) continue;
        // The lowest that is free: this one. Nobody is there whom a lost message could be told.
        (void)::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY);
    }
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

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
    for (std::size_t i = 0; i < told; ++i) tell(stderr, "nvme-vp: " + one_line(problems[i]) + "\n");
    if (told < problems.size())
        tell(stderr, "nvme-vp: ... and " + std::to_string(problems.size() - told) + " more\n");
    if (problems.size() > 1)
        tell(stderr, "nvme-vp: " + std::to_string(problems.size()) + " problems\n");
}

int exit_code(int code) {
    return lost && code == kGood ? kRunFailed : code;
}

}  // namespace nvme_vp
