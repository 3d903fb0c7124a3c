// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "platform/explore/perturbation.h"

namespace nvme_vp {

/// Its folder, in that of the exploration. It holds the files of the run that fails, with a trace.
inline constexpr const char* kReproduction = "failure";

struct Reproduction {
    std::uint64_t seed;
    platform::Perturbations drawn;  ///< for the seed
    platform::Perturbations least;  ///< the part of it that fails, made smaller
    std::size_t controllers;
    std::string failure;  ///< for people
};

/// Adds a file that says how the run was found and how it is replayed. Returns what people are told
/// about it.
[[nodiscard]] std::string write_reproduction(const std::filesystem::path& folder,
                                             const Reproduction& what);

}  // namespace nvme_vp
