// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/media/fixed_timing.h"
#include "models/util/params.h"

namespace media {

/// Which model says how long the media takes.
enum class Model : std::uint8_t { kNone, kFixed };

/// The media of an NVM subsystem, as far as it takes time.
struct MediaParams {
    Model model = Model::kFixed;
    FixedTimingParams fixed;

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        v(util::ParamInfo{"media", "", "timing model of the media"}, p.model);
        FixedTimingParams::visit(p.fixed, v);
    }
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const MediaParams& params);

/// The model that the parameters describe.
[[nodiscard]] std::unique_ptr<MediaTiming> make_timing(const MediaParams& params);

}  // namespace media

template <>
struct util::EnumNames<media::Model> {
    static constexpr std::array<std::string_view, 2> names{"none", "fixed"};
};
