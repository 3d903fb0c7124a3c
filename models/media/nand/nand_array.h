// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "models/media/nand/channel.h"
#include "models/media/nand/die.h"
#include "models/media/nand/nand_params.h"
#include "models/media/nand/stripe.h"
#include "models/media/timing/media_news.h"
#include "models/util/time.h"

namespace media {

/// Dies on channels, as far as they take time. What an operation needs is taken when it is asked
/// for; the operations of a die are done in the order of the calls, but reads of the host go first.
class NandArray {
public:
    /// `params` are valid.
    explicit NandArray(const NandParams& params);

    /// A read of the host, of `bytes` of the stripe, which is repeated `retries` times because
    /// decoding fails. Returns when they are decoded.
    util::TimePs read(util::TimePs start, const Stripe& stripe, std::uint64_t bytes,
                      std::uint32_t retries = 0);
    /// A read of the collector, after what the die has to do. Likewise.
    util::TimePs read_later(util::TimePs start, const Stripe& stripe, std::uint64_t bytes,
                            std::uint32_t retries = 0);
    /// All bytes of the pages of the stripe. Returns the end.
    util::TimePs program(util::TimePs start, const Stripe& stripe);
    /// The block, in all planes. Returns the end.
    util::TimePs erase(util::TimePs start, std::uint32_t die, std::uint32_t block);

    /// The data of the stripe are still in the controller, which programs it.
    [[nodiscard]] bool is_programming(util::TimePs at, const Stripe& s) {
        return dies_[s.die].is_programming(at, id_of(s), s.planes);
    }

    /// The time is `now`: nothing that is asked for from here on begins before.
    void set_now(util::TimePs now) { now_ = now; }
    /// When the die has done all that was asked of it.
    [[nodiscard]] util::TimePs free_at(std::uint32_t die) const { return dies_[die].free_at(); }
    /// The same of all dies.
    [[nodiscard]] util::TimePs free_at() const { return free_at_; }
    /// Pages that dies have read into their registers, repetitions included.
    [[nodiscard]] std::uint64_t pages_read() const { return pages_read_; }
    /// Everything is idle.
    void clear();
    /// While it is so, nothing takes time: what is done was done long ago.
    void set_timeless(bool timeless) { timeless_ = timeless; }
    /// Who hears of the work of dies from now on; null: nobody.
    void set_listener(NandListener* listener) { listener_ = listener; }

private:
    static std::uint64_t id_of(const Stripe& s) {
        return std::uint64_t{s.slc} << 63 | std::uint64_t{s.block} << 32 | s.page;
    }
    [[nodiscard]] util::TimePs read_time(const Stripe& s) const {
        return s.slc ? slc_read_time_ : read_times_[s.page % read_times_.size()];
    }
    [[nodiscard]] util::TimePs program_time(const Stripe& s) const {
        return s.slc ? slc_program_time_ : program_times_[s.page % program_times_.size()];
    }
    [[nodiscard]] Channel& channel_of(std::uint32_t die) {
        return channels_[die % params_.channels];
    }
    [[nodiscard]] util::TimePs transfer_time(std::uint64_t bytes) const;
    /// What a die has is sent.
    struct Sent {
        util::TimePs begin, end;
    };
    [[nodiscard]] Sent send(std::uint32_t die, util::TimePs ready, std::uint64_t bytes);
    void tell(DieNews::Work work, std::uint32_t die, util::TimePs begin, util::TimePs end,
              util::TimePs transfer, util::TimePs freed) const {
        if (listener_ != nullptr)
            listener_->on_die({work, die, die % params_.channels, begin, end, transfer, freed});
    }
    util::TimePs read_lane(util::TimePs start, const Stripe& stripe, unsigned lane,
                           std::uint64_t bytes, std::uint32_t retries);

    const NandParams params_;
    const util::TimePs command_time_, ecc_time_, erase_time_, slc_read_time_, slc_program_time_;
    // Of the pages of a word line, in order.
    const std::vector<util::TimePs> read_times_, program_times_;
    NandListener* listener_ = nullptr;
    bool timeless_ = false;
    std::uint64_t pages_read_ = 0;
    util::TimePs now_ = 0;
    util::TimePs free_at_ = 0;
    std::vector<Channel> channels_;
    std::vector<Die> dies_;  // die d is on channel d % channels
};

}  // namespace media
