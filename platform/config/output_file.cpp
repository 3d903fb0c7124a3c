// SPDX-License-Identifier: Apache-2.0
#include "platform/config/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace platform {

namespace {

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = ::write(fd, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

/// What open(2) would give a new file: mkstemp() leaves it to its owner alone.
mode_t usual_mode() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

}  // namespace

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
    struct stat status {};
    const bool exists = path_ != "-" && ::stat(path_.c_str(), &status) == 0;
    if (path_.empty()) {
        errno = ENOENT;
    } else if (path_ == "-") {
        fd_ = ::dup(STDOUT_FILENO);
    } else if (exists && !S_ISREG(status.st_mode)) {
        fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
    } else if (exists && ::access(path_.c_str(), W_OK) != 0) {
        fail("cannot write");
        return;
    } else {
        temporary_ = path_ + ".XXXXXX";
        fd_ = ::mkstemp(temporary_.data());
        if (fd_ < 0) temporary_.clear();
    }
    if (fd_ < 0) fail("cannot write");
}

OutputFile::~OutputFile() {
    discard();
}

void OutputFile::fail(const char* what) {
    problem_ =
        (path_ == "-" ? "standard output" : path_) + ": " + what + ": " + std::strerror(errno);
}

void OutputFile::discard() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    temporary_.clear();
}

bool OutputFile::commit(std::string_view text) {
    if (fd_ < 0) return false;
    bool good = write_all(fd_, text);
    if (good && !temporary_.empty()) good = ::fchmod(fd_, usual_mode()) == 0;
    // A full disk may show only here.
    good = ::close(std::exchange(fd_, -1)) == 0 && good;
    if (good && !temporary_.empty()) good = ::rename(temporary_.c_str(), path_.c_str()) == 0;
    if (good)
        temporary_.clear();
    else
        fail("cannot write");
    discard();
    return good;
}

}  // namespace platform
