// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/bell.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <linux/aio_abi.h>

#include "platform/vfio_user/unique_fd.h"

namespace platform::vfio_user::bell {

namespace {

// The C library has no functions for these.
long io_setup(unsigned events, aio_context_t* context) {
    return ::syscall(SYS_io_setup, events, context);
}
long io_submit(aio_context_t context, iocb* operation) {
    return ::syscall(SYS_io_submit, context, 1L, &operation);
}
long io_getevents(aio_context_t context, io_event* events, long most) {
    return ::syscall(SYS_io_getevents, context, 0L, most, events, nullptr);
}

class Ringer {
public:
    Ringer() : nothing_(::memfd_create("nothing", MFD_CLOEXEC)) {
        if (!nothing_ || io_setup(kMost, &context_) != 0) error_ = errno;
    }
    [[nodiscard]] int error() const { return error_; }

    /// Reads from an empty file, which is complete at once.
    void ring(int eventfd) {
        if (error_ != 0) return;
        iocb operation{};
        operation.aio_lio_opcode = IOCB_CMD_PREAD;
        operation.aio_fildes = static_cast<std::uint32_t>(nothing_.get());
        operation.aio_buf = reinterpret_cast<std::uintptr_t>(&byte_);
        operation.aio_nbytes = sizeof byte_;
        operation.aio_flags = IOCB_FLAG_RESFD;
        operation.aio_resfd = static_cast<std::uint32_t>(eventfd);
        (void)io_submit(context_, &operation);
        // Or there would soon be no room for more.
        io_event done[kMost];
        (void)io_getevents(context_, done, kMost);
    }

private:
    static constexpr unsigned kMost = 8;

    UniqueFd nothing_;
    aio_context_t context_ = 0;  // ends with the process
    std::uint8_t byte_ = 0;
    int error_ = 0;
};

Ringer& ringer() {
    static Ringer the_only;
    return the_only;
}

}  // namespace

std::string problem() {
    const int error = ringer().error();
    return error == 0 ? ""
                      : std::string("interrupts: asynchronous I/O of the kernel (io_setup): ") +
                            std::strerror(error);
}

void ring(int eventfd) {
    ringer().ring(eventfd);
}

}  // namespace platform::vfio_user::bell
