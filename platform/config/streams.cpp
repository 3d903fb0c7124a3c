// SPDX-License-Identifier: Apache-2.0
#include "platform/config/streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace platform {

namespace {

constexpr std::size_t kLongestLine = 1000;

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

}  // namespace platform
