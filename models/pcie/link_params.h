// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/util/params.h"

namespace pcie {

/// Of a flow control credit for data. [PCIe-Base-4.0 2.6.1 Flow Control Rules]
inline constexpr std::uint32_t kCreditBytes = 16;

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
    /// Bytes at whose multiples the host cuts completions: 64 or 128; 0: it begins with the data.
    std::uint32_t read_completion_boundary = 0;
    std::uint32_t completion_bytes = 0;  ///< the most in a completion; 0: max_payload
    // Room, 0: without limit. Headers are packets, data 16 bytes each.
    std::uint32_t posted_header_credits = 0;     ///< of the root port, for writes
    std::uint32_t posted_data_credits = 0;       ///< of the root port, for writes
    std::uint32_t nonposted_header_credits = 0;  ///< of the root port, for read requests
    std::uint32_t read_buffer_bytes = 0;         ///< of the endpoint, for the data of reads
    // Idle for how long before it sleeps, 0: never; and how long it takes to wake up.
    std::uint64_t l0s_entry_ns = 0;
    std::uint64_t l0s_exit_ns = 500;
    std::uint64_t l1_entry_ns = 0;
    std::uint64_t l1_exit_ns = 8'000;

    /// Active State Power Management that the link is capable of; an infinitely fast one has none.
    [[nodiscard]] bool has_l0s() const { return gen != 0 && l0s_entry_ns != 0; }
    [[nodiscard]] bool has_l1() const { return gen != 0 && l1_entry_ns != 0; }

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
        v(I{"link_read_completion_boundary", "bytes",
            "the host cuts completions at multiples of this, 64 or 128; 0: from where the data "
            "begin",
            0, 128},
          p.read_completion_boundary);
        v(I{"link_completion_bytes", "bytes",
            "the most that the host puts into a completion: 64, 128 ... 4096; 0: link_max_payload",
            0, 4096},
          p.completion_bytes);
        v(I{"link_posted_header_credits", "packets",
            "of writes, for which the root port has room; 0: no limit", 0, 65536},
          p.posted_header_credits);
        v(I{"link_posted_data_credits", "16 bytes",
            "of writes, for which the root port has room; 0: no limit", 0, 65536},
          p.posted_data_credits);
        v(I{"link_nonposted_header_credits", "requests",
            "of reads, for which the root port has room; 0: no limit", 0, 65536},
          p.nonposted_header_credits);
        v(I{"link_read_buffer_bytes", "bytes",
            "of data that reads have asked for, for which the controller has room; 0: no limit", 0,
            1u << 30},
          p.read_buffer_bytes);
        v(I{"link_l0s_entry_ns", "ns",
            "a direction that is idle for so long sleeps in L0s, if the host enables it; 0: it "
            "cannot",
            0, util::kMostNs},
          p.l0s_entry_ns);
        v(I{"link_l0s_exit_ns", "ns", "until a direction in L0s is awake", 0, util::kMostNs},
          p.l0s_exit_ns);
        v(I{"link_l1_entry_ns", "ns",
            "a link that is idle for so long sleeps in L1, if the host enables it; 0: it cannot", 0,
            util::kMostNs},
          p.l1_entry_ns);
        v(I{"link_l1_exit_ns", "ns", "until a link in L1 is awake", 0, util::kMostNs},
          p.l1_exit_ns);
    }
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const LinkParams& params);

}  // namespace pcie
