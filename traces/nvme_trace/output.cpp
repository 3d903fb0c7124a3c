// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/output.h"

#include <cerrno>
#include <cstring>

#include "platform/config/output_file.h"
#include "platform/config/streams.h"

namespace nvme_trace {

bool tell(std::FILE* to, const std::string& text) {
    errno = 0;
    if (std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0)
        return true;
    std::fprintf(stderr, "nvme-trace: standard output: cannot write: %s\n", std::strerror(errno));
    return false;
}

void tell_problem(const std::string& problem) {
    std::fprintf(stderr, "nvme-trace: %s\n", platform::one_line(problem).c_str());
}

bool deliver(const std::string& path, const std::string& text) {
    if (path == "-") return tell(stdout, text);
    platform::OutputFile file(path);
    if (file.problem().empty() && file.commit(text)) return true;
    tell_problem(file.problem());
    return false;
}

}  // namespace nvme_trace
