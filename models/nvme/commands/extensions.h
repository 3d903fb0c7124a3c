// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "models/nvme/commands/admin_command.h"
#include "models/nvme/commands/nvm_commands.h"

namespace nvme {

/// A vendor specific admin command, opcode C0h to FFh. The low bits of an opcode say which way its
/// data goes. `run` may use all that ours do (AdminContext); it is called for each of its steps
/// with the step's number, the first is 0. No NSID and no field has been checked.
struct VendorAdminCommand {
    std::uint8_t opcode;
    std::string name;
    std::uint32_t effects;  ///< spec::CommandEffects
    std::function<Result<Next>(AdminContext&, AdminCommand&, std::uint8_t step)> run;
};

/// A vendor specific I/O command, opcode 80h to FFh, for a namespace that is there (cmd.ns). `run`
/// is called for each of its steps with the step's number; the first is 0.
struct VendorIoCommand {
    std::uint8_t opcode;
    std::string name;
    std::uint32_t effects;  ///< spec::CommandEffects
    Access access;          ///< what reservations take the command for
    std::function<Result<Next>(NvmContext&, IoCommand&, std::uint8_t step)> run;
};

/// A vendor specific log page, C0h to FFh, with controller scope. `read` gives the whole page.
struct VendorLogPage {
    std::uint8_t lid;
    std::string name;
    std::function<std::vector<std::byte>()> read;
};

/// A vendor specific feature, C0h to FFh: a value of 32 bits with controller scope that can be
/// changed and not saved. `set` may refuse a value; what a reset makes of it is the platform's.
struct VendorFeature {
    std::uint8_t fid;
    std::string name;
    std::uint32_t default_value;
    std::function<std::uint32_t()> get;
    std::function<Outcome(std::uint32_t)> set;
};

/// What a platform adds to a controller: the ranges that the specifications leave to vendors. Each
/// add() returns an empty string, or what is wrong; then nothing has changed. The Commands
/// Supported and Effects, Supported Log Pages and Feature Identifiers logs list what is here.
class Extensions {
public:
    [[nodiscard]] std::string add(VendorAdminCommand command);
    [[nodiscard]] std::string add(VendorIoCommand command);
    [[nodiscard]] std::string add(VendorLogPage page);
    [[nodiscard]] std::string add(VendorFeature feature);

    // Null: there is none.
    [[nodiscard]] const VendorAdminCommand* admin(std::uint8_t opcode) const;
    [[nodiscard]] const NvmCommandInfo* io(std::uint8_t opcode) const;
    [[nodiscard]] const VendorIoCommand* io_command(std::uint8_t opcode) const;
    [[nodiscard]] const VendorLogPage* log_page(std::uint8_t lid) const;
    [[nodiscard]] const VendorFeature* feature(std::uint8_t fid) const;

private:
    struct IoRow {
        VendorIoCommand command;
        NvmCommandInfo info;
    };
    std::map<std::uint8_t, VendorAdminCommand> admin_;
    std::map<std::uint8_t, IoRow> io_;
    std::map<std::uint8_t, VendorLogPage> log_pages_;
    std::map<std::uint8_t, VendorFeature> features_;
};

}  // namespace nvme
