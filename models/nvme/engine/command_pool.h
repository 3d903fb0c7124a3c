// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "models/nvme/commands/command.h"

namespace nvme {

/// The commands of one queue process, by number. Whatever lives from one step of the process to the
/// next knows a command by its number alone.
template <typename AnyCommand>
class CommandPool {
public:
    [[nodiscard]] AnyCommand& operator[](CommandId id) const { return *commands_[id]; }

    /// One more; memory of one that was removed is used again.
    CommandId add() {
        if (unused_.empty()) {
            unused_.push_back(static_cast<CommandId>(commands_.size()));
            commands_.push_back(std::make_unique<AnyCommand>());
        }
        const CommandId id = unused_.back();
        unused_.pop_back();
        commands_[id]->id = id;
        return id;
    }
    void remove(CommandId id) { unused_.push_back(id); }
    void clear() {
        commands_.clear();
        unused_.clear();
    }
    [[nodiscard]] std::size_t in_use() const { return commands_.size() - unused_.size(); }

private:
    std::vector<std::unique_ptr<AnyCommand>> commands_;
    std::vector<CommandId> unused_;
};

}  // namespace nvme
