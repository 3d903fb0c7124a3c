// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/util/time.h"
#include "platform/recording/recording_reader.h"
#include "platform/recording/replay_options.h"

namespace platform {

/// A request as it is to be issued; but for its address, which depends on the namespace.
struct ReplayRequest {
    Op op = Op::kRead;
    std::uint32_t device = 0;     ///< of those that are replayed
    std::uint16_t queue = 0;      ///< of those that there are
    std::uint64_t offset = 0;     ///< bytes
    std::uint32_t length = 0;     ///< bytes; 0 for a flush only
    util::TimePs not_before = 0;  ///< since the replay began; never decreases
};

/// Makes of a recording what is replayed of it: chooses devices, operations and a stretch of time,
/// cuts gaps, scales times and addresses. Reads the file as it goes.
///
/// The replay begins with the first request that is chosen; at replay_from_ns, where that is given;
/// or when a recording says that it began. Times that go back stand still.
class ReplayReader {
public:
    /// The format must be one that find_format() knows. What cannot be opened is an error().
    ReplayReader(const std::string& path, const RecordingFormat& format,
                 const ReplayOptions& options);

    /// Nothing: there are no more, or error() says what is wrong.
    [[nodiscard]] std::optional<ReplayRequest> next();
    /// With the name of the file; empty: none. May be there before the first request.
    [[nodiscard]] const std::string& error() const { return error_; }
    /// The error is something in the file that cannot be understood.
    [[nodiscard]] bool damage_ended() const { return damage_ended_; }

    /// What the last request was in the recording.
    [[nodiscard]] const Recorded& recorded() const { return recorded_; }
    /// "trace.csv:7: " for the last request.
    [[nodiscard]] std::string place() const;
    /// Called for each completion that the recording has. May be empty.
    void set_on_completion(std::function<void(const Recorded&)> f) {
        on_completion_ = std::move(f);
    }
    /// After the last request: completions that lie behind it, as long as `more` says so, but no
    /// further than some thousand events. What cannot be understood there is passed over.
    void read_completions(const std::function<bool()>& more);

    /// Of the devices that are replayed. All are known behind the last request.
    [[nodiscard]] std::vector<std::string> devices() const;
    /// So far: requests that were rounded to replay_align, and what was left out.
    [[nodiscard]] std::uint64_t rounded() const { return rounded_; }
    [[nodiscard]] std::vector<LeftOut> left_out() const;

private:
    static constexpr unsigned kMostBehind = 65'536;  // events

    // Each: false when the request is left out, or ends the replay.
    [[nodiscard]] bool choose(ReplayRequest& request);
    [[nodiscard]] bool advance_time(ReplayRequest& request);
    [[nodiscard]] bool place_in_device(ReplayRequest& request);
    [[nodiscard]] std::uint16_t queue_of() const;
    /// Of the recording, since it began.
    [[nodiscard]] std::uint64_t now_ns() const;
    void leave_out(std::string_view reason) { count_left_out(left_out_, reason); }
    void fail(const std::string& text);

    const std::string path_;
    const ReplayOptions options_;
    const std::array<bool, kOpCount> skipped_;
    const std::vector<std::string> chosen_;
    RecordingInput input_;
    const std::unique_ptr<RecordingReader> reader_;
    std::function<void(const Recorded&)> on_completion_;

    Recorded recorded_;
    std::optional<std::uint64_t> recording_begin_;  // by the recording's clock
    std::optional<std::uint64_t> last_;             // time of the request before
    std::uint64_t elapsed_ns_ = 0;                  // of the replay, before it is scaled
    std::uint64_t requests_ = 0;
    std::size_t devices_ = 0;  // that came up before replay_to_ns
    std::uint64_t rounded_ = 0;
    std::vector<LeftOut> left_out_;
    std::string error_;
    bool damage_ended_ = false;
    bool ended_ = false;
};

}  // namespace platform
