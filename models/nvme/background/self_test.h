// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/nvme/background/operation.h"
#include "models/nvme/spec/self_test.h"
#include "models/nvme/state/controller_state.h"

namespace nvme {

/// Device self-test of one controller (DSTO bit 0 = 0). Its segments look at the health state and
/// read the media, beside the host's commands and in competition with them.
/// [NVMe-Base-2.0 8.6 Device Self-test Operations]
class SelfTest final : public Operation {
public:
    explicit SelfTest(ControllerState& state) : state_(state) {}

    /// `nsid` has been checked; 0: no namespace, FFFFFFFFh: every one.
    void start(spec::SelfTestCode code, std::uint32_t nsid);
    /// Ends what goes on, if something does, with an entry of the log.
    void stop(spec::SelfTestResult result);
    [[nodiscard]] bool running() const { return code_ != spec::SelfTestCode::kNone; }
    [[nodiscard]] spec::DeviceSelfTestLog log() const;
    /// EDSTT: minutes that an extended test takes, of all namespaces as they are now.
    [[nodiscard]] std::uint16_t extended_minutes() const;

    // Operation
    [[nodiscard]] util::TimePs step() override;
    /// A short test ends, an extended one is continued when the controller is ready again.
    void on_reset() override;
    void on_namespace_removed(std::uint32_t nsid) override;

private:
    /// What is read of a namespace at a time.
    struct Piece {
        std::uint64_t offset;
        std::size_t length;
    };
    /// How a segment reads a namespace: `most` pieces of `length`, the whole if they are enough,
    /// else spread evenly.
    struct Reading {
        std::uint64_t most = 0;
        std::size_t length = 0;

        [[nodiscard]] std::uint64_t pieces(const Namespace& ns) const;
        [[nodiscard]] Piece piece(const Namespace& ns, std::uint64_t number) const;
    };
    struct Segment {
        std::uint8_t number;
        bool extended_only;
        bool (*passes)(const ControllerState&);
        Reading reading;
    };
    /// The first one.
    struct Failure {
        std::uint8_t segment;
        struct Block {
            std::uint32_t nsid;
            std::uint64_t lba;
        };
        std::optional<Block> block;  ///< that cannot be read
    };

    static const std::array<Segment, 9> kSegments;

    [[nodiscard]] bool has(const Segment& segment) const {
        return code_ == spec::SelfTestCode::kExtended || !segment.extended_only;
    }
    [[nodiscard]] std::uint64_t effort() const;
    void begin_segment(std::size_t place);
    void advance();
    [[nodiscard]] bool begin_piece();
    void end_piece();
    [[nodiscard]] std::optional<std::uint64_t> unreadable_block(Namespace& ns, const Piece& piece);
    void fail(std::optional<Failure::Block> block);
    void add_entry(spec::SelfTestResult result);

    ControllerState& state_;
    spec::SelfTestCode code_ = spec::SelfTestCode::kNone;
    std::uint32_t asked_nsid_ = 0;
    std::size_t segment_ = 0;  // its place in kSegments
    bool reading_ = false;     // its own time is over
    std::uint32_t nsid_ = 0;   // of the piece that is read, or next
    std::uint64_t piece_ = 0;
    util::TimePs due_ = 0;
    std::uint64_t done_ = 0, total_ = 0;  // segments and pieces
    std::optional<Failure> failure_;
    std::vector<std::byte> buffer_;
    std::deque<spec::SelfTestEntry> results_;  // the newest first
};

}  // namespace nvme
