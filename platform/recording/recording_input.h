// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <istream>
#include <memory>
#include <string>
#include <vector>

namespace platform {

/// The files of a recording, open for reading. What gzip has compressed is read as what it was.
class RecordingInput {
public:
    /// As much of the beginning as a format is recognised by.
    static constexpr std::size_t kHeadBytes = 65'536;

    RecordingInput() = default;
    /// One file; or, for one of the files that blktrace writes for each processor
    /// (NAME.blktrace.N), all of them. Where problem() is not empty, there is less than that.
    explicit RecordingInput(const std::string& path);

    /// With the name of the file, or of its folder, that cannot be read; empty: all can.
    [[nodiscard]] const std::string& problem() const { return problem_; }

    void add(std::unique_ptr<std::istream> stream, std::string name = {});
    [[nodiscard]] std::istream& first() const { return *parts_.front().stream; }
    [[nodiscard]] std::size_t size() const { return parts_.size(); }
    [[nodiscard]] std::istream& stream(std::size_t i) const { return *parts_[i].stream; }
    /// The name of the file without its folder; empty for a single one.
    [[nodiscard]] const std::string& name(std::size_t i) const { return parts_[i].name; }

    /// The beginning of the file, in whole lines where it has any.
    [[nodiscard]] static std::string head_of(const std::string& path);

private:
    struct Part {
        std::unique_ptr<std::istream> stream;
        std::string name;
    };
    std::vector<Part> parts_;
    std::string problem_;
};

}  // namespace platform
