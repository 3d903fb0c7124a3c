// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace platform::vfio_user {

/// Tells the people at the server's terminal what goes wrong with a client: each cause once for
/// each client, and so seldom in all that clients which come only to be refused fill no disk.
class Complaints {
public:
    using Clock = std::chrono::steady_clock;
    using Say = std::function<void(const std::string&)>;

    enum class Cause : std::uint8_t {
        kMemorySpace,  ///< the function does not decode memory
        kNotTaken,     ///< the device refuses the access
        kOutside,      ///< beyond the region, or no access at all
        kImage,        ///< what it wrote and did not flush could not be completed
    };
    /// As many at once, and then one for each pause.
    static constexpr unsigned kMost = 16;
    static constexpr auto kPause = std::chrono::seconds(10);

    void on(Say say) { say_ = std::move(say); }
    /// What the last one was refused may be said again.
    void next_client() { said_ = 0; }
    /// Whether add() would say it now: only then is it worth to find the words.
    [[nodiscard]] bool wanted(Cause cause) const;
    void add(Cause cause, const std::string& text, Clock::time_point now = Clock::now());

private:
    Say say_;
    unsigned said_ = 0;  // a bit for each cause
    unsigned left_ = kMost;
    Clock::time_point refilled_{};
    std::uint64_t unsaid_ = 0;
};

}  // namespace platform::vfio_user
