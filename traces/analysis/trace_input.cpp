// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/trace_input.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "models/observe/binary_format.h"
#include "models/observe/binary_reader.h"
#include "models/observe/text_reader.h"
#include "traces/analysis/story.h"

namespace analysis {

namespace {

constexpr std::string_view kTextBegins = "# nvme-tlm event trace,";

}  // namespace

ReadResult read_trace(const std::string& path, observe::TraceSink& sink) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return {path + ": is a directory, not an event trace", {}};
    std::ifstream file(path, std::ios::binary);
    if (!file) return {path + ": " + std::strerror(errno), {}};
    std::string first(observe::binary::kMagic.size(), '\0');
    file.read(first.data(), static_cast<std::streamsize>(first.size()));
    first.resize(static_cast<std::size_t>(file.gcount()));
    file.clear();
    file.seekg(0);
    if (!file) return {path + ": cannot be read twice, and a trace is", {}};
    if (first == observe::binary::kMagic) return {{}, observe::read_binary_trace(file, sink)};
    if (first.compare(0, kTextBegins.size(), kTextBegins) == 0)
        return {{}, observe::read_text_trace(file, sink)};
    return {path + ": is no event trace: must be what nvme-vp --trace or --trace_binary writes",
            {}};
}

std::string analyse(const std::string& path, const Options& options, Analysis& analysis) {
    Analyser analyser(options);
    const ReadResult read = read_trace(path, analyser);
    if (!read.refused.empty()) return read.refused;
    analysis = analyser.finish();
    analysis.file = std::filesystem::path(path).filename().string();
    analysis.complete = read.damaged.empty();
    if (!analysis.complete)
        analysis.note =
            read.damaged + (analysis.note.empty() ? std::string{} : "; " + analysis.note);
    if (options.slowest == 0) return {};
    Storyteller storyteller(analysis, options.slowest);
    const ReadResult again = read_trace(path, storyteller);
    analysis.slowest = storyteller.finish();
    return again.refused;
}

}  // namespace analysis
