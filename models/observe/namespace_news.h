// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

#include "models/util/time.h"

namespace observe {

/// Namespaces that the model took away, added or resized, and whether the host can know. A command
/// that was submitted before it could is no fault of the driver, whatever becomes of it.
class NamespaceNews {
public:
    void changed(std::uint32_t nsid, util::TimePs ps) { news_[nsid] = {ps, util::kNever}; }
    /// An admin command has succeeded: it may have told the host. Dword 10 says what it asked for.
    void answered(std::uint8_t opcode, std::uint32_t nsid, std::uint32_t cdw10,
                  util::TimePs fetched_ps, util::TimePs ps);
    /// The host may not have known of a change when it submitted a command, which it did after
    /// `submitted_after`.
    [[nodiscard]] bool may_be_unknown(std::uint32_t nsid, util::TimePs submitted_after) const;
    /// A host that enables the controller asks anew what there is.
    void clear() { news_.clear(); }

private:
    struct News {
        util::TimePs changed, told;
    };
    static void tell(News& news, util::TimePs fetched_ps, util::TimePs ps);

    std::map<std::uint32_t, News> news_;
};

}  // namespace observe
