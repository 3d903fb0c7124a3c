// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <poll.h>

#include <vector>

namespace platform {

/// Somebody besides the clients who has a turn in a ServeLoop: when one of its descriptors says so
/// while the loop sleeps, and a hundred times a second while it does not.
class ServeVisitor {
public:
    virtual ~ServeVisitor() = default;
    /// At these and with these events of poll() look() may find something.
    virtual void add_sources(std::vector<pollfd>& sources) const = 0;
    /// Outside of all processes; never waits. True: the simulation has something to do now.
    [[nodiscard]] virtual bool look() = 0;
};

}  // namespace platform
