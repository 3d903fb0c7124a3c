// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/version.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "platform/vfio_user/message.h"

namespace platform::vfio_user {

namespace {

using nlohmann::json;

/// Less than a page a message would make DMA by messages absurd.
constexpr std::uint64_t kSmallestTransfer = kPageBytes;

/// The capabilities of a client. None when the text is not what the protocol says.
std::optional<ClientLimits> read_capabilities(const std::uint8_t* text, std::size_t bytes) {
    ClientLimits limits;
    const json root = json::parse(text, text + bytes, nullptr, false);
    if (!root.is_object()) return std::nullopt;
    const auto capabilities = root.find("capabilities");
    if (capabilities == root.end()) return limits;
    if (!capabilities->is_object()) return std::nullopt;
    if (const auto found = capabilities->find("max_data_xfer_size"); found != capabilities->end()) {
        if (!found->is_number_unsigned()) return std::nullopt;
        limits.max_transfer = std::min<std::uint64_t>(found->get<std::uint64_t>(), kMaxTransfer);
        if (limits.max_transfer < kSmallestTransfer) return std::nullopt;
    }
    if (const auto found = capabilities->find("write_multiple"); found != capabilities->end()) {
        if (!found->is_boolean()) return std::nullopt;
        limits.write_multiple = found->get<bool>();
    }
    return limits;
}

std::string our_capabilities(const ClientLimits& client) {
    json capabilities{{"max_msg_fds", kMaxFds},
                      {"max_data_xfer_size", kMaxTransfer},
                      {"max_dma_maps", kMaxDmaMaps}};
    if (client.write_multiple) capabilities["write_multiple"] = true;
    return json{{"capabilities", capabilities}}.dump();
}

}  // namespace

std::optional<Agreement> negotiate(const std::vector<std::uint8_t>& payload) {
    const auto offered = load<Version>(payload);
    if (!offered || offered->major != kVersionMajor) return std::nullopt;
    Agreement agreement;
    agreement.version = {kVersionMajor, std::min(offered->minor, kVersionMinor)};
    const std::size_t bytes = payload.size() - sizeof(Version);
    if (bytes == 0) {
        agreement.text = our_capabilities(agreement.client);
        return agreement;
    }
    if (bytes > kMaxVersionText || payload.back() != 0) return std::nullopt;
    const auto client = read_capabilities(payload.data() + sizeof(Version), bytes - 1);
    if (!client) return std::nullopt;
    agreement.client = *client;
    agreement.text = our_capabilities(agreement.client);
    // Both with a NUL. What we would have said beyond the defaults is nothing that matters.
    if (agreement.text.size() + 1 > bytes) agreement.text = "{}";
    return agreement;
}

}  // namespace platform::vfio_user
