// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "platform/vfio_user/unique_fd.h"

namespace nvme_vp {

/// Passes on what a guest writes to its console. The guest itself writes to a regular file, which
/// never makes it wait.
class UmlConsole {
public:
    UmlConsole() = default;
    ~UmlConsole();
    UmlConsole(const UmlConsole&) = delete;
    UmlConsole& operator=(const UmlConsole&) = delete;

    /// `to`: a file, or "-" for standard output. What is passed on has `prefix` before each line,
    /// and then only in whole lines. Empty, or why it cannot be written.
    [[nodiscard]] std::string open(const std::string& to, const std::string& prefix = {});
    /// Where the guest writes to.
    void follow(const std::string& from);
    /// What is new, unless that was asked a moment ago.
    void pass_on_soon();
    void pass_on();
    /// Empty, or what is wrong with what was passed on.
    [[nodiscard]] std::string close();

private:
    void write(std::string_view text);
    void write_line();

    platform::vfio_user::UniqueFd from_;
    std::FILE* to_ = nullptr;
    std::string name_, prefix_;
    std::string line_;  // that has begun
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace nvme_vp
