// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/output.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include "platform/config/output_file.h"

namespace nvme_trace {

void prepare_streams() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

bool tell(std::FILE* to, const std::string& text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0)
        return true;
    std::fprintf(stderr, "nvme-trace: standard output: cannot write: %s\n", std::strerror(errno));
    return false;
}

// What a user gave may hold line ends and what a terminal takes for orders.
void tell_problem(const std::string& problem) {
    std::string line = problem.substr(0, 1000);
    for (char& c : line)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    std::fprintf(stderr, "nvme-trace: %s\n", line.c_str());
}

bool deliver(const std::string& path, const std::string& text) {
    if (path == "-") return tell(stdout, text);
    platform::OutputFile file(path);
    if (file.problem().empty() && file.commit(text)) return true;
    tell_problem(file.problem());
    return false;
}

}  // namespace nvme_trace
