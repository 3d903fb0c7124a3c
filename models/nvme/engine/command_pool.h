// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <vector>

#include "models/nvme/commands/io_command.h"

namespace nvme {

/// The commands of one worker, by number. Whatever lives from one step of the worker to the next
/// knows a command by its number alone.
class CommandPool {
public:
    [[nodiscard]] IoCommand& operator[](CommandId id) const { return *commands_[id]; }

    /// One more, of a queue; memory of one that was removed is used again.
    CommandId add() {
        if (unused_.empty()) {
            unused_.push_back(static_cast<CommandId>(commands_.size()));
            commands_.push_back(std::make_unique<IoCommand>());
        }
        const CommandId id = unused_.back();
        unused_.pop_back();
        commands_[id]->id = id;
        return id;
    }
    void remove(CommandId id) {
        commands_[id]->ns.reset();
        unused_.push_back(id);
    }
    void clear() {
        commands_.clear();
        unused_.clear();
    }

private:
    std::vector<std::unique_ptr<IoCommand>> commands_;
    std::vector<CommandId> unused_;
};

}  // namespace nvme
