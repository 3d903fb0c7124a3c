// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_file.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "platform/workload/job_options.h"
#include "platform/workload/units.h"

namespace platform {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Replaces ${NAME} by what the environment has. A name that it has not stays as it is.
std::string with_environment(std::string_view text) {
    std::string result;
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${")) {
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) break;
        const char* value = std::getenv(std::string{text.substr(at + 2, end - at - 2)}.c_str());
        result += text.substr(0, at);
        result += value != nullptr ? std::string_view{value} : text.substr(at, end + 1 - at);
        text.remove_prefix(end + 1);
    }
    return result += text;
}

struct Entry {
    unsigned line;
    std::string_view key;
    std::optional<std::string> value;
};

struct Section {
    unsigned line;
    std::string_view name;
    std::vector<Entry> entries;

    [[nodiscard]] bool is_global() const { return name == "global"; }
};

/// Cuts the text into sections; the views point into the text.
class Sections {
public:
    Sections(std::string_view text, std::vector<JobFileError>& errors) : errors_(errors) {
        constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
        if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark)
            text.remove_prefix(kByteOrderMark.size());
        unsigned line = 0;
        while (!text.empty()) {
            const std::size_t end = text.find('\n');
            add_line(++line, text.substr(0, end));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
    }

    std::vector<Section> take() { return std::move(sections_); }

private:
    void add_line(unsigned line, std::string_view text) {
        text = trimmed(text.substr(0, text.find_first_of(";#")));
        if (text.empty()) return;
        constexpr std::string_view kInclude = "include";
        if (text.substr(0, kInclude.size()) == kInclude && text.size() > kInclude.size() &&
            is_blank(text[kInclude.size()]) && text.find('=') == std::string_view::npos) {
            fail(line, text, "other files are not read", "their text in this place");
        } else if (text.front() == '[') {
            add_header(line, text);
        } else if (sections_.empty()) {
            fail(line, text, "stands before the first [section]", "");
        } else {
            const std::size_t equals = text.find('=');
            Entry entry{line, trimmed(text.substr(0, equals)), std::nullopt};
            if (equals != std::string_view::npos)
                entry.value = with_environment(trimmed(text.substr(equals + 1)));
            sections_.back().entries.push_back(std::move(entry));
        }
    }

    void add_header(unsigned line, std::string_view text) {
        if (text.size() < 3 || text.back() != ']') {
            fail(line, text, "is not a section header", "[global] or [name of the job]");
            // What follows would belong to the wrong section: collect it in a nameless one.
            text = "[?]";
        }
        sections_.push_back({line, text.substr(1, text.size() - 2), {}});
    }

    void fail(unsigned line, std::string_view text, std::string problem, std::string allowed) {
        errors_.push_back({line, printable(text), "", std::move(problem), std::move(allowed)});
    }

    std::vector<Section> sections_;
    std::vector<JobFileError>& errors_;
};

JobFileError unknown_key(const Entry& entry) {
    const std::string key = printable(entry.key);
    if (const RefusedKey* refused = find_refused_key(entry.key))
        return {entry.line, "", "", "key '" + key + "'", std::string{refused->why}};
    const std::string_view nearest = nearest_job_option(entry.key);
    return {entry.line, "", "", "unknown or unsupported key '" + key + "'",
            nearest.empty() ? "" : "did you mean '" + std::string{nearest} + "'?"};
}

void add_ignored(std::string_view key, JobFile& file) {
    if (std::find(file.ignored.begin(), file.ignored.end(), key) == file.ignored.end())
        file.ignored.emplace_back(key);
}

void apply_entry(Job& job, const Entry& entry, JobFile& file) {
    const JobOption* option = find_job_option(entry.key);
    if (option == nullptr) {
        const RefusedKey* refused = find_refused_key(entry.key);
        if (refused != nullptr && entry.value && asks_for_nothing(*refused, *entry.value))
            add_ignored(entry.key, file);
        else
            file.errors.push_back(unknown_key(entry));
        return;
    }
    const std::string value = entry.value.value_or(option->bare ? "1" : "");
    if (value.empty()) {
        file.errors.push_back({entry.line, std::string{option->name}, "", "needs a value",
                               std::string{option->allowed}});
        return;
    }
    std::optional<std::string> problem = option->apply(job, value);
    if (problem && value.find("${") != std::string::npos)
        problem = "the environment has no such variable";
    if (problem)
        file.errors.push_back({entry.line, std::string{entry.key}, printable(value),
                               std::move(*problem), std::string{option->allowed}});
    if (!problem && option->use == JobOption::Use::kIgnored) add_ignored(entry.key, file);
}

Job apply_section(const Job& defaults, const Section& section, const std::vector<Entry>& instead,
                  JobFile& file) {
    Job job = defaults;
    job.line = section.line;
    job.options.clear();
    for (const Entry& entry : section.entries)
        job.options.emplace_back(printable(entry.key), printable(entry.value.value_or("")));
    if (!section.is_global()) job.name = std::string{section.name};
    // The base of the units holds for the whole section, wherever it stands in it, as in fio.
    JobFile reported_below;
    for (const auto* entries : {&section.entries, &instead})
        for (const Entry& entry : *entries)
            if (entry.key == "kb_base") apply_entry(job, entry, reported_below);
    for (const Entry& entry : section.entries) apply_entry(job, entry, file);
    for (const Entry& entry : instead) apply_entry(job, entry, file);
    // fio takes the name of a section for its file, if there is such a device.
    if (!section.is_global() && job.filenames.empty() && section.name.substr(0, 5) == "/dev/")
        job.filenames.emplace_back(section.name);
    return job;
}

/// key=value separated by blanks. What is wrong with them is told here, once, as of line 0.
std::vector<Entry> read_instead(std::string_view text, JobFile& file) {
    std::vector<Entry> entries;
    Job nobody;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        const std::string_view word = text.substr(0, text.find_first_of(" \t"));
        text.remove_prefix(word.size());
        const std::size_t equals = word.find('=');
        Entry entry{0, word.substr(0, equals), std::nullopt};
        if (equals != std::string_view::npos) entry.value = std::string{word.substr(equals + 1)};
        apply_entry(nobody, entry, file);
        entries.push_back(std::move(entry));
    }
    return entries;
}

/// `above`: the jobs in front of it.
void check_job(const Job& job, const std::vector<Job>& above, std::vector<JobFileError>& errors) {
    const auto fail = [&](const char* problem, const char* allowed) {
        errors.push_back(
            {job.line, "[" + printable(job.name) + "]", "", std::string{problem}, allowed});
    };
    if (job.time_based && job.runtime == 0) fail("time_based needs a runtime", "runtime=<time>");
    if (job.verify && job.verify_kind == VerifyKind::kPattern && job.verify_pattern.empty())
        fail("verify=pattern needs a verify_pattern", "verify_pattern=0xaa55");
    if (!job.wait_for.empty() && std::none_of(above.begin(), above.end(), [&](const Job& other) {
            return other.name == job.wait_for;
        }))
        fail("wait_for names no job above it", "the name of one");
}

/// Logs that were given no name have that of their job.
void name_logs(Job& job) {
    for (std::string* log : {&job.bw_log, &job.lat_log, &job.iops_log})
        if (*log == "%") *log = job.name;
}

/// As in fio, whatever iodepth says.
void keep_depth_of_engine(Job& job, JobFile& file) {
    if (job.waiting_engine.empty() || job.offload || job.iodepth == 1) return;
    job.iodepth = 1;
    file.notes.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" +
                         printable(job.name) + "]: " + job.waiting_engine +
                         " keeps one request in flight, as in fio");
}

void note_lack_of_priority(const Job& job, JobFile& file) {
    if (!job.weighted || job.priority) return;
    file.notes.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" +
                         printable(job.name) +
                         "]: enable_wrr makes no difference without wrr_priority");
}

constexpr Op kDirections[] = {Op::kRead, Op::kWrite, Op::kTrim};

}  // namespace

std::uint32_t Job::smallest_block() const {
    std::uint32_t result = largest_block();
    for (const Op op : kDirections) {
        if (pattern.uses(op)) result = std::min(result, block_size[index_of(op)]);
    }
    return result;
}

std::uint32_t Job::largest_block() const {
    std::uint32_t result = 0;
    for (const Op op : kDirections) {
        if (pattern.uses(op)) result = std::max(result, largest_block(op));
    }
    return result;
}

std::uint32_t Job::largest_block(Op op) const {
    const std::size_t direction = index_of(op);
    std::uint32_t result = std::max(block_size[direction], range_end[direction]);
    for (const SizeShare& share : split[direction]) result = std::max(result, share.bytes);
    return result;
}

std::string JobFileError::text(std::string_view file_name) const {
    std::string result{file_name};
    result += line == 0 ? ": job_set: " : ":" + std::to_string(line) + ": ";
    if (!key.empty()) result += key + (value.empty() ? "" : "=" + value) + ": ";
    result += problem;
    if (allowed.empty()) return result;
    // The suggestion for an unknown key is a sentence of its own.
    return result + (key.empty() ? "; " : "; allowed: ") + allowed;
}

std::vector<std::string> JobFile::messages() const {
    std::vector<std::string> result;
    result.reserve(errors.size());
    for (const JobFileError& error : errors) result.push_back(error.text(file_name));
    return result;
}

std::string JobFile::note() const {
    if (ignored.empty()) return {};
    std::string text = file_name + ": " + (ignored.size() > 1 ? "make" : "makes") +
                       " no difference here (docs/configuration.md says why): ";
    for (const std::string& key : ignored) text += (&key == &ignored.front() ? "" : ", ") + key;
    return text;
}

JobFile parse_job_file(std::string_view text, std::string_view file_name,
                       std::string_view instead) {
    JobFile result;
    result.file_name = std::string{file_name};
    std::vector<Entry> overrides = read_instead(instead, result);
    if (!result.errors.empty()) overrides.clear();  // they have been told
    Job globals;
    unsigned wave = 0;
    unsigned group = 0;
    for (const Section& section : Sections{text, result.errors}.take()) {
        const bool global = section.is_global();
        Job job =
            apply_section(globals, section, global ? std::vector<Entry>{} : overrides, result);
        if (global) {
            result.global_options.insert(result.global_options.end(), job.options.begin(),
                                         job.options.end());
            globals = std::move(job);
            continue;
        }
        if (job.stonewall && !result.jobs.empty()) ++wave;
        job.wave = wave;
        if ((job.stonewall || job.new_group) && !result.jobs.empty()) ++group;
        job.group = group;
        name_logs(job);
        if (job.no_zones) job.zone_size = job.zone_range = job.zone_skip = 0;
        keep_depth_of_engine(job, result);
        note_lack_of_priority(job, result);
        check_job(job, result.jobs, result.errors);
        result.jobs.push_back(std::move(job));
    }
    if (result.jobs.empty()) {
        result.errors.push_back({1, "", "", "there is no job section", "add one, such as [job]"});
    }
    std::stable_sort(result.errors.begin(), result.errors.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return result;
}

}  // namespace platform
