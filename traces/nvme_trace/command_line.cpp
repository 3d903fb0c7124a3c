// SPDX-License-Identifier: Apache-2.0
#include "traces/nvme_trace/command_line.h"

#include <charconv>
#include <cmath>
#include <sstream>
#include <string_view>
#include <utility>

#include "models/util/ends_in.h"
#include "platform/config/strict_options.h"
#include "traces/analysis/expression.h"

namespace nvme_trace {

namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

struct Command {
    std::string_view name;
    Action action;
    std::size_t words;  ///< behind the name
    std::string_view needs;
};
constexpr Command kCommands[] = {
    {"report", Action::kReport, 1, "one trace"},
    {"stats", Action::kStats, 1, "one trace"},
    {"grep", Action::kGrep, 2, "a trace and an expression"},
    {"diff", Action::kDiff, 2, "two traces"},
    {"convert", Action::kConvert, 1, "one trace"},
    {"live", Action::kLive, 1, "one trace"},
};

po::options_description described_options() {
    po::options_description options("Options", 100, 50);
    auto add = options.add_options();
    const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
    add("output,o", text("FILE"),
        "report: write to x.html, x.json, x.csv, or as text to x.txt; grep, convert: to this file; "
        "-: standard output (default); convert --to fio: what the names of the logs begin with");
    add("to", text("FORMAT"),
        "convert: csv, sqlite, fio, blkparse, perfetto, text or binary; grep: csv or text");
    add("max-shift", text("PERCENT"),
        "diff: exit code 1 when latency or a stage shifts by more, as in 5%");
    add("interval", text("SECONDS"), "live: between two screens (0.1 to 3600, default 1)");
    add("once", "live: one screen of what is there, and end");
    add("block-size", text("BYTES"),
        "of a logical block, for traces without details (512 to 65536, default 512)");
    add("scope", text("NAME"),
        "of a waveform of several controllers: which one, as nvme1 (default: the first)");
    add("most-commands", text("N"),
        "memory: of more commands the rest is not told of (1 to 4000000000, default 10000000)");
    add("help", "print this help");
    add("version", "print the version");
    return options;
}

void take_words(const Texts& words, CommandLine& line) {
    constexpr std::string_view kAllowed = "must be report, stats, grep, diff, convert or live";
    if (words.empty()) {
        line.problems.push_back("no command: " + std::string(kAllowed));
        return;
    }
    for (const Command& command : kCommands) {
        if (command.name != words[0]) continue;
        line.action = command.action;
        if (words.size() - 1 != command.words) {
            line.problems.push_back(words[0] + " needs " + std::string(command.needs));
            return;
        }
        line.files.assign(words.begin() + 1, words.end());
        if (line.action != Action::kGrep) return;
        line.expression = line.files.back();
        line.files.pop_back();
        return;
    }
    line.problems.push_back("\"" + words[0] + "\" is not a command: " + std::string(kAllowed));
}

/// A decimal number that is all of the text, but for a sign of percent.
std::optional<double> number_of(std::string_view text, bool percent) {
    if (percent && !text.empty() && text.back() == '%') text.remove_suffix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

void take_max_shift(const std::string& text, CommandLine& line) {
    const std::optional<double> percent = number_of(text, true);
    if (line.action != Action::kDiff)
        line.problems.emplace_back("--max-shift is for diff");
    else if (!percent || !(*percent >= 0 && *percent <= 1e6))
        line.problems.push_back("--max-shift = \"" + text + "\": must be 0% to 1000000%");
    else
        line.max_shift = *percent / 100;
}

void take_block_size(const std::string& text, CommandLine& line) {
    const std::optional<double> bytes = number_of(text, false);
    if (bytes && *bytes >= 512 && *bytes <= 65536 &&
        *bytes == static_cast<double>(static_cast<std::uint32_t>(*bytes)))
        line.block_bytes = static_cast<std::uint32_t>(*bytes);
    else
        line.problems.push_back("--block-size = \"" + text + "\": must be 512 to 65536");
}

void take_most_commands(const std::string& text, CommandLine& line) {
    const std::optional<double> commands = number_of(text, false);
    if (commands && *commands >= 1 && *commands <= 4e9 && *commands == std::floor(*commands))
        line.most_commands = static_cast<std::size_t>(*commands);
    else
        line.problems.push_back("--most-commands = \"" + text + "\": must be 1 to 4000000000");
}

void take_live(const po::variables_map& values, CommandLine& line) {
    line.once = values.count("once") != 0;
    const bool interval = values.count("interval") != 0;
    if (line.action != Action::kLive) {
        if (line.once) line.problems.emplace_back("--once is for live");
        if (interval) line.problems.emplace_back("--interval is for live");
        return;
    }
    if (!interval) return;
    const std::string& text = values["interval"].as<std::string>();
    const std::optional<double> seconds = number_of(text, false);
    if (seconds && *seconds >= 0.1 && *seconds <= 3600)
        line.interval_s = *seconds;
    else
        line.problems.push_back("--interval = \"" + text + "\": must be 0.1 to 3600");
}

/// What --to of convert names. Nothing: there is no such format.
std::optional<Format> conversion(std::string_view to) {
    constexpr std::pair<std::string_view, Format> kFormats[] = {
        {"csv", Format::kCsv},           {"sqlite", Format::kSqlite},     {"fio", Format::kFio},
        {"blkparse", Format::kBlkparse}, {"perfetto", Format::kPerfetto}, {"text", Format::kText},
        {"binary", Format::kBinary},
    };
    for (const auto& [name, format] : kFormats)
        if (name == to) return format;
    return {};
}

/// Of a report, as the name of its file says; of the others, as --to says.
void take_format(const po::variables_map& values, CommandLine& line) {
    const std::string to = values.count("to") != 0 ? values["to"].as<std::string>() : "";
    const auto refuse = [&](const std::string& allowed) {
        line.problems.push_back("--to = \"" + to + "\": must be " + allowed);
    };
    using util::ends_in;
    switch (line.action) {
        case Action::kReport:
            if (!to.empty()) line.problems.emplace_back("--to is for grep and convert");
            if (ends_in(line.output, ".json"))
                line.format = Format::kJson;
            else if (ends_in(line.output, ".html"))
                line.format = Format::kHtml;
            else if (ends_in(line.output, ".csv"))
                line.format = Format::kCsv;
            else if (line.output != "-" && !ends_in(line.output, ".txt"))
                line.problems.push_back("--output = \"" + line.output +
                                        "\": must end in .html, .json, .csv or .txt, or be -");
            return;
        case Action::kConvert:
            if (const auto format = conversion(to))
                line.format = *format;
            else
                refuse("csv, sqlite, fio, blkparse, perfetto, text or binary");
            if (line.output == "-" && line.problems.empty() && line.format != Format::kCsv &&
                line.format != Format::kBlkparse && line.format != Format::kPerfetto)
                line.problems.push_back("convert --to " + to + " needs --output FILE");
            return;
        case Action::kGrep:
            if (to == "csv")
                line.format = Format::kCsv;
            else if (!to.empty() && to != "text")
                refuse("csv or text");
            return;
        default:
            if (!to.empty()) line.problems.emplace_back("--to is for grep and convert");
            if (line.output != "-")
                line.problems.emplace_back("--output is for report, grep and convert");
    }
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
    CommandLine line;
    const po::variables_map values =
        platform::parse_strictly(argc, argv, described_options(), line.problems);
    if (!line.problems.empty()) return line;
    if (values.count("help") != 0) return line;
    if (values.count("version") != 0) {
        line.action = Action::kVersion;
        return line;
    }
    take_words(values.count("words") != 0 ? values["words"].as<Texts>() : Texts{}, line);
    if (!line.problems.empty()) return line;
    if (values.count("output") != 0) line.output = values["output"].as<std::string>();
    if (values.count("max-shift") != 0) take_max_shift(values["max-shift"].as<std::string>(), line);
    if (values.count("block-size") != 0)
        take_block_size(values["block-size"].as<std::string>(), line);
    if (values.count("most-commands") != 0)
        take_most_commands(values["most-commands"].as<std::string>(), line);
    if (values.count("scope") != 0) line.scope = values["scope"].as<std::string>();
    take_live(values, line);
    take_format(values, line);
    return line;
}

std::string help_text() {
    std::ostringstream text;
    text
        << "nvme-trace: what a trace of nvme-vp tells (--trace, --trace_binary, --vcd).\n\n"
           "Usage:\n"
           "  nvme-trace stats FILE                the most important, in a few lines\n"
           "  nvme-trace report FILE [-o OUT]      latencies, stages, queues, load, the slowest\n"
           "  nvme-trace grep FILE EXPRESSION      the commands for which it holds\n"
           "  nvme-trace diff A B                  where two runs part, and what became slower\n"
           "  nvme-trace convert FILE --to FORMAT  the commands for a database or other tools; the "
           "trace in its other form\n"
           "  nvme-trace live FILE                 what goes on in a run that writes it\n\n"
        << described_options()
        << "\nAn expression compares fields with values: ==, !=, <, <=, >, >=, joined by && and "
           "||,\n"
           "with ! and parentheses: 'opcode == Read && latency > 1ms && queue == 3'. Fields:\n\n"
        << analysis::expression_fields()
        << "\nExit codes: 0 good, 1 diff: different, grep: nothing found, 2 usage or files.\n";
    return text.str();
}

}  // namespace nvme_trace
