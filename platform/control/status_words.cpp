// SPDX-License-Identifier: Apache-2.0
#include "platform/control/status_words.h"

#include <cstdio>

namespace platform {

using nvme::spec::Cc;
using nvme::spec::Csts;
using nvme::spec::ReservationType;
using nvme::spec::Shst;

std::string state_words(const nvme::ControllerStatus& status) {
    if (!status.powered) return "without power";
    const bool enabled = status.cc.get<Cc::En>(), ready = status.csts.get<Csts::Rdy>();
    std::string text = enabled ? "enabled" : "disabled";
    if (enabled) text += ready ? ", ready" : ", not ready";
    if (!enabled && ready) text += ", on its way";
    if (status.csts.get<Csts::Cfs>()) text += ", fatal status";
    if (status.csts.get<Csts::Shst>() == Shst::kOccurring) text += ", shutting down";
    if (status.csts.get<Csts::Shst>() == Shst::kComplete) text += ", shut down";
    return text;
}

std::string reservation_words(ReservationType type) {
    constexpr const char* kNames[] = {"no reservation",
                                      "reservation: Write Exclusive",
                                      "reservation: Exclusive Access",
                                      "reservation: Write Exclusive - Registrants Only",
                                      "reservation: Exclusive Access - Registrants Only",
                                      "reservation: Write Exclusive - All Registrants",
                                      "reservation: Exclusive Access - All Registrants"};
    return kNames[static_cast<std::size_t>(type) % std::size(kNames)];
}

std::string host_words(const nvme::RegistrantStatus& registrant) {
    std::string text;
    for (const std::uint8_t byte : registrant.host) {
        char digits[4];
        std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(byte));
        text += digits;
    }
    return text;
}

std::string ranges(const std::vector<unsigned>& numbers) {
    std::string text;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
        if (!text.empty()) text += ", ";
        text += std::to_string(numbers[i]);
        if (last > i) text += "-" + std::to_string(numbers[last]);
        i = last + 1;
    }
    return text;
}

}  // namespace platform
