// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <tlm>

#include "models/pcie/decoupled_writes.h"
#include "models/util/time.h"

namespace pcie {

/// On a read by a host that is ahead of simulated time: what has been written to the registers
/// before `at` and has not reached them. Ignorable: the device then answers with the present. The
/// list lives as long as the call.
struct ReadAhead : tlm::tlm_extension<ReadAhead> {
    ReadAhead(const DecoupledWrites& list, util::TimePs time) : writes(&list), at(time) {}

    const DecoupledWrites* writes;
    util::TimePs at;

    tlm::tlm_extension_base* clone() const override { return new ReadAhead(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const ReadAhead&>(other);
    }
};

}  // namespace pcie
