// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/media/ftl/ftl_params.h"
#include "models/media/timing/fixed_timing.h"
#include "models/util/params.h"

namespace media {

/// Which model says how long the media takes.
enum class Model : std::uint8_t { kNone, kFixed, kNand };

/// The media of an NVM subsystem, as far as it takes time.
struct MediaParams {
    Model model = Model::kFixed;
    FixedTimingParams fixed;
    NandParams nand;
    FtlParams ftl;

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        v(util::ParamInfo{"media", "", "timing model of the media"}, p.model);
        FixedTimingParams::visit(p.fixed, v);
        NandParams::visit(p.nand, v);
        FtlParams::visit(p.ftl, v);
    }
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const MediaParams& params);

/// The model that the parameters describe.
[[nodiscard]] std::unique_ptr<MediaTiming> make_timing(const MediaParams& params);

}  // namespace media

template <>
struct util::EnumNames<media::Model> {
    static constexpr std::array<std::string_view, 3> names{"none", "fixed", "nand"};
};
