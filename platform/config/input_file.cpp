// SPDX-License-Identifier: Apache-2.0
#include "platform/config/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace platform {

namespace {

using Problems = std::vector<std::string>;

/// A file that is open for reading, or the reason why it is not.
class Input {
public:
    explicit Input(const std::string& path)
        // Without O_NONBLOCK, to open a pipe would wait for its other end.
        : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
        if (fd_ < 0 || ::fstat(fd_, &status_) != 0) {
            fail();
        } else if (S_ISDIR(status_.st_mode)) {
            errno = EISDIR;
            fail();
        } else {
            // The other end is there: what it writes may be waited for.
            ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) & ~O_NONBLOCK);
        }
    }
    ~Input() {
        if (fd_ >= 0) ::close(fd_);
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    [[nodiscard]] const std::string& problem() const { return problem_; }
    [[nodiscard]] bool regular() const { return S_ISREG(status_.st_mode); }
    [[nodiscard]] bool empty() const { return status_.st_size == 0; }

    /// Up to `most` bytes; fewer at the end, or with a problem.
    std::string read(std::size_t most) {
        std::string text;
        std::array<char, 65536> part;
        while (text.size() < most) {
            const ssize_t got = ::read(fd_, part.data(), std::min(part.size(), most - text.size()));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail();
            if (got <= 0) break;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
        return text;
    }

private:
    void fail() { problem_ = std::string{"cannot be read: "} + std::strerror(errno); }

    const int fd_;
    struct stat status_ {};
    std::string problem_;
};

std::string named(const std::string& path) {
    return (path.empty() ? "\"\"" : path) + ": ";
}

}  // namespace

std::optional<std::string> read_text_file(const std::string& path, Problems& problems) {
    Input input(path);
    std::string text, wrong = input.problem();
    if (wrong.empty()) {
        text = input.read(kLongestText + 1);
        wrong = input.problem();
    }
    if (const std::size_t null = text.find('\0'); wrong.empty() && null != std::string::npos) {
        const auto begin = text.begin();
        const auto line = 1 + std::count(begin, begin + static_cast<std::ptrdiff_t>(null), '\n');
        wrong = "line " + std::to_string(line) + " has a null byte: must be text";
    }
    if (wrong.empty() && text.size() > kLongestText)
        wrong = "is longer than " + std::to_string(kLongestText >> 20) + " MiB";
    if (text.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0)
        text.erase(0, kByteOrderMark.size());
    if (wrong.empty() && text.empty()) wrong = "is empty";
    if (wrong.empty()) return text;
    problems.push_back(named(path) + wrong);
    return std::nullopt;
}

bool is_readable_file(const std::string& path, Problems& problems) {
    const Input input(path);
    std::string wrong = input.problem();
    if (wrong.empty() && !input.regular()) wrong = "is no regular file: it is read more than once";
    if (wrong.empty() && input.empty()) wrong = "is empty";
    if (!wrong.empty()) problems.push_back(named(path) + wrong);
    return wrong.empty();
}

}  // namespace platform
