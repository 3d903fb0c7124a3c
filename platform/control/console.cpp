// SPDX-License-Identifier: Apache-2.0
#include "platform/control/console.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace platform {

namespace {

constexpr std::size_t kStackBytes = 512 * 1024;  // parses JSON

}  // namespace

Console::Console(const sc_core::sc_module_name& name, std::vector<Controlled> controllers)
    : sc_module(name), controllers_(std::move(controllers)) {
    SC_THREAD(run);
    set_stack_size(kStackBytes);
}

bool Console::look() {
    std::vector<ControlSocket::Request> asked = socket_.look();
    for (ControlSocket::Request& request : asked) requests_.push_back(std::move(request));
    if (!asked.empty()) asked_.notify(sc_core::SC_ZERO_TIME);
    return !asked.empty();
}

void Console::run() {
    for (;;) {
        while (requests_.empty()) wait(asked_);
        if (wall_ != nullptr && wall_->runs() && wall_->now() > time_.now())
            wait(time_.to_sc(wall_->now() - time_.now()));
        const ControlSocket::Request request = std::move(requests_.front());
        requests_.pop_front();
        constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
        socket_.answer(request.client,
                       execute(controllers_, request.line).dump(-1, ' ', false, kReplace));
    }
}

}  // namespace platform
