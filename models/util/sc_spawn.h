// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <utility>

#include <systemc>

namespace util {

/// When a method runs for the first time.
enum class FirstRun { kWithTheEvent, kAtStart };

/// A method process called `name` that runs `body` each time `event` occurs.
template <typename Body>
void spawn_method(const char* name, const sc_core::sc_event& event, Body body,
                  FirstRun first = FirstRun::kWithTheEvent) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    if (first == FirstRun::kWithTheEvent) options.dont_initialize();
    options.set_sensitivity(&event);
    sc_core::sc_spawn(std::move(body), name, &options);
}

}  // namespace util
