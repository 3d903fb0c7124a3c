// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/extensions.h"

#include <utility>

#include "models/nvme/spec/opcodes.h"

namespace nvme {
namespace {

/// Log pages and features; opcodes have constants of their own.
constexpr std::uint8_t kFirstVendorIdentifier = 0xc0;

std::string hex(std::uint8_t value) {
    constexpr char kDigits[] = "0123456789abcdef";
    return std::string("0x") + kDigits[value >> 4] + kDigits[value & 15];
}

template <typename Map>
std::string problem(const Map& map, const char* what, std::uint8_t id, std::uint8_t first,
                    const std::string& name, bool callable) {
    const std::string who = std::string(what) + " " + hex(id) + ": ";
    if (id < first) return who + "must be " + hex(first) + " to 0xff";
    if (map.count(id) != 0) return who + "is there already";
    if (name.empty()) return who + "has no name";
    if (!callable) return who + "has no function";
    return {};
}

template <typename Map>
const typename Map::mapped_type* find(const Map& map, std::uint8_t id) {
    const auto it = map.find(id);
    return it == map.end() ? nullptr : &it->second;
}

Result<Next> run_vendor_step(NvmContext& ctx, IoCommand& cmd) {
    return ctx.extensions.io_command(cmd.opcode())->run(ctx, cmd, cmd.step);
}

}  // namespace

std::string Extensions::add(VendorAdminCommand command) {
    std::string wrong =
        problem(admin_, "admin opcode", command.opcode, spec::kFirstVendorAdminOpcode, command.name,
                static_cast<bool>(command.run));
    if (wrong.empty()) admin_.emplace(command.opcode, std::move(command));
    return wrong;
}

std::string Extensions::add(VendorIoCommand command) {
    std::string wrong = problem(io_, "I/O opcode", command.opcode, spec::kFirstVendorIoOpcode,
                                command.name, static_cast<bool>(command.run));
    if (!wrong.empty()) return wrong;
    const std::uint8_t opcode = command.opcode;
    IoRow& row = io_[opcode];
    row.command = std::move(command);
    row.info.effects = row.command.effects;
    row.info.broadcast = false;
    row.info.access = row.command.access;
    row.info.oncs = 0;
    row.info.steps.fill({"vendor", run_vendor_step});
    return wrong;
}

std::string Extensions::add(VendorLogPage page) {
    std::string wrong = problem(log_pages_, "log page", page.lid, kFirstVendorIdentifier, page.name,
                                static_cast<bool>(page.read));
    if (wrong.empty()) log_pages_.emplace(page.lid, std::move(page));
    return wrong;
}

std::string Extensions::add(VendorFeature feature) {
    std::string wrong = problem(features_, "feature", feature.fid, kFirstVendorIdentifier,
                                feature.name, feature.get && feature.set);
    if (wrong.empty()) features_.emplace(feature.fid, std::move(feature));
    return wrong;
}

const VendorAdminCommand* Extensions::admin(std::uint8_t opcode) const {
    return find(admin_, opcode);
}

const NvmCommandInfo* Extensions::io(std::uint8_t opcode) const {
    const IoRow* row = find(io_, opcode);
    return row == nullptr ? nullptr : &row->info;
}

const VendorIoCommand* Extensions::io_command(std::uint8_t opcode) const {
    const IoRow* row = find(io_, opcode);
    return row == nullptr ? nullptr : &row->command;
}

const VendorLogPage* Extensions::log_page(std::uint8_t lid) const {
    return find(log_pages_, lid);
}

const VendorFeature* Extensions::feature(std::uint8_t fid) const {
    return find(features_, fid);
}

}  // namespace nvme
