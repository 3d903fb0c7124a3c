// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/util/params.h"

namespace pcie {

/// A PCI Express link, as far as it takes time.
struct LinkParams {
    unsigned gen = 4;                       ///< 1 .. 6; 0 = infinitely fast, all times are zero
    unsigned lanes = 4;                     ///< 1, 2, 4, 8 or 16
    std::uint32_t max_payload = 256;        ///< bytes of data in a packet, 128 .. 4096
    std::uint64_t latency_ns = 150;         ///< one way, of a packet's last byte
    std::uint32_t max_read_request = 512;   ///< bytes that one read request asks for, 128 .. 4096
    std::uint32_t tlp_overhead_bytes = 24;  ///< header, sequence number, LCRC and framing
    std::uint32_t dllp_bytes = 0;       ///< of acknowledgement and flow control, for each packet
    std::uint32_t tags = 256;           ///< read requests that are under way at a time
    std::uint64_t read_latency_ns = 0;  ///< from a request's arrival until its data leave

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"link_gen", "", "PCI Express generation; 0: an infinitely fast link", 0, 6}, p.gen);
        v(I{"link_lanes", "lanes", "1, 2, 4, 8 or 16", 1, 16}, p.lanes);
        v(I{"link_max_payload", "bytes", "Max_Payload_Size: 128, 256, 512, 1024, 2048 or 4096", 128,
            4096},
          p.max_payload);
        v(I{"link_latency_ns", "ns", "one way", 0, util::kMostNs}, p.latency_ns);
        v(I{"link_max_read_request", "bytes",
            "Max_Read_Request_Size: 128, 256, 512, 1024, 2048 or 4096", 128, 4096},
          p.max_read_request);
        v(I{"link_tlp_overhead_bytes", "bytes",
            "of each packet: header, sequence number, LCRC, framing", 0, 1024},
          p.tlp_overhead_bytes);
        v(I{"link_dllp_bytes", "bytes",
            "acknowledgement and flow control for each packet, in the other direction", 0, 1024},
          p.dllp_bytes);
        v(I{"link_tags", "requests", "read requests that are under way at a time", 1, 65536},
          p.tags);
        v(I{"link_read_latency_ns", "ns",
            "root complex and host memory, from a read request until its data leave", 0,
            util::kMostNs},
          p.read_latency_ns);
    }
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const LinkParams& params);

}  // namespace pcie
