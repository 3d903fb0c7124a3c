// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace platform {

/// A result file that is there completely or not at all. It is opened at the beginning, so that a
/// path that cannot be written is found out before hours of simulation, and replaces what has its
/// name only in commit().
class OutputFile {
public:
    /// "-" is standard output. What exists and is no regular file (a pipe, /dev/null) is written in
    /// place. Check problem() before use.
    explicit OutputFile(std::string path);
    /// Without commit(), nothing remains.
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Empty, or why the path cannot be written, in one line.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// Writes all of the text and puts the file in its place. False: problem() says why not.
    [[nodiscard]] bool commit(std::string_view text);

private:
    void fail(const char* what);
    void discard();

    const std::string path_;
    std::string temporary_;  // empty: written in place
    std::string problem_;
    int fd_ = -1;
};

}  // namespace platform
