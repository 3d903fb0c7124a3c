// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/observe/trace.h"
#include "traces/driver/flight.h"

namespace driver {

/// How often a driver used something, and how often that failed.
struct Use {
    std::uint64_t count = 0, errors = 0;
};
/// One thing of a group, with its name.
struct UsageRow {
    std::string_view group;
    std::string name;
    Use use;
};

/// What a driver made use of. All tables have a bounded number of keys.
class Usage {
public:
    template <typename E>
    void take(const E&) {}
    void take(const observe::RegisterWrite& e);
    void take(const observe::RegisterRead& e);
    void take(const observe::ConfigWrite&) { ++config_writes_; }
    void take(const observe::CommandFetched& e);
    void take(const observe::AsyncEvent& e);
    void take(const observe::Reset& e);
    void take(const Landing& landing);

    /// All that was used, by groups; and of commands those that were not: their count is 0.
    [[nodiscard]] std::vector<UsageRow> rows() const;

    [[nodiscard]] const Use& command(std::uint16_t sqid, std::uint8_t opcode) const {
        return commands_[sqid == 0 ? 0 : 1][opcode];
    }
    [[nodiscard]] std::uint64_t io_commands() const { return io_commands_; }
    [[nodiscard]] std::uint64_t admin_commands() const { return admin_commands_; }
    [[nodiscard]] std::uint64_t with_status(nvme::spec::StatusCode status) const;
    [[nodiscard]] std::uint64_t property_reads() const { return property_reads_; }
    [[nodiscard]] std::uint64_t property_writes() const { return property_writes_; }
    [[nodiscard]] std::uint64_t status_reads() const { return status_reads_; }
    [[nodiscard]] std::uint64_t config_writes() const { return config_writes_; }
    /// Of properties, since the first I/O command.
    [[nodiscard]] std::uint64_t reads_during_io() const { return reads_during_io_; }
    [[nodiscard]] std::uint64_t writes_during_io() const { return writes_during_io_; }

private:
    struct Accesses {
        std::uint64_t reads = 0, writes = 0;
    };
    void count_admin(const Flight& flight, bool failed);

    std::array<std::array<Use, 256>, 2> commands_{};  // admin, I/O
    std::array<Use, 256> set_features_{}, get_features_{}, logs_{}, identify_{};
    std::map<std::uint16_t, std::uint64_t> statuses_;  // 11 bits
    std::map<std::uint32_t, std::uint64_t> events_;    // type and information
    std::array<std::uint64_t, 5> resets_{};
    std::map<std::uint32_t, Accesses> properties_;  // by offset
    std::uint64_t io_commands_ = 0, admin_commands_ = 0;
    std::uint64_t property_reads_ = 0, property_writes_ = 0, status_reads_ = 0;
    std::uint64_t reads_during_io_ = 0, writes_during_io_ = 0, config_writes_ = 0;
};

}  // namespace driver
