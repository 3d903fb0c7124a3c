// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

namespace observe {

/// Namespaces that the model took away, added or resized, and whether the host can know. A command
/// that was submitted before it could is no fault of the driver, whatever becomes of it.
class NamespaceNews {
public:
    /// Counts events. Their order matters and not their time: a host may act on one at once.
    using Moment = std::uint64_t;

    void changed(std::uint32_t nsid, Moment now) { news_[nsid] = {now, kNotYet}; }
    /// An admin command has succeeded: it may have told the host. Dword 10 says what it asked for.
    void answered(std::uint8_t opcode, std::uint32_t nsid, std::uint32_t cdw10, Moment fetched,
                  Moment now);
    /// The host may not have known of a change when it submitted a command, which it did after
    /// `submitted_after`.
    [[nodiscard]] bool may_be_unknown(std::uint32_t nsid, Moment submitted_after) const;
    /// A host that enables the controller asks anew what there is.
    void clear() { news_.clear(); }

private:
    static constexpr Moment kNotYet = ~Moment{0};
    struct News {
        Moment changed, told;
    };
    static void tell(News& news, Moment fetched, Moment now);

    std::map<std::uint32_t, News> news_;
};

}  // namespace observe
