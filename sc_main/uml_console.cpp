// SPDX-License-Identifier: Apache-2.0
#include "sc_main/uml_console.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace nvme_vp {

namespace {

/// Short for people, and long for a guest that waits some thousand times in a second.
constexpr auto kPause = std::chrono::milliseconds(20);
/// What a guest writes without an end of line is cut.
constexpr std::size_t kLongestLine = 4096;

}  // namespace

UmlConsole::~UmlConsole() {
    if (to_ != nullptr && to_ != stdout) std::fclose(to_);
}

std::string UmlConsole::open(const std::string& to, const std::string& prefix) {
    name_ = to;
    prefix_ = prefix;
    to_ = to == "-" ? stdout : std::fopen(to.c_str(), "wbe");
    return to_ == nullptr ? to + ": " + std::strerror(errno) : "";
}

void UmlConsole::follow(const std::string& from) {
    from_ = platform::vfio_user::UniqueFd(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
}

void UmlConsole::pass_on_soon() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + kPause;
    pass_on();
}

void UmlConsole::pass_on() {
    char text[4096];
    ssize_t count = 0;
    bool any = false;
    while ((count = ::read(from_.get(), text, sizeof text)) > 0) {
        write({text, static_cast<std::size_t>(count)});
        any = true;
    }
    if (any) (void)std::fflush(to_);
}

void UmlConsole::write(std::string_view text) {
    if (prefix_.empty()) {
        (void)std::fwrite(text.data(), 1, text.size(), to_);
        return;
    }
    for (const char c : text) {
        line_ += c;
        if (c == '\n' || line_.size() == kLongestLine) write_line();
    }
}

void UmlConsole::write_line() {
    std::string line = prefix_ + std::exchange(line_, {});
    if (line.back() != '\n') line += '\n';
    (void)std::fwrite(line.data(), 1, line.size(), to_);
}

std::string UmlConsole::close() {
    if (!line_.empty()) write_line();
    const bool bad = std::ferror(to_) != 0;
    const bool lost = to_ != stdout && std::fclose(std::exchange(to_, nullptr)) != 0;
    return bad || lost ? name_ + ": cannot be written" : "";
}

}  // namespace nvme_vp
