// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/util/time.h"
#include "platform/workload/io_request.h"

namespace platform {

/// One request of a recorded trace.
struct TraceRequest {
    Op op = Op::kRead;
    unsigned file = 0;            ///< index of the file name, in the order of the `add` lines
    std::uint64_t offset = 0;     ///< bytes; 0 for a flush
    std::uint32_t length = 0;     ///< bytes; 0 for a flush
    util::TimePs not_before = 0;  ///< since the start of the trace; never decreases
    std::uint64_t line = 0;
};

/// Reads fio's I/O logs of version 2 and 3 line by line: a log of any length in constant memory.
/// [fio 3.33 fio(1) Trace file format v2, v3]
///
/// Version 3 has a time stamp in microseconds on each line. A stamp earlier than its predecessor
/// (fio's threads interleave) counts as equal to it. Version 2 has `wait` lines instead: their
/// microseconds, relative to the previous `wait`, are added up, and below 100 they are ignored, as
/// documented. (fio 3.33 itself takes them for milliseconds since its start.) sync and datasync
/// both are a Flush. sync_file_range only starts to write back a page cache and flushes no cache of
/// a disk [Linux sync_file_range(2), Warning]: it makes no request, as when fio replays it.
///
/// fio opens a log to append to it, and each job (each clone of numjobs, too) begins with a version
/// line. Such recordings follow one another, as when fio replays them: the first stamp of each is
/// the moment at which the one before has ended.
///
/// fio skips lines that it does not understand; here the first one is an error and ends the log.
class IologReader {
public:
    /// The stream must outlive the reader. Reads the first line, which names the version.
    explicit IologReader(std::istream& stream);

    /// The next request; nothing at the end of the log or after an error.
    [[nodiscard]] std::optional<TraceRequest> next();

    struct Error {
        std::uint64_t line = 0;
        std::string problem;
        std::string allowed;

        /// "trace.log:7: ..."
        [[nodiscard]] std::string text(std::string_view file_name) const;
    };
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }
    /// After an error: with the line behind it. What begins with no version cannot go on.
    void go_on();

    /// Of the recording that is being read: 2 or 3; 0 when its first line names neither.
    [[nodiscard]] unsigned version() const { return version_; }
    /// Lines so far that are right, but make no request: sync_file_range.
    [[nodiscard]] std::uint64_t lines_without_request() const { return lines_without_request_; }
    /// Added so far, so that TraceRequest::file is a valid index: a name is one namespace.
    [[nodiscard]] std::vector<std::string> files() const;
    [[nodiscard]] std::size_t file_count() const { return files_.size(); }
    [[nodiscard]] const std::string& file(std::size_t i) const { return files_[i].name; }

private:
    struct File {
        std::string name;
        std::uint64_t opens = 0;  // by jobs that share the log, which have not closed it yet
    };
    static constexpr std::size_t kMaxWords = 5;
    struct Words {
        std::array<std::string_view, kMaxWords> word;
        std::size_t count = 0;  // may be larger than kMaxWords: too many
    };

    /// False at the end of the log or after an error.
    [[nodiscard]] bool read_line();
    [[nodiscard]] Words split_line() const;
    [[nodiscard]] bool is_version_line() const;
    void begin_recording();
    void fail(std::string problem, std::string allowed);
    [[nodiscard]] File* find_file(std::string_view name);

    [[nodiscard]] bool advance_time(std::string_view microseconds, bool relative);
    void manage_file(std::string_view name, std::string_view action);
    void add_file(std::string_view name);
    /// Nothing for a wait and after an error.
    [[nodiscard]] std::optional<TraceRequest> request_of(const std::string_view* words);

    std::istream& stream_;
    std::array<char, 4096> buffer_{};  // fio's own limit of a line
    std::string_view text_;
    unsigned version_ = 0;
    std::uint64_t line_ = 0;
    util::TimePs now_ = 0;
    std::uint64_t recordings_ = 0;
    util::TimePs recording_begin_ = 0;
    std::optional<util::TimePs> first_stamp_;  // of the recording: it is the moment of its begin
    std::uint64_t lines_without_request_ = 0;
    std::vector<File> files_;
    std::optional<Error> error_;
    bool ended_ = false;
};

}  // namespace platform
