// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/command_set.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace nvme {

namespace {

// What these structures say of the NVM command set: no protection information, and no limits on
// Verify, Write Zeroes and Dataset Management.
void nvm_namespace(const ControllerState&, const Namespace&, std::byte* out) {
    const spec::IdentifyNamespaceNvm id{};
    std::memcpy(out, &id, sizeof id);
}

void nvm_controller(const ControllerState&, std::byte* out) {
    const spec::IdentifyControllerNvm id{};
    std::memcpy(out, &id, sizeof id);
}

constexpr CommandSet kCommandSets[] = {
    {spec::Csi::kNvm, find_nvm_command, nvm_namespace, nvm_controller},
};

}  // namespace

const CommandSet* find_command_set(std::uint8_t csi) {
    const auto* set = std::find_if(
        std::begin(kCommandSets), std::end(kCommandSets),
        [csi](const CommandSet& each) { return static_cast<std::uint8_t>(each.csi) == csi; });
    return set == std::end(kCommandSets) ? nullptr : set;
}

const CommandSet& command_set_of(const Namespace* ns) {
    const auto csi = static_cast<std::uint8_t>(ns == nullptr ? spec::Csi::kNvm : ns->csi());
    const CommandSet* set = find_command_set(csi);
    return set == nullptr ? kCommandSets[0] : *set;
}

std::uint64_t command_set_vector() {
    std::uint64_t vector = 0;
    for (const CommandSet& set : kCommandSets)
        vector |= std::uint64_t{1} << static_cast<std::uint8_t>(set.csi);
    return vector;
}

}  // namespace nvme
