// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <utility>

#include "tests/support/fake_memory.h"

namespace nvme::test {

/// Lets a test act while one particular access of the controller waits for host memory.
class AccessHook {
public:
    explicit AccessHook(FakeMemory& memory) : memory_(memory) {}
    ~AccessHook() { memory_.on_access = nullptr; }
    AccessHook(const AccessHook&) = delete;
    AccessHook& operator=(const AccessHook&) = delete;

    /// Calls `action` inside access number `n` from now on; true once it has been called.
    bool& at(std::size_t n, std::function<void()> action) {
        called_ = false;
        memory_.forget();
        memory_.on_access = [this, n, action = std::move(action)](const FakeMemory::Access&) {
            if (called_ || memory_.accesses().size() != n) return;
            called_ = true;
            action();
        };
        return called_;
    }

private:
    FakeMemory& memory_;
    bool called_ = false;
};

}  // namespace nvme::test
