// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/commands/nvm_commands.h"
#include "models/nvme/spec/identify.h"

namespace nvme {

/// One row an I/O command set: what depends on it. Dispatch, Identify and the logs know no other.
/// [NVMe-Base-2.0 3.1.2.1.2 I/O command set support]
struct CommandSet {
    spec::Csi csi;
    /// Null for an opcode that it does not have.
    const NvmCommandInfo* (*find)(std::uint8_t opcode);
    /// Identify CNS 05h and 06h: 4,096 bytes that are zero beforehand.
    void (*identify_namespace)(const ControllerState&, const Namespace&, std::byte* out);
    void (*identify_controller)(const ControllerState&, std::byte* out);
};

/// Null: it is not supported.
[[nodiscard]] const CommandSet* find_command_set(std::uint8_t csi);
/// Of the namespace; where there is none, the NVM command set.
[[nodiscard]] const CommandSet& command_set_of(const Namespace* ns);
/// All of them together. [NVMe-Base-2.0 5.17.2.21 I/O Command Set data structure]
[[nodiscard]] std::uint64_t command_set_vector();

}  // namespace nvme
