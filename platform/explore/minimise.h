// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "platform/explore/perturbation.h"

namespace platform {

/// Tries some lists of perturbations, and says which is the first that fails; nothing if none does.
using FirstFailing =
    std::function<std::optional<std::size_t>(const std::vector<Perturbations>& candidates)>;

/// Makes less of perturbations that fail, as long as the rest fails: fewer, then shorter delays of
/// 1, 2, 5, 10... ns. None of those that are left can be left out. The result depends on nothing
/// but `failing` and the answers.
[[nodiscard]] Perturbations minimise(Perturbations failing, const FirstFailing& first_failing);

}  // namespace platform
