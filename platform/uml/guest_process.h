// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "platform/vfio_user/listening_socket.h"
#include "platform/vfio_user/unique_fd.h"

namespace platform::uml {

struct GuestOptions {
    std::string kernel;  ///< a Linux built for ARCH=um
    std::string initrd;  ///< empty: none
    std::string append;  ///< more of the kernel's command line, separated by blanks
    unsigned controllers = 1;
    /// Where the library of fixed_random.cpp is; empty: beside the program, or where it is
    /// installed.
    std::string library_folder;
    unsigned number = 0;  ///< tells guests of one simulation apart
};

/// A User Mode Linux as a process of its own, in a folder of its own, which is all that it sees of
/// where and how it was started: no address, number, path or variable of the host is different in
/// its next life. The guest ends with this object.
class GuestProcess {
public:
    GuestProcess() = default;
    ~GuestProcess();
    GuestProcess(const GuestProcess&) = delete;
    GuestProcess& operator=(const GuestProcess&) = delete;

    /// Makes the folder, listens, and starts the kernel. Empty, or what is wrong.
    [[nodiscard]] std::string start(const GuestOptions& options);

    /// Where the guest connects to: its calendar, and each of its devices.
    using Listening = std::unique_ptr<vfio_user::ListeningSocket>;
    [[nodiscard]] Listening take_calendar() { return std::move(calendar_); }
    [[nodiscard]] Listening take_device(unsigned number) { return std::move(devices_[number]); }
    /// Readable in the sense of poll() when the process has ended.
    [[nodiscard]] int fd() const { return process_.get(); }
    /// What the guest has on its console, from the beginning.
    [[nodiscard]] std::string console_path() const { return folder_ + "/console"; }

    /// How the guest has ended; waits for that.
    struct End {
        int code = 0;         ///< of its first process; 0: switched off
        std::string problem;  ///< not empty: it has not ended well
    };
    [[nodiscard]] End wait();
    /// Ends it. Nothing of it remains but the folder.
    void kill();

private:
    [[nodiscard]] std::string make_folder(const GuestOptions& options);
    [[nodiscard]] std::string listen(unsigned controllers);
    [[nodiscard]] std::string launch(const GuestOptions& options);
    [[nodiscard]] std::string post_guard();
    void dismiss_guard();

    std::string folder_;
    Listening calendar_;
    std::vector<Listening> devices_;
    pid_t pid_ = -1;
    int status_ = 0;
    vfio_user::UniqueFd process_;
    pid_t guard_ = -1;
    vfio_user::UniqueFd alive_;  // whose end the guard notices
};

/// The words of the kernel's command line, its name first.
[[nodiscard]] std::vector<std::string> kernel_arguments(const GuestOptions& options);

/// What the last lines of a console say about the end of a kernel that has exited with `status`, as
/// waitpid() returns it.
[[nodiscard]] GuestProcess::End judge_end(int status, const std::string& console);

}  // namespace platform::uml
