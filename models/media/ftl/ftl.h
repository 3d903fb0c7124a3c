// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/media/ftl/collector.h"
#include "models/media/ftl/ftl_params.h"
#include "models/media/ftl/layout.h"
#include "models/media/ftl/map_flash.h"
#include "models/media/ftl/mapping.h"
#include "models/media/ftl/request_units.h"
#include "models/media/ftl/slc_region.h"
#include "models/media/ftl/write_buffer.h"
#include "models/media/ftl/write_point.h"
#include "models/media/nand/nand_array.h"
#include "models/media/nand/wear.h"
#include "models/media/timing/media_timing.h"

namespace media {

/// NAND flash behind a page-mapped translation layer, as far as they take time: where the bytes are
/// is the block store's business.
///
/// What is written gets room in the buffer, and goes to an open block of the die whose turn it is;
/// a stripe of planes is programmed when it is full. With power-loss protection a write is durable
/// in the buffer; without, a durable write and a flush program what waits, with the rest of its
/// page empty. A read takes the die and the channel of each stripe that it touches; what waits for
/// its program comes from the buffer, and what was never written, or deallocated, takes no time.
///
/// With a region of blocks that have one bit in each cell writes go there as long as it has room,
/// and while the drive is idle what is there is folded into the other blocks.
class Ftl final : public MediaTiming {
public:
    /// The parameters are valid.
    Ftl(const FtlParams& params, const NandParams& nand);

    [[nodiscard]] Span schedule(util::TimePs start, const MediaRequest& request) override;
    [[nodiscard]] std::string set_size(std::uint32_t nsid, std::uint64_t bytes) override;
    void reset() override;
    [[nodiscard]] MediaStatistics statistics() const override;
    void set_block_listener(BlockListener* listener) override {
        collector_.set_listener(listener);
        slc_.set_listener(listener);
    }
    void set_nand_listener(NandListener* listener) override;

private:
    /// Units that lie in one stripe, and are read together.
    struct Run {
        Place place{0};      // of one of them
        bool waits = false;  // in the buffer, and no program has taken them
        std::uint32_t planes = 0;
        std::uint64_t bytes = 0;
    };
    struct Put {
        util::TimePs taken;       // it has room in the buffer
        util::TimePs programmed;  // by the program that it completes; 0: none
        std::uint32_t die;
    };

    [[nodiscard]] Span serve(util::TimePs start, const MediaRequest& request);
    void use_idle_time();
    void fold_idle(util::TimePs from);
    void fold(std::uint32_t die, util::TimePs start);
    [[nodiscard]] RequestUnits units_of(const MediaRequest& request) const;
    [[nodiscard]] util::TimePs read(util::TimePs start, const MediaRequest& request);
    [[nodiscard]] bool waits(Place place) const {
        return host_.holds(place) || collector_.holds(place) || slc_.holds(place);
    }
    [[nodiscard]] util::TimePs read_run(util::TimePs start, const Run& run);
    [[nodiscard]] util::TimePs read_rest(util::TimePs start, std::uint32_t nsid, std::uint64_t unit,
                                         std::uint64_t bytes);
    [[nodiscard]] Span write(util::TimePs start, const MediaRequest& request, bool durable);
    [[nodiscard]] Put put(util::TimePs start, util::TimePs whole, std::uint64_t owner);
    [[nodiscard]] Put put_slc(util::TimePs start, util::TimePs whole, std::uint64_t owner);
    [[nodiscard]] Put put_direct(util::TimePs start, util::TimePs whole, std::uint64_t owner);
    util::TimePs account(const std::optional<WritePoint::Program>& program);
    util::TimePs account_direct(std::uint32_t die, util::TimePs start,
                                const std::optional<WritePoint::Program>& program);
    void end_turn(std::uint32_t fill) {
        if (fill % turn_units_ == 0) pass_turn();
    }
    [[nodiscard]] util::TimePs program_waiting(std::uint32_t die, util::TimePs start);
    [[nodiscard]] util::TimePs flush(util::TimePs start);
    void deallocate(const MediaRequest& request);
    [[nodiscard]] std::uint32_t die_with_room(util::TimePs start);
    [[nodiscard]] bool slc_has_room(util::TimePs start);
    [[nodiscard]] std::uint32_t die_of_turn() const;
    void pass_turn();
    void precondition(std::uint32_t nsid, std::uint64_t first, std::uint64_t units);
    [[nodiscard]] std::uint64_t blocks_for(std::uint64_t units) const;
    [[nodiscard]] bool has_room_for(std::uint64_t units) const;
    void make_blocks();
    [[nodiscard]] util::TimePs buffer_time(std::uint64_t bytes) const;
    void tell_free_blocks();

    const FtlParams params_;
    const NandParams nand_;
    const Layout layout_;
    const Wear wear_;
    const std::uint32_t turn_units_;  // that a die gets in its turn
    MediaStatistics statistics_;
    MediaStatistics preconditioned_;  // what of statistics_ no host has caused
    std::uint64_t most_blocks_;       // of a die, on average
    NandArray array_;
    Mapping mapping_;
    MapFlash map_flash_;
    WritePoint host_;
    SlcRegion slc_;
    Collector collector_;
    WriteBuffer buffer_;
    std::vector<std::uint32_t> written_to_;  // scratch: the dies that a write has put units into
    std::uint32_t turn_ = 0;                 // whose turn it is, in the order of the striping
    bool was_off_ = true;                    // since the last request
    util::TimePs programs_end_ = 0;          // of what the host has written
    NandListener* listener_ = nullptr;
    Mapping::FreeBlocks told_free_{};  // to the listener, if it was told
    bool told_ = false;
};

}  // namespace media
