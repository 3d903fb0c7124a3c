// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/ports/host_memory.h"
#include "models/observe/transfer_events.h"

namespace nvme {

/// What an access to host memory is for.
struct DmaUse {
    using Kind = observe::DmaKind;
    Kind kind = Kind::kData;
    std::uint16_t qid = 0;  ///< kSubmissionEntry, kCompletionEntry
};

/// Decorates host memory for an access: lets it fail, or changes bytes on their way.
class DmaFaults {
public:
    virtual ~DmaFaults() = default;
    virtual DmaResult read(HostMemory& memory, DmaUse use, util::TimePs at, std::uint64_t gpa,
                           void* dst, std::size_t len) = 0;
    virtual DmaResult write(HostMemory& memory, DmaUse use, util::TimePs at, std::uint64_t gpa,
                            const void* src, std::size_t len) = 0;
    /// False: data has to pass read() and write() to be changed there.
    [[nodiscard]] virtual bool allows_direct() const = 0;
};

}  // namespace nvme
