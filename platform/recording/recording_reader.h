// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/recording/recorded.h"

namespace platform {

/// Reads what somebody else has recorded, in the order of the file, and keeps none of it: a
/// recording of any length takes the same memory. Each format is a class of its own.
class RecordingReader {
public:
    enum class Step : std::uint8_t { kRequest, kCompletion, kDamage, kEnd };
    virtual ~RecordingReader() = default;

    /// After kDamage, the next call goes on behind what could not be understood; where nobody knows
    /// where that ends, it says kEnd.
    [[nodiscard]] Step next(Recorded& recorded);
    /// What the last kDamage was about.
    [[nodiscard]] const Damage& damage() const { return damage_; }

    /// Names of disks, volumes or files so far, in the order in which they came up.
    [[nodiscard]] const std::vector<std::string>& devices() const { return devices_; }
    /// What is right and makes no request, so far.
    [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }
    /// When the recording began, where it says so. Otherwise that was with its first request.
    [[nodiscard]] virtual std::optional<std::uint64_t> begin_ns() const { return std::nullopt; }
    /// The place of a request, as in Damage.
    [[nodiscard]] virtual std::string place_of(const Recorded& recorded) const;

protected:
    static constexpr std::size_t kMaxDevices = 65'536;
    static constexpr std::uint64_t kLongest = 0xffff'ffff;  ///< bytes of a request

    /// As next(), without what the base class does: numbers that no disk has are damage, and what
    /// is_followed_by() had.
    [[nodiscard]] virtual Step read(Recorded& recorded) = 0;

    Step damaged(std::string problem, std::string allowed);
    void leave_out(std::string_view reason) { count_left_out(left_out_, reason); }
    /// The device of that name. Nothing, with damage: there are too many.
    [[nodiscard]] std::optional<std::uint32_t> device(std::string_view name);
    /// The next step is this request.
    void is_followed_by(const Recorded& recorded) { follower_ = recorded; }

private:
    Damage damage_;
    std::vector<std::string> devices_;
    std::map<std::string, std::uint32_t, std::less<>> numbers_;
    std::vector<LeftOut> left_out_;
    std::optional<Recorded> follower_;
};

}  // namespace platform
