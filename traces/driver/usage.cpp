// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/usage.h"

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/registers.h"
#include "traces/analysis/words.h"
#include "traces/driver/names.h"

namespace driver {
using nvme::spec::AdminOpcode;

namespace {

/// Doorbells lie behind them, and are told of by events of their own.
bool is_property(std::uint32_t at) {
    return at < nvme::spec::offset::kDoorbells;
}

}  // namespace

void Usage::take(const observe::RegisterWrite& e) {
    ++property_writes_;
    if (io_commands_ != 0) ++writes_during_io_;
    ++properties_[e.offset % nvme::spec::offset::kDoorbells].writes;
}

void Usage::take(const observe::RegisterRead& e) {
    if (!is_property(e.offset)) return;
    ++property_reads_;
    if (io_commands_ != 0) ++reads_during_io_;
    if (e.offset == nvme::spec::offset::kCsts) ++status_reads_;
    ++properties_[e.offset].reads;
}

void Usage::take(const observe::CommandFetched& e) {
    ++commands_[e.sqid == 0 ? 0 : 1][e.opcode()].count;
    ++(e.sqid == 0 ? admin_commands_ : io_commands_);
    if (e.sqid == 0) count_admin({e.ps, e.sqid, e.sqe}, false);
}

void Usage::take(const observe::AsyncEvent& e) {
    using D = nvme::spec::AsyncEventDw0;
    constexpr auto kTells = static_cast<std::uint32_t>(D::EventType::kMask | D::EventInfo::kMask);
    ++events_[e.dw0 & kTells];
}

void Usage::take(const observe::Reset& e) {
    ++resets_[static_cast<std::size_t>(e.kind) % resets_.size()];
}

void Usage::take(const Landing& landing) {
    ++statuses_[static_cast<std::uint16_t>(landing.status) & 0x7ff];
    if (landing.good()) return;
    const Flight& flight = landing.flight;
    ++commands_[flight.sqid == 0 ? 0 : 1][flight.opcode()].errors;
    if (flight.sqid == 0) count_admin(flight, true);
}

void Usage::count_admin(const Flight& flight, bool failed) {
    const auto low = static_cast<std::uint8_t>(flight.sqe.cdw10);  // FID, LID or CNS
    const auto note = [&](Use& use) { ++(failed ? use.errors : use.count); };
    if (flight.is(AdminOpcode::kSetFeatures)) note(set_features_[low]);
    if (flight.is(AdminOpcode::kGetFeatures)) note(get_features_[low]);
    if (flight.is(AdminOpcode::kGetLogPage)) note(logs_[low]);
    if (flight.is(AdminOpcode::kIdentify)) note(identify_[low]);
}

std::uint64_t Usage::with_status(nvme::spec::StatusCode status) const {
    const auto found = statuses_.find(static_cast<std::uint16_t>(status));
    return found == statuses_.end() ? 0 : found->second;
}

std::vector<UsageRow> Usage::rows() const {
    std::vector<UsageRow> rows;
    for (const std::uint16_t sqid : {std::uint16_t{0}, std::uint16_t{1}})
        for (unsigned i = 0; i < 256; ++i) {
            const auto opcode = static_cast<std::uint8_t>(i);
            const Use& use = commands_[sqid][opcode];
            if (use.count == 0 && nvme::spec::format_of(sqid, opcode) == nullptr) continue;
            std::string name(nvme::spec::command_name(sqid, opcode));
            if (nvme::spec::format_of(sqid, opcode) == nullptr) name += " " + analysis::hex(opcode);
            rows.push_back({sqid == 0 ? "admin commands" : "I/O commands", std::move(name), use});
        }
    const auto add_used = [&](std::string_view group, const std::array<Use, 256>& uses,
                              std::string (*name)(std::uint8_t)) {
        for (unsigned i = 0; i < 256; ++i)
            if (uses[i].count != 0)
                rows.push_back({group, name(static_cast<std::uint8_t>(i)), uses[i]});
    };
    add_used("Identify", identify_, &identify_name);
    add_used("Set Features", set_features_, &feature_name);
    add_used("Get Features", get_features_, &feature_name);
    add_used("log pages", logs_, &log_name);
    for (const auto& [status, count] : statuses_)
        rows.push_back(
            {"statuses",
             std::string(nvme::spec::status_name(static_cast<nvme::spec::StatusCode>(status))) +
                 " (" + analysis::hex(status) + ")",
             {count, 0}});
    for (const auto& [dw0, count] : events_)
        rows.push_back({"events", event_name(dw0), {count, 0}});
    for (std::size_t i = 0; i < resets_.size(); ++i)
        if (resets_[i] != 0)
            rows.push_back({"resets",
                            std::string(observe::word_of(static_cast<observe::ResetKind>(i))),
                            {resets_[i], 0}});
    for (const auto& [at, accesses] : properties_) {
        if (accesses.reads != 0)
            rows.push_back({"property reads", property_name(at), {accesses.reads, 0}});
        if (accesses.writes != 0)
            rows.push_back({"property writes", property_name(at), {accesses.writes, 0}});
    }
    return rows;
}

}  // namespace driver
