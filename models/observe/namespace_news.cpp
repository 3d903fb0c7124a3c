// SPDX-License-Identifier: Apache-2.0
#include "models/observe/namespace_news.h"

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/opcodes.h"

namespace observe {
using nvme::spec::AdminOpcode;
using nvme::spec::Cns;

namespace {

enum class Tells { kNothing, kOfOne, kOfAll };

Tells identify_tells(Cns cns) {
    switch (cns) {
        case Cns::kActiveNamespaceList:
        case Cns::kCsActiveNamespaceList:
            return Tells::kOfAll;
        case Cns::kNamespace:
        case Cns::kNamespaceIdDescriptors:
        case Cns::kCsNamespace:
        case Cns::kIndependentNamespace:
            return Tells::kOfOne;
        default:
            return Tells::kNothing;
    }
}

Tells tells(std::uint8_t opcode, std::uint32_t cdw10) {
    using Identify = nvme::spec::IdentifyCdw10;
    using Log = nvme::spec::GetLogPageCdw10;
    if (opcode == static_cast<std::uint8_t>(AdminOpcode::kIdentify))
        return identify_tells(static_cast<Cns>(Identify::from(cdw10).get<Identify::Cns>()));
    constexpr auto kList = static_cast<std::uint8_t>(nvme::spec::LogId::kChangedNamespaceList);
    const bool list = opcode == static_cast<std::uint8_t>(AdminOpcode::kGetLogPage) &&
                      Log::from(cdw10).get<Log::Lid>() == kList;
    return list ? Tells::kOfAll : Tells::kNothing;
}

}  // namespace

void NamespaceNews::tell(News& news, Moment fetched, Moment now) {
    if (news.changed <= fetched && news.told == kNotYet) news.told = now;
}

void NamespaceNews::answered(std::uint8_t opcode, std::uint32_t nsid, std::uint32_t cdw10,
                             Moment fetched, Moment now) {
    if (news_.empty()) return;
    switch (tells(opcode, cdw10)) {
        case Tells::kNothing:
            return;
        case Tells::kOfOne: {
            const auto found = news_.find(nsid);
            if (found != news_.end()) tell(found->second, fetched, now);
            return;
        }
        case Tells::kOfAll:
            for (auto& [id, news] : news_) tell(news, fetched, now);
            return;
    }
}

bool NamespaceNews::may_be_unknown(std::uint32_t nsid, Moment submitted_after) const {
    const auto found = news_.find(nsid);
    return found != news_.end() && submitted_after <= found->second.told;
}

}  // namespace observe
