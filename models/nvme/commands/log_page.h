// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/commands/admin_command.h"
#include "models/nvme/spec/logs.h"

namespace nvme::admin {

/// One row a log page: Get Log Page, and the Supported Log Pages log.
/// [NVMe-Base-2.0 5.16 Get Log Page command, Log Page Identifiers]
struct LogPage {
    spec::LogId lid;
    const char* name;
    bool csi;  ///< what it tells depends on the I/O command set
    /// Null: always. Otherwise whether the controller has it.
    bool (*offered)(const AdminContext&);
    std::uint16_t most_lsi;  ///< Log Specific Identifiers are 1 to that; 0: it has none
    std::uint64_t (*size)(const AdminContext&);
    /// `length` bytes of it, from `offset` on; all of them are in it.
    void (*read)(const AdminContext&, std::uint64_t offset, std::byte* to, std::size_t length);
    /// The host has read of it, and has seen its event unless it retained it (RAE).
    void (*on_read)(AdminContext&, bool retained) = nullptr;
};

/// Null for a page that is not supported; a platform's is in Extensions.
const LogPage* find_log_page(const AdminContext& ctx, spec::LogId lid);

}  // namespace nvme::admin
