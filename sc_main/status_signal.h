// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <utility>

#include "platform/vfio_user/serve_visitor.h"
#include "platform/vfio_user/unique_fd.h"

namespace nvme_vp {

/// While it lives, SIGUSR1 asks how things stand. One at a time.
class StatusSignal {
public:
    StatusSignal();
    ~StatusSignal();
    StatusSignal(const StatusSignal&) = delete;
    StatusSignal& operator=(const StatusSignal&) = delete;

    /// True: it was asked since the last call. Costs nothing while it was not.
    [[nodiscard]] bool take();
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    platform::vfio_user::UniqueFd fd_;  // an eventfd
};

/// Answers it in a ServeLoop.
class StatusVisitor final : public platform::ServeVisitor {
public:
    explicit StatusVisitor(std::function<void()> tell) : tell_(std::move(tell)) {}

    void add_sources(std::vector<pollfd>& sources) const override {
        sources.push_back({signal_.fd(), POLLIN, 0});
    }
    [[nodiscard]] bool look() override {
        if (signal_.take()) tell_();
        return false;
    }

private:
    StatusSignal signal_;
    const std::function<void()> tell_;
};

}  // namespace nvme_vp
