// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <sysc/tracing/sc_tracing_ids.h>

namespace observe {

namespace {

constexpr std::string_view kSuffix = ".vcd";

/// The kernel writes what has changed before time advances. After the last instant it does not
/// advance, so the last values would be missing; and a file that has never been written would not
/// even have a header. cycle() is a protected member of the kernel's interface.
struct Kernel : sc_core::sc_trace_file {
    static void write_now(sc_core::sc_trace_file& file) { (file.*&Kernel::cycle)(false); }
};

/// The kernel aborts the program when it cannot open the file, and tries only after the start.
void check_writable(const std::string& path) {
    if (path.size() <= kSuffix.size() ||
        path.compare(path.size() - kSuffix.size(), kSuffix.size(), kSuffix) != 0)
        throw std::runtime_error("'" + path + "': the name of a VCD file must end in .vcd");
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) throw std::runtime_error(path + ": " + std::strerror(errno));
    std::fclose(file);
}

/// The last thing in a complete file.
constexpr char kComplete[] = "complete";

/// The kernel does not look whether what it writes arrives. What the disk had no room for, or the
/// reader of a pipe did not wait for, is missed at the end. Empty, or what is wrong.
std::string what_is_missing(const std::string& path) {
    struct stat status {};
    const bool regular = ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
    const int fd = ::open(path.c_str(), (regular ? O_RDONLY : O_WRONLY) | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return path + ": " + std::strerror(errno);
    std::string wrong;
    if (regular) {
        // The kernel adds the time, a line.
        std::string end(sizeof kComplete + 64, ' ');
        const auto size = static_cast<off_t>(end.size());
        const ssize_t got =
            ::pread(fd, end.data(), end.size(), std::max<off_t>(status.st_size - size, 0));
        end.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (end.find(kComplete) == std::string::npos || end.back() != '\n')
            wrong = "could not be written completely";
    } else if (::write(fd, "\n", 1) != 1) {
        wrong = std::strerror(errno);
    }
    ::close(fd);
    return wrong.empty() ? wrong : path + ": " + wrong;
}

sc_core::sc_trace_file* create(const std::string& path) {
    using sc_core::sc_report_handler;
    check_writable(path);
    const std::string stem = path.substr(0, path.size() - kSuffix.size());
    sc_core::sc_trace_file* file = sc_core::sc_create_vcd_trace_file(stem.c_str());
    // The kernel announces a time unit that was asked for: nothing anybody needs to read.
    const auto before = sc_report_handler::set_actions(sc_core::SC_ID_TRACING_TIMESCALE_UNIT_,
                                                       sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    file->set_time_unit(1, sc_core::SC_PS);
    sc_report_handler::set_actions(sc_core::SC_ID_TRACING_TIMESCALE_UNIT_, sc_core::SC_INFO,
                                   before);
    return file;
}

/// Simple identifiers, separated by dots. The kernel would write whatever it is given.
/// [IEEE-1364-2005 3.7 Identifiers, keywords, and system names]
bool is_scope(const std::string& scope) {
    bool begins = true;  // a name begins here
    for (const char c : scope) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (begins || (!digit && c != '.'))) return false;
        begins = c == '.';
    }
    return !begins;
}

}  // namespace

VcdFile::VcdFile(const sc_core::sc_module_name& name, const std::string& path)
    : sc_module(name), path_(path), file_(create(path)) {}

VcdFile::~VcdFile() {
    (void)close();
}

void VcdFile::take_scope(const std::string& scope) {
    const std::string start = path_ + ": scope \"" + scope + "\"";
    if (!is_scope(scope))
        throw std::runtime_error(start + ": must be names of letters, digits and _ that do not " +
                                 "begin with a digit, separated by dots");
    if (!scopes_.insert(scope).second)
        throw std::runtime_error(start + ": another probe of this file has it");
}

std::string VcdFile::close() {
    if (file_ == nullptr) return problem_;
    Kernel::write_now(*file_);
    sc_core::sc_write_comment(file_, kComplete);
    sc_core::sc_close_vcd_trace_file(file_);
    file_ = nullptr;
    problem_ = what_is_missing(path_);
    return problem_;
}

}  // namespace observe
