// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <iterator>

#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/commands/command_set.h"
#include "models/nvme/commands/identify_data.h"
#include "models/nvme/commands/media_logs.h"
#include "models/nvme/spec/commands.h"

// [NVMe-Base-2.0 5.17 Identify command] and [NVM-1.0 4.1.5 Identify Command]
namespace nvme::admin {
using spec::Cns;
using spec::StatusCode;

namespace {

struct Request {
    std::uint32_t nsid;
    std::uint8_t csi;
    std::uint16_t specific;  ///< CNS Specific Identifier
};
/// Fills the 4,096 bytes, which are zero beforehand.
using Fill = Outcome (*)(const AdminContext&, const Request&, std::byte*);

template <typename T>
Outcome put(std::byte* out, const T& data) {
    static_assert(sizeof(T) <= spec::kIdentifyBytes);
    std::memcpy(out, &data, sizeof data);
    return Done{};
}

/// The command set that CSI names.
Result<const CommandSet*> asked_set(const Request& r) {
    if (const CommandSet* set = find_command_set(r.csi)) return set;
    return CommandError{StatusCode::kInvalidField, "CSI is not supported", r.csi, true,
                        spec::IdentifyCdw11::at<spec::IdentifyCdw11::Csi>()};
}

/// A namespace's own structure: zero filled for a valid NSID without a namespace.
template <typename Make>
Outcome of_namespace(const AdminContext& ctx, const Request& r, std::byte* out, Make make) {
    if (const auto& ns = ctx.state.subsystem.find(r.nsid)) return put(out, make(ctx.state, *ns));
    return ctx.state.subsystem.check_valid(r.nsid);
}

Outcome fill_namespace(const AdminContext& ctx, const Request& r, std::byte* out) {
    return of_namespace(ctx, r, out, identify_namespace);
}

Outcome fill_controller(const AdminContext& ctx, const Request&, std::byte* out) {
    return put(out, identify_controller(ctx.state, ctx.background));
}

// Active NSIDs greater than the one given, in ascending order; with `set`, those of it.
Outcome list_namespaces(const AdminContext& ctx, const Request& r, const CommandSet* set,
                        std::byte* out) {
    if (r.nsid >= 0xffff'fffe)
        return CommandError{StatusCode::kInvalidNamespaceOrFormat, "NSID is not valid", r.nsid,
                            true, spec::Nsid::at()};
    spec::NamespaceList list{};
    std::size_t n = 0;
    ctx.state.subsystem.for_each([&](const Namespace& ns) {
        const bool asked = set == nullptr || ns.csi() == set->csi;
        if (asked && ns.nsid() > r.nsid && n < std::size(list.nsid)) list.nsid[n++] = ns.nsid();
    });
    return put(out, list);
}

Outcome fill_namespace_list(const AdminContext& ctx, const Request& r, std::byte* out) {
    return list_namespaces(ctx, r, nullptr, out);
}

// The one structure of a namespace that an inactive NSID has no zeros for.
// [NVMe-Base-2.0 5.17.2.3 Namespace Identification Descriptor list]
Outcome fill_descriptors(const AdminContext& ctx, const Request& r, std::byte* out) {
    const auto ns = ctx.state.subsystem.active(r.nsid);
    if (!ns) return ns.error();
    identify_descriptors(**ns, out);
    return Done{};
}

// A namespace of another command set has nothing to say here, as one that is not there.
Outcome fill_cs_namespace(const AdminContext& ctx, const Request& r, std::byte* out) {
    const auto set = asked_set(r);
    if (!set) return set.error();
    const auto& ns = ctx.state.subsystem.find(r.nsid);
    if (!ns) return ctx.state.subsystem.check_valid(r.nsid);
    if (ns->csi() == (*set)->csi) (*set)->identify_namespace(ctx.state, *ns, out);
    return Done{};
}

Outcome fill_cs_controller(const AdminContext& ctx, const Request& r, std::byte* out) {
    const auto set = asked_set(r);
    if (!set) return set.error();
    (*set)->identify_controller(ctx.state, out);
    return Done{};
}

Outcome fill_cs_namespace_list(const AdminContext& ctx, const Request& r, std::byte* out) {
    const auto set = asked_set(r);
    if (!set) return set.error();
    return list_namespaces(ctx, r, *set, out);
}

Outcome fill_independent(const AdminContext& ctx, const Request& r, std::byte* out) {
    return of_namespace(ctx, r, out, identify_independent);
}

// One combination: all command sets that there are.
Outcome fill_command_sets(const AdminContext&, const Request&, std::byte* out) {
    spec::IdentifyIoCommandSets sets{};
    sets.iocsc[0] = command_set_vector();
    return put(out, sets);
}

CommandError unknown_cns(std::uint64_t cns) {
    using C10 = spec::IdentifyCdw10;
    return {StatusCode::kInvalidField, "CNS is not supported", cns, true, C10::at<C10::Cns>()};
}

// The identifiers from the one in CDW11 on. [NVMe-Base-2.0 Identify command, Endurance Group List]
Outcome fill_endurance_groups(const AdminContext& ctx, const Request& r, std::byte* out) {
    if (!has_endurance_group(ctx.state))
        return unknown_cns(static_cast<std::uint8_t>(Cns::kEnduranceGroupList));
    spec::EnduranceGroupList list{};
    if (r.specific <= kEnduranceGroup) {
        list.num = 1;
        list.endgid[0] = kEnduranceGroup;
    }
    return put(out, list);
}

// clang-format off
constexpr struct { Cns cns; const char* name; Fill fill; } kCns[] = {
    {Cns::kNamespace,              "Namespace",                       fill_namespace},
    {Cns::kController,             "Controller",                      fill_controller},
    {Cns::kActiveNamespaceList,    "Active Namespace ID list",        fill_namespace_list},
    {Cns::kNamespaceIdDescriptors, "Namespace Identification Descriptor list", fill_descriptors},
    {Cns::kCsNamespace,            "I/O Command Set specific Namespace",   fill_cs_namespace},
    {Cns::kCsController,           "I/O Command Set specific Controller",  fill_cs_controller},
    {Cns::kCsActiveNamespaceList,  "I/O Command Set specific Active Namespace ID list", fill_cs_namespace_list},
    {Cns::kIndependentNamespace,   "I/O Command Set Independent Namespace", fill_independent},
    {Cns::kEnduranceGroupList,     "Endurance Group List",            fill_endurance_groups},
    {Cns::kIoCommandSets,          "I/O Command Set",                 fill_command_sets},
};
// clang-format on

}  // namespace

Result<Next> identify(AdminContext& ctx, AdminCommand& cmd) {
    using C10 = spec::IdentifyCdw10;
    const auto cns = C10::from(cmd.sqe.cdw10).get<C10::Cns>();
    const auto* row = std::find_if(std::begin(kCns), std::end(kCns), [cns](const auto& r) {
        return static_cast<std::uint8_t>(r.cns) == cns;
    });
    if (row == std::end(kCns)) return unknown_cns(cns);
    using C11 = spec::IdentifyCdw11;
    const auto cdw11 = C11::from(cmd.sqe.cdw11);
    const Request request{cmd.sqe.nsid, cdw11.get<C11::Csi>(),
                          static_cast<std::uint16_t>(cdw11.get<C11::CnsSpecificId>())};
    std::byte data[spec::kIdentifyBytes]{};
    if (const auto filled = row->fill(ctx, request, data); !filled) return filled.error();
    return complete_at(ctx.send(cmd, data, sizeof data));
}

}  // namespace nvme::admin
