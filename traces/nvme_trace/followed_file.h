// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <fstream>
#include <functional>
#include <streambuf>
#include <string>
#include <vector>

namespace nvme_trace {

/// The bytes of a file that another process is still writing.
class FollowedFile final : public std::streambuf {
public:
    /// Asked at the end of what is there, and after each piece of it. False: the file ends here.
    using Goes = std::function<bool(bool at_end)>;

    /// problem() says whether it could be opened.
    FollowedFile(const std::string& path, Goes goes_on);

    /// Empty while all is well.
    [[nodiscard]] const std::string& problem() const { return problem_; }

protected:
    int_type underflow() override;

private:
    /// Somebody has begun to write it anew.
    [[nodiscard]] bool is_shorter() const;

    const std::string path_;
    const Goes goes_on_;
    std::ifstream file_;
    std::vector<char> piece_;
    std::uint64_t read_ = 0;
    std::string problem_;
};

}  // namespace nvme_trace
