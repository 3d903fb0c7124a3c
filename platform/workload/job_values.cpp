// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_values.h"

namespace platform::values {

Problem read_percent(std::string_view text, PercentOrRest& result) {
    if (!text.empty() && text.back() == '%') text.remove_suffix(1);
    result = {0, text.empty()};
    return result.rest ? Problem{} : number_into(result.percent, Job{}, text, 0, 100);
}

Problem share_the_rest(std::vector<PercentOrRest>& shares) {
    unsigned sum = 0;
    unsigned without = 0;
    for (const PercentOrRest& share : shares) {
        sum += share.percent;
        without += share.rest ? 1 : 0;
    }
    if (sum > 100) return "has shares of more than 100 %";
    // As in fio, all but the first of them get the same.
    unsigned left = 100 - sum;
    for (PercentOrRest& share : shares) {
        if (!share.rest) continue;
        share.percent = left / without;
        left -= share.percent;
        --without;
    }
    if (left > 0) shares.back().percent += left;
    return std::nullopt;
}

Problem read_decimal(std::string_view text, double& result) {
    constexpr std::size_t kMostDigits = 15;  // what a double holds
    std::uint64_t digits = 0;
    double scale = 1;
    std::size_t count = 0;
    bool behind_point = false;
    for (const char c : text) {
        if (c == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++count > kMostDigits) return "is no decimal number";
        digits = digits * 10 + static_cast<unsigned>(c - '0');
        if (behind_point) scale *= 10;
    }
    if (count == 0) return "is no decimal number";
    result = static_cast<double>(digits) / scale;
    return std::nullopt;
}

}  // namespace platform::values
