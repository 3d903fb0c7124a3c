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

}  // namespace

UmlConsole::~UmlConsole() {
    if (to_ != nullptr && to_ != stdout) std::fclose(to_);
}

std::string UmlConsole::open(const std::string& to) {
    name_ = to;
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
        (void)std::fwrite(text, 1, static_cast<std::size_t>(count), to_);
        any = true;
    }
    if (any) (void)std::fflush(to_);
}

std::string UmlConsole::close() {
    const bool bad = std::ferror(to_) != 0;
    const bool lost = to_ != stdout && std::fclose(std::exchange(to_, nullptr)) != 0;
    return bad || lost ? name_ + ": cannot be written" : "";
}

}  // namespace nvme_vp
