// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/recording_input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include "platform/recording/text_values.h"

namespace platform {

namespace {

namespace fs = std::filesystem;
namespace io = boost::iostreams;

/// A stream that has failed, and errno, when the file cannot be opened.
std::unique_ptr<std::istream> open_file(const std::string& path) {
    auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
    if (!file->is_open()) return file;
    const bool gzip = file->get() == 0x1f && file->get() == 0x8b;
    file->clear();
    file->seekg(0);
    if (!gzip) return file;
    struct Unpacked : io::filtering_istream {
        std::unique_ptr<std::istream> packed;
        ~Unpacked() override { reset(); }  // before the file goes that it reads from
    };
    auto unpacked = std::make_unique<Unpacked>();
    unpacked->packed = std::move(file);
    unpacked->push(io::gzip_decompressor());
    unpacked->push(*unpacked->packed);
    return unpacked;
}

/// "disk.blktrace." and 3 of "disk.blktrace.3".
std::optional<std::pair<std::string, std::uint64_t>> cpu_file(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    constexpr std::string_view kKind = ".blktrace";
    if (dot == std::string::npos || dot < kKind.size() ||
        name.compare(dot - kKind.size(), kKind.size(), kKind) != 0)
        return std::nullopt;
    const std::optional<std::uint64_t> cpu = whole_number(std::string_view{name}.substr(dot + 1));
    if (!cpu) return std::nullopt;
    return std::pair{name.substr(0, dot + 1), *cpu};
}

std::string cannot_be_read(const fs::path& path, const std::string& why) {
    return path.string() + ": cannot be read: " + why;
}

/// The files of all processors, in their order; with a problem when they cannot be listed.
std::vector<fs::path> files_of(const fs::path& path, std::string& problem) {
    const auto chosen = cpu_file(path.filename().string());
    if (!chosen) return {path};
    std::vector<std::pair<std::uint64_t, fs::path>> found;
    std::error_code error;
    const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path{"."};
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto other = cpu_file(entry->path().filename().string());
        std::error_code unknown;  // a link that leads nowhere: its events are missing
        if (other && other->first == chosen->first && (entry->is_regular_file(unknown) || unknown))
            found.emplace_back(other->second, entry->path());
    }
    if (error) problem = cannot_be_read(folder, error.message());
    std::sort(found.begin(), found.end());
    std::vector<fs::path> paths;
    for (const auto& [cpu, name] : found) paths.push_back(name);
    return paths.empty() ? std::vector<fs::path>{path} : paths;
}

}  // namespace

RecordingInput::RecordingInput(const std::string& path) {
    const std::vector<fs::path> files = files_of(path, problem_);
    for (const fs::path& file : files) {
        std::unique_ptr<std::istream> stream = open_file(file.string());
        if (stream->fail() && problem_.empty())
            problem_ = cannot_be_read(file, std::strerror(errno));
        add(std::move(stream), files.size() == 1 ? std::string{} : file.filename().string());
    }
}

void RecordingInput::add(std::unique_ptr<std::istream> stream, std::string name) {
    parts_.push_back({std::move(stream), std::move(name)});
}

std::string RecordingInput::head_of(const std::string& path) {
    const std::unique_ptr<std::istream> stream = open_file(path);
    std::string head;
    // One by one: of a larger piece nothing is left when it is damaged in the middle.
    for (char c = 0; head.size() < kHeadBytes && stream->get(c);) head += c;
    const std::size_t end = head.rfind('\n');
    if (head.size() == kHeadBytes && end != std::string::npos) head.resize(end + 1);
    return head;
}

}  // namespace platform
