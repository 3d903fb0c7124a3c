// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_file.h"

#include <algorithm>
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

struct Entry {
    unsigned line;
    std::string_view key;
    std::optional<std::string_view> value;
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
        if (text.front() == '[') {
            add_header(line, text);
        } else if (sections_.empty()) {
            fail(line, text, "stands before the first [section]", "");
        } else {
            const std::size_t equals = text.find('=');
            Entry entry{line, trimmed(text.substr(0, equals)), std::nullopt};
            if (equals != std::string_view::npos) entry.value = trimmed(text.substr(equals + 1));
            sections_.back().entries.push_back(entry);
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

void apply_entry(Job& job, const Entry& entry, std::vector<JobFileError>& errors) {
    const JobOption* option = find_job_option(entry.key);
    if (option == nullptr) {
        const std::string_view nearest = nearest_job_option(entry.key);
        errors.push_back({entry.line, "", "",
                          "unknown or unsupported key '" + printable(entry.key) + "'",
                          nearest.empty() ? "" : "did you mean '" + std::string{nearest} + "'?"});
        return;
    }
    const std::string_view value = entry.value.value_or(option->bare ? "1" : "");
    if (value.empty()) {
        errors.push_back({entry.line, std::string{option->name}, "", "needs a value",
                          std::string{option->allowed}});
        return;
    }
    if (std::optional<std::string> problem = option->apply(job, value)) {
        errors.push_back({entry.line, std::string{entry.key}, printable(value), std::move(*problem),
                          std::string{option->allowed}});
    }
}

Job apply_section(const Job& defaults, const Section& section, const std::vector<Entry>& instead,
                  std::vector<JobFileError>& errors) {
    Job job = defaults;
    job.line = section.line;
    if (!section.is_global()) job.name = std::string{section.name};
    // The base of the units holds for the whole section, wherever it stands in it, as in fio.
    std::vector<JobFileError> reported_below;
    for (const auto* entries : {&section.entries, &instead})
        for (const Entry& entry : *entries)
            if (entry.key == "kb_base") apply_entry(job, entry, reported_below);
    for (const Entry& entry : section.entries) apply_entry(job, entry, errors);
    for (const Entry& entry : instead) apply_entry(job, entry, errors);
    // fio takes the name of a section for its file, if there is such a device.
    if (!section.is_global() && job.filenames.empty() && section.name.substr(0, 5) == "/dev/")
        job.filenames.emplace_back(section.name);
    return job;
}

/// key=value separated by blanks. What is wrong with them is told here, once, as of line 0.
std::vector<Entry> read_instead(std::string_view text, std::vector<JobFileError>& errors) {
    std::vector<Entry> entries;
    Job nobody;
    for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
        const std::string_view word = text.substr(0, text.find_first_of(" \t"));
        text.remove_prefix(word.size());
        const std::size_t equals = word.find('=');
        Entry entry{0, word.substr(0, equals), std::nullopt};
        if (equals != std::string_view::npos) entry.value = word.substr(equals + 1);
        apply_entry(nobody, entry, errors);
        entries.push_back(entry);
    }
    return entries;
}

void check_job(const Job& job, std::vector<JobFileError>& errors) {
    if (job.time_based && job.runtime == 0) {
        errors.push_back({job.line, "[" + printable(job.name) + "]", "",
                          "time_based needs a runtime", "runtime=<time>"});
    }
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
        if (pattern.uses(op)) result = std::max(result, block_size[index_of(op)]);
    }
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

JobFile parse_job_file(std::string_view text, std::string_view file_name,
                       std::string_view instead) {
    JobFile result;
    result.file_name = std::string{file_name};
    std::vector<Entry> overrides = read_instead(instead, result.errors);
    if (!result.errors.empty()) overrides.clear();  // they have been told
    Job globals;
    unsigned wave = 0;
    for (const Section& section : Sections{text, result.errors}.take()) {
        const bool global = section.is_global();
        Job job = apply_section(globals, section, global ? std::vector<Entry>{} : overrides,
                                result.errors);
        if (global) {
            globals = std::move(job);
            continue;
        }
        if (job.stonewall && !result.jobs.empty()) ++wave;
        job.wave = wave;
        check_job(job, result.errors);
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
