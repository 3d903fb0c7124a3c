// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/commands.h"

#include <filesystem>
#include <stdexcept>

#include "models/observe/binary_trace.h"
#include "models/observe/text_trace.h"
#include "traces/analysis/csv.h"
#include "traces/analysis/difference.h"
#include "traces/analysis/expression.h"
#include "traces/analysis/perfetto.h"
#include "traces/analysis/report_json.h"
#include "traces/analysis/report_text.h"
#include "traces/analysis/trace_input.h"
#include "traces/export/blkparse.h"
#include "traces/export/fio_logs.h"
#include "traces/export/sqlite_database.h"
#include "traces/nvme_trace/live.h"
#include "traces/nvme_trace/output.h"
#include "traces/nvme_trace/reading.h"
#include "traces/page/trace_page.h"

namespace nvme_trace {

namespace {

/// False: told why not. What is missing of a damaged file is told, too, and the rest is good.
bool read(const std::string& path, const CommandLine& line, std::size_t slowest,
          analysis::Analysis& analysis) {
    analysis::Options options;
    options.block_bytes = line.block_bytes;
    options.slowest = slowest;
    options.scope = line.scope;
    options.most_commands = line.most_commands;
    options.progress = shown_on_terminal(path);
    const std::string problem = analysis::analyse(path, options, analysis);
    options.progress = nullptr;  // with its line, before anything is told
    if (!problem.empty()) {
        tell_problem(problem);
        return false;
    }
    if (!analysis.complete) tell_problem(path + ": " + analysis.note);
    return true;
}

std::string report_in(Format format, const analysis::Analysis& analysis) {
    switch (format) {
        case Format::kJson:
            return analysis::report_json(analysis);
        case Format::kHtml:
            return traces::trace_page(analysis::report_json(analysis));
        case Format::kCsv:
            return analysis::commands_csv(analysis);
        default:
            return analysis::report_text(analysis);
    }
}

int report(const CommandLine& line) {
    constexpr std::size_t kSlowest = 20;
    analysis::Analysis analysis;
    if (!read(line.files[0], line, kSlowest, analysis)) return kUsage;
    const std::string text = report_in(line.format, analysis);
    return deliver(line.output, text) ? kGood : kUsage;
}

int stats(const CommandLine& line) {
    analysis::Analysis analysis;
    if (!read(line.files[0], line, 0, analysis)) return kUsage;
    return deliver("-", analysis::stats_text(analysis)) ? kGood : kUsage;
}

int grep(const CommandLine& line) {
    std::string problem;
    const auto expression = analysis::Expression::parse(line.expression, problem);
    if (expression == nullptr) {
        tell_problem("\"" + line.expression + "\": " + problem);
        return kUsage;
    }
    analysis::Analysis analysis;
    if (!read(line.files[0], line, 0, analysis)) return kUsage;
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < analysis.commands.size(); ++i)
        if (expression->holds(analysis.commands[i])) found.push_back(i);
    std::string text;
    if (line.format == Format::kCsv) {
        std::vector<analysis::Command> commands;
        commands.reserve(found.size());
        for (const std::size_t i : found) commands.push_back(analysis.commands[i]);
        analysis.commands = std::move(commands);
        text = analysis::commands_csv(analysis);
    } else if (!found.empty()) {
        text = analysis::commands_text(analysis, found);
    }
    if (!deliver(line.output, text)) return kUsage;
    return found.empty() ? kDifferent : kGood;
}

int diff(const CommandLine& line) {
    analysis::Analysis a;
    analysis::Analysis b;
    if (!read(line.files[0], line, 0, a) || !read(line.files[1], line, 0, b)) return kUsage;
    if (a.file == b.file) {
        a.file = line.files[0];
        b.file = line.files[1];
    }
    const analysis::Difference difference = analysis::compare(a, b, line.max_shift);
    if (!deliver("-", difference.text)) return kUsage;
    return difference.diverges || difference.shifted ? kDifferent : kGood;
}

/// The trace in its other form.
template <typename Trace>
int rewrite(const CommandLine& line) {
    std::error_code ignored;
    if (std::filesystem::equivalent(line.files[0], line.output, ignored)) {
        tell_problem("--output = \"" + line.output + "\": is the trace itself");
        return kUsage;
    }
    // Before the other one is replaced.
    observe::TraceSink nobody;
    if (const auto read = analysis::read_trace(line.files[0], nobody); !read.refused.empty()) {
        tell_problem(read.refused);
        return kUsage;
    }
    try {
        Trace trace(line.output, observe::TraceDetail::kAll);
        const auto read =
            analysis::read_trace(line.files[0], trace, shown_on_terminal(line.files[0]));
        if (!read.damaged.empty()) tell_problem(line.files[0] + ": " + read.damaged);
        const std::string problem = trace.close();
        if (!problem.empty()) tell_problem(problem);
        return problem.empty() ? kGood : kUsage;
    } catch (const std::runtime_error& error) {
        tell_problem(error.what());
        return kUsage;
    }
}

std::string converted(const CommandLine& line, const analysis::Analysis& analysis) {
    switch (line.format) {
        case Format::kPerfetto:
            return analysis::perfetto_json(analysis);
        case Format::kSqlite:
            return analysis::sqlite_database(analysis);
        case Format::kBlkparse:
            return analysis::blkparse_text(analysis, line.block_bytes);
        default:
            return analysis::commands_csv(analysis);
    }
}

int convert(const CommandLine& line) {
    if (line.format == Format::kText) return rewrite<observe::TextTrace>(line);
    if (line.format == Format::kBinary) return rewrite<observe::BinaryTrace>(line);
    analysis::Analysis analysis;
    if (!read(line.files[0], line, 0, analysis)) return kUsage;
    if (line.format != Format::kFio)
        return deliver(line.output, converted(line, analysis)) ? kGood : kUsage;
    for (const auto& log : analysis::fio_logs(analysis, line.output, line.block_bytes))
        if (!deliver(log.name, log.text)) return kUsage;
    return kGood;
}

}  // namespace

int execute(const CommandLine& line) {
    switch (line.action) {
        case Action::kReport:
            return report(line);
        case Action::kStats:
            return stats(line);
        case Action::kGrep:
            return grep(line);
        case Action::kDiff:
            return diff(line);
        case Action::kConvert:
            return convert(line);
        case Action::kLive:
            return live(line);
        case Action::kVersion:
            return deliver("-", "nvme-trace " NVME_TLM_VERSION "\n") ? kGood : kUsage;
        case Action::kHelp:
            break;
    }
    return deliver("-", help_text()) ? kGood : kUsage;
}

}  // namespace nvme_trace
