// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/util/params.h"
#include "platform/recording/recording_format.h"

namespace platform {

/// What becomes of a request that ends beyond its namespace.
enum class Beyond : std::uint8_t {
    kRefuse,
    kWrap,  ///< its address is taken modulo the size of the namespace
    kScale  ///< all addresses of its device are made so much smaller that the last one fits
};
/// By what the queue of a request is chosen, where there are several.
enum class QueueBy : std::uint8_t { kRoundRobin, kDevice, kCpu, kProcess };
enum class Damaged : std::uint8_t { kRefuse, kSkip };

/// How a recording is replayed. Each is a key of the configuration, `replay_` and the name.
struct ReplayOptions {
    std::string format;  ///< empty: what the file looks like
    std::uint32_t time_scale = 100;
    std::uint64_t scale = 1;
    std::uint64_t align = 0;
    std::string skip;
    std::string device;
    std::uint32_t redirect = 0;
    Beyond beyond = Beyond::kRefuse;
    std::uint16_t queues = 1;
    QueueBy queue_by = QueueBy::kRoundRobin;
    std::optional<std::uint64_t> gap_ns;
    std::uint64_t first = 0;
    std::uint64_t from_ns = 0;
    std::optional<std::uint64_t> to_ns;
    Damaged damaged = Damaged::kRefuse;
    BlockAction action = BlockAction::kQueue;
    std::uint32_t block_bytes = 512;

    [[nodiscard]] FormatOptions format_options() const { return {action, block_bytes}; }
};

/// What is wrong with the options, one line each.
[[nodiscard]] std::vector<std::string> check_replay_options(const ReplayOptions& options);

/// The operations of `skip`, by index_of(); the names are fio's.
[[nodiscard]] std::array<bool, kOpCount> skipped_ops(const ReplayOptions& options);
/// The names in `device`; none: all devices.
[[nodiscard]] std::vector<std::string> chosen_devices(const ReplayOptions& options);

}  // namespace platform

template <>
struct util::EnumNames<platform::Beyond> {
    static constexpr std::array<std::string_view, 3> names{"refuse", "wrap", "scale"};
};
template <>
struct util::EnumNames<platform::QueueBy> {
    static constexpr std::array<std::string_view, 4> names{"round_robin", "device", "cpu",
                                                           "process"};
};
template <>
struct util::EnumNames<platform::Damaged> {
    static constexpr std::array<std::string_view, 2> names{"refuse", "skip"};
};
template <>
struct util::EnumNames<platform::BlockAction> {
    static constexpr std::array<std::string_view, 2> names{"queue", "issue"};
};
