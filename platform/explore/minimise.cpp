// SPDX-License-Identifier: Apache-2.0
#include "platform/explore/minimise.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace platform {

namespace {

Perturbations without(const Perturbations& all, std::size_t from, std::size_t count) {
    Perturbations rest = all;
    const auto first = rest.begin() + static_cast<std::ptrdiff_t>(from);
    rest.erase(first, first + static_cast<std::ptrdiff_t>(std::min(count, all.size() - from)));
    return rest;
}

/// Without halves, then quarters, down to single ones.
void remove(Perturbations& failing, const FirstFailing& first_failing) {
    for (std::size_t count = failing.size() / 2; count != 0;) {
        std::vector<Perturbations> candidates;
        for (std::size_t from = 0; from < failing.size(); from += count)
            candidates.push_back(without(failing, from, count));
        if (const auto found = first_failing(candidates))
            failing = std::move(candidates[*found]);
        else
            count /= 2;
        count = std::min(count, failing.size() / 2);
    }
}

/// 1, 2, 5, 10, 20, 50... below `end`.
std::vector<std::uint64_t> round_numbers(std::uint64_t end) {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t power = 1; power < end; power *= 10)
        for (const std::uint64_t digit : {1, 2, 5})
            if (digit * power < end) numbers.push_back(digit * power);
    return numbers;
}

void shorten(Perturbations& failing, std::size_t which, const FirstFailing& first_failing) {
    std::vector<Perturbations> candidates;
    for (const std::uint64_t delay : round_numbers(failing[which].rule.delay_ns)) {
        candidates.push_back(failing);
        candidates.back()[which].rule.delay_ns = delay;
    }
    if (const auto found = first_failing(candidates)) failing = std::move(candidates[*found]);
}

}  // namespace

Perturbations minimise(Perturbations failing, const FirstFailing& first_failing) {
    remove(failing, first_failing);
    for (std::size_t i = 0; i != failing.size(); ++i) shorten(failing, i, first_failing);
    remove(failing, first_failing);
    return failing;
}

}  // namespace platform
