// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/iolog.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "platform/workload/units.h"

namespace platform {

namespace {

constexpr std::size_t kMaxFiles = 1024;
constexpr std::uint64_t kShortestWait = 100;  // microseconds

constexpr std::string_view kVersionLine = "fio version ";
constexpr char kVersions[] = "fio version 2 iolog, or fio version 3 iolog";
constexpr char kFileActions[] = "add, open or close";
constexpr char kIoActions[] =
    "read, write, trim, sync, datasync or sync_file_range; in version 2 also wait";

struct IoAction {
    std::string_view name;
    std::optional<Op> op;  // nothing: makes no request
};
constexpr IoAction kActions[] = {
    {"read", Op::kRead},  {"write", Op::kWrite},    {"trim", Op::kTrim},
    {"sync", Op::kFlush}, {"datasync", Op::kFlush}, {"sync_file_range", std::nullopt},
};

std::optional<std::uint64_t> decimal(std::string_view word) {
    std::uint64_t value = 0;
    const char* end = word.data() + word.size();
    const auto [rest, result] = std::from_chars(word.data(), end, value);
    if (result != std::errc{} || rest != end) return std::nullopt;
    return value;
}

std::string quoted(std::string_view word) {
    return "'" + printable(word) + "'";
}

}  // namespace

std::string IologReader::Error::text(std::string_view file_name) const {
    std::string result{file_name};
    result += ":" + std::to_string(line) + ": " + problem;
    return allowed.empty() ? result : result + "; allowed: " + allowed;
}

IologReader::IologReader(std::istream& stream) : stream_(stream) {
    if (!read_line()) {
        if (!error_) fail("the log is empty", kVersions);
        return;
    }
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text_.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        text_.remove_prefix(kByteOrderMark.size());
    begin_recording();
}

bool IologReader::is_version_line() const {
    return text_.substr(0, kVersionLine.size()) == kVersionLine;
}

void IologReader::begin_recording() {
    while (!text_.empty() && (text_.back() == '\r' || text_.back() == ' ')) text_.remove_suffix(1);
    version_ = 0;
    if (text_ == "fio version 2 iolog") version_ = 2;
    if (text_ == "fio version 3 iolog") version_ = 3;
    if (version_ == 0)
        fail((recordings_ == 0 ? "the log begins with " : "a recording begins with ") +
                 quoted(text_),
             kVersions);
    recording_begin_ = now_;
    // The first one begins when the replay does.
    first_stamp_ = recordings_ == 0 ? std::optional<util::TimePs>(0) : std::nullopt;
    ++recordings_;
}

void IologReader::go_on() {
    error_.reset();
    ended_ = version_ == 0 || stream_.bad();
    if (!ended_ && stream_.fail() && !stream_.eof()) {  // the line was too long: its rest
        stream_.clear();
        stream_.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
}

std::vector<std::string> IologReader::files() const {
    std::vector<std::string> names;
    for (const File& file : files_) names.push_back(file.name);
    return names;
}

std::optional<TraceRequest> IologReader::next() {
    while (!error_ && !ended_ && read_line()) {
        if (is_version_line()) {
            begin_recording();
            continue;
        }
        const Words words = split_line();
        if (words.count == 0) continue;
        const std::string_view* first = words.word.data();
        std::size_t count = words.count;
        if (version_ == 3) {
            if (!advance_time(*first, false)) break;
            ++first;
            --count;
        }
        if (count == 2) {
            manage_file(first[0], first[1]);
        } else if (count == 4) {
            if (std::optional<TraceRequest> request = request_of(first)) return request;
        } else {
            const char* form = version_ == 3 ? "<microseconds> <file> <action> [<offset> <length>]"
                                             : "<file> <action> [<offset> <length>]";
            fail("has " + std::to_string(words.count) + (words.count == 1 ? " word" : " words"),
                 form);
        }
    }
    return std::nullopt;
}

bool IologReader::read_line() {
    stream_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    const auto length = static_cast<std::size_t>(stream_.gcount());
    if (stream_.bad())
        fail("cannot be read: the file, or what is compressed in it, is damaged", "");
    if (stream_.bad() || (stream_.fail() && length == 0)) return false;
    ++line_;
    if (stream_.fail()) {
        fail("is longer than " + std::to_string(buffer_.size() - 1) + " characters", "");
        return false;
    }
    // gcount() includes the line end, which the last line may lack.
    text_ = {buffer_.data(), stream_.eof() ? length : length - 1};
    if (text_.find('\0') == std::string_view::npos) return true;
    fail("has a null byte", "text");
    return false;
}

IologReader::Words IologReader::split_line() const {
    constexpr std::string_view blanks = " \t\r\f\v";
    Words words;
    std::string_view rest = text_;
    for (;;) {
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        if (rest.empty()) return words;
        const std::string_view word = rest.substr(0, rest.find_first_of(blanks));
        if (words.count < kMaxWords) words.word[words.count] = word;
        ++words.count;
        rest.remove_prefix(word.size());
    }
}

void IologReader::fail(std::string problem, std::string allowed) {
    // Each job writes what it has collected in 8 KiB, wherever a line may be then.
    if (recordings_ > 0 && (recordings_ > 1 || text_.find(kVersionLine) != std::string_view::npos))
        problem +=
            " (jobs that share a log tear each other's lines when it is longer than 8 KiB: record "
            "each into a log of its own)";
    error_ = Error{std::max<std::uint64_t>(line_, 1), std::move(problem), std::move(allowed)};
}

IologReader::File* IologReader::find_file(std::string_view name) {
    const auto found = std::find_if(files_.begin(), files_.end(),
                                    [&](const File& file) { return file.name == name; });
    return found == files_.end() ? nullptr : &*found;
}

bool IologReader::advance_time(std::string_view microseconds, bool relative) {
    const std::optional<std::uint64_t> value = decimal(microseconds);
    const util::TimePs room = util::kNever - (relative ? now_ : recording_begin_);
    if (!value || *value > room / util::kPsPerUs) {
        fail(quoted(microseconds) + " is no time in microseconds", "0 to 213 days");
        return false;
    }
    const util::TimePs time = *value * util::kPsPerUs;
    if (!relative) {
        if (!first_stamp_) first_stamp_ = time;
        now_ = std::max(now_, recording_begin_ + time - std::min(time, *first_stamp_));
    } else if (*value >= kShortestWait) {
        now_ += time;
    }
    return true;
}

void IologReader::manage_file(std::string_view name, std::string_view action) {
    if (action == "add") {
        add_file(name);
        return;
    }
    File* file = find_file(name);
    if (action != "open" && action != "close") {
        fail("unknown file action " + quoted(action), kFileActions);
    } else if (file == nullptr) {
        fail("the file " + quoted(name) + " was not added before", quoted(name) + " add");
    } else if (action == "open") {
        ++file->opens;
    } else if (file->opens == 0) {
        fail("the file " + quoted(name) + " is not open", quoted(name) + " open");
    } else {
        --file->opens;
    }
}

void IologReader::add_file(std::string_view name) {
    if (find_file(name) != nullptr) return;  // jobs that share a log add their common file again
    if (files_.size() == kMaxFiles) {
        fail("more than " + std::to_string(kMaxFiles) + " files are added", "");
        return;
    }
    files_.push_back({std::string{name}, 0});
}

std::optional<TraceRequest> IologReader::request_of(const std::string_view* words) {
    const std::string_view action = words[1];
    if (action == "wait" && version_ == 2) {
        // A bad time is recorded as the error; the line makes no request either way.
        static_cast<void>(advance_time(words[2], true));
        return std::nullopt;
    }
    const auto* known = std::find_if(std::begin(kActions), std::end(kActions),
                                     [&](const IoAction& a) { return a.name == action; });
    if (known == std::end(kActions)) {
        fail("unknown action " + quoted(action), kIoActions);
        return std::nullopt;
    }
    const File* file = find_file(words[0]);
    if (file == nullptr || file->opens == 0) {
        fail("the file " + quoted(words[0]) + " is not open", quoted(words[0]) + " open");
        return std::nullopt;
    }
    const std::optional<std::uint64_t> offset = decimal(words[2]);
    const std::optional<std::uint64_t> length = decimal(words[3]);
    const bool has_data = known->op && *known->op != Op::kFlush;
    TraceRequest request;
    request.file = static_cast<unsigned>(file - files_.data());
    request.not_before = now_;
    request.line = line_;
    if (!offset || !length || *length > std::numeric_limits<std::uint32_t>::max() ||
        *offset + *length < *offset || (*length == 0 && has_data)) {
        fail(quoted(words[2]) + " " + quoted(words[3]) + " is no offset and length",
             "bytes; a length of 1 to 2^32 - 1, of a sync 0");
        return std::nullopt;
    }
    if (!known->op) {
        ++lines_without_request_;
        return std::nullopt;
    }
    request.op = *known->op;
    if (!has_data) return request;
    request.offset = *offset;
    request.length = static_cast<std::uint32_t>(*length);
    return request;
}

}  // namespace platform
