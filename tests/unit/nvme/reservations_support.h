// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <ostream>
#include <vector>

#include "models/nvme/subsystem/reservations.h"

namespace nvme::test {

inline HostIdentity host_of(unsigned n) {
    HostIdentity host;
    host.extended = true;
    host.id[0] = static_cast<std::uint8_t>(n);
    host.id[1] = static_cast<std::uint8_t>(n >> 8);
    return host;
}
inline HostIdentity anonymous_host_of(std::uint64_t n) {
    HostIdentity host;
    host.anonymous = n;
    return host;
}

constexpr Reservations::Type kAllTypes[] = {
    Reservations::Type::kWriteExclusive,
    Reservations::Type::kExclusiveAccess,
    Reservations::Type::kWriteExclusiveRegistrantsOnly,
    Reservations::Type::kExclusiveAccessRegistrantsOnly,
    Reservations::Type::kWriteExclusiveAllRegistrants,
    Reservations::Type::kExclusiveAccessAllRegistrants,
};

inline spec::StatusCode status_of(const Result<Reservations::Changes>& result) {
    return result ? spec::StatusCode::kSuccess : result.error().code;
}

}  // namespace nvme::test
