// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "platform/driver/host_driver.h"

namespace platform {

Completion HostDriver::admin_read(const spec::SubmissionEntry& entry, void* out,
                                  std::uint64_t bytes) {
    const DmaBuffer buffer = allocator_.allocate(bytes);
    if (!buffer) return Completion::failed(DriverError::kNoResources);
    std::memset(buffer.data, 0, buffer.size);
    const Completion completion = admin(entry, {buffer.gpa, bytes});
    if (completion.ok()) std::memcpy(out, buffer.data, bytes);
    // After a time-out the controller may still write here: then the buffer is not used again.
    if (completion.error != DriverError::kTimedOut) allocator_.release(buffer);
    return completion;
}

Completion HostDriver::admin_write(const spec::SubmissionEntry& entry, const void* in,
                                   std::uint64_t bytes) {
    const DmaBuffer buffer = allocator_.allocate(bytes);
    if (!buffer) return Completion::failed(DriverError::kNoResources);
    std::memcpy(buffer.data, in, bytes);
    const Completion completion = admin(entry, {buffer.gpa, bytes});
    if (completion.error != DriverError::kTimedOut) allocator_.release(buffer);
    return completion;
}

Completion HostDriver::identify(spec::Cns cns, std::uint32_t nsid, void* out, spec::Csi csi,
                                std::uint16_t cntid) {
    return admin_read(commands::identify(cns, nsid, csi, cntid), out, spec::kIdentifyBytes);
}

Completion HostDriver::identify_controller(spec::IdentifyController& out) {
    const Completion completion = identify(spec::Cns::kController, 0, &out);
    if (completion.ok()) controller_ = out;
    return completion;
}

Completion HostDriver::identify_namespace(std::uint32_t nsid, spec::IdentifyNamespace& out) {
    return identify(spec::Cns::kNamespace, nsid, &out);
}

Completion HostDriver::active_namespaces(std::vector<std::uint32_t>& out) {
    spec::NamespaceList page;
    std::uint32_t above = 0;
    out.clear();
    for (;;) {
        const Completion completion = identify(spec::Cns::kActiveNamespaceList, above, &page);
        if (!completion.ok()) return completion;
        for (const std::uint32_t nsid : page.nsid) {
            // Ascending by specification: anything else would make this loop endless.
            if (nsid <= above) return completion;
            out.push_back(nsid);
            above = nsid;
        }
        if (above >= spec::kNsidBroadcast - 1) return completion;
    }
}

Completion HostDriver::get_log_page(const commands::LogRequest& request, void* out) {
    if (request.bytes == 0 || request.bytes % 4 != 0)
        return Completion::failed(DriverError::kBadArgument);
    return admin_read(commands::get_log_page(request), out, request.bytes);
}

Completion HostDriver::set_features(spec::FeatureId fid, std::uint32_t cdw11, bool save) {
    return admin(commands::set_features(fid, cdw11, save));
}

Completion HostDriver::get_features(spec::FeatureId fid, spec::FeatureSelect select,
                                    std::uint32_t cdw11) {
    return admin(commands::get_features(fid, select, cdw11));
}

std::uint32_t HostDriver::block_bytes(std::uint32_t nsid) {
    for (const BlockSize& known : block_sizes_) {
        if (known.nsid == nsid) return known.bytes;
    }
    spec::IdentifyNamespace identity;
    if (!identify_namespace(nsid, identity).ok()) return 0;
    const auto flbas = spec::Flbas::from(identity.flbas);
    const std::uint32_t index =
        flbas.get<spec::Flbas::IndexLow>() | flbas.get<spec::Flbas::IndexHigh>() << 4;
    const std::uint32_t lbads = identity.lbaf[index].get<spec::LbaFormat::Lbads>();
    if (lbads < 9 || lbads > 31) return 0;
    block_sizes_.push_back({nsid, 1u << lbads});
    return 1u << lbads;
}

}  // namespace platform
