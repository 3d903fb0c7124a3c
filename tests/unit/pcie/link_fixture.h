// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/pcie/link.h"

namespace pcie::test {

/// Packets without overhead on a link without latency: times are those of the bytes alone.
inline LinkParams bare(unsigned gen, unsigned lanes) {
    LinkParams params;
    params.gen = gen;
    params.lanes = lanes;
    params.tlp_overhead_bytes = 0;
    params.latency_ns = 0;
    return params;
}

}  // namespace pcie::test
