// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/data_pointer.h"

#include <cstring>

#include "models/nvme/spec/opcodes.h"
#include "models/nvme/transport/prp.h"
#include "models/nvme/transport/sgl.h"

namespace nvme {

Result<util::TimePs> walk_data_pointer(const CommandDma& dma, util::TimePs start,
                                       const spec::SubmissionEntry& sqe, std::size_t len,
                                       std::size_t page_size, ExtentList& out) {
    const auto cdw0 = spec::Cdw0::from(sqe.cdw0);
    if (cdw0.get<spec::Cdw0::Psdt>() == spec::kPsdtPrp)
        return walk_prps(dma, start, {sqe.prp1, sqe.prp2}, len, page_size, out);
    const bool to_host = spec::data_transfer(cdw0.get<spec::Cdw0::Opcode>()) ==
                         spec::DataTransfer::kControllerToHost;
    const std::uint64_t dptr[] = {sqe.prp1, sqe.prp2};
    spec::SglDescriptor first;
    static_assert(sizeof first == sizeof dptr);
    std::memcpy(&first, dptr, sizeof first);
    return walk_sgl(dma, start, first, len, to_host, out);
}

}  // namespace nvme
