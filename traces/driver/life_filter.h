// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <limits>

#include "models/nvme/spec/registers.h"
#include "models/observe/trace.h"

namespace driver {

/// Which lives of a controller are told of, counted from 1.
struct LifeRange {
    std::uint64_t first = 1;
    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
};

/// Passes on what happens in some lives of a controller: a boot has firmware and an operating
/// system, one after the other. What is written to configuration space outlives a life, and passes.
class LifeFilter final : public observe::EveryEvent<LifeFilter> {
public:
    LifeFilter(LifeRange range, observe::TraceSink& to) : range_(range), to_(to) {}

    [[nodiscard]] bool wants_details() const override { return to_.wants_details(); }
    template <typename E>
    void every(const E& e) {
        if constexpr (std::is_same_v<E, observe::ConfigWrite>)
            to_.record(e);
        else if (life_ >= range_.first && life_ <= range_.last)
            to_.record(e);
        follow(e);
    }

private:
    template <typename E>
    void follow(const E&) {}
    void follow(const observe::StateChange& e) {
        const bool enabled = nvme::spec::Cc::from(e.cc).get<nvme::spec::Cc::En>();
        const bool ready = nvme::spec::Csts::from(e.csts).get<nvme::spec::Csts::Rdy>();
        if (was_enabled_ && !enabled && !ready) ++life_;
        was_enabled_ = enabled || (was_enabled_ && ready);
    }

    const LifeRange range_;
    observe::TraceSink& to_;
    std::uint64_t life_ = 1;
    bool was_enabled_ = false;
};

}  // namespace driver
