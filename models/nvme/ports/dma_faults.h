// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/ports/host_memory.h"
#include "models/observe/transfer_events.h"

namespace nvme {

/// What a plan decided for one command when it was fetched. Opaque to the device, which keeps it
/// with the command.
struct CommandFaults {
    std::uint16_t data = 0, completion = 0;  ///< rule + 1; 0: none
    std::uint16_t waiting = 0;               ///< rule + 1 that postpones the command now
    std::uint16_t sqid = 0, cid = 0;
    std::uint32_t release = 0;  ///< the rule's releases when it began to wait
    std::uint64_t moved = 0;    ///< bytes of data that have passed
};

/// What an access to host memory is for, and for whom.
struct DmaUse {
    using Kind = observe::DmaKind;
    Kind kind = Kind::kData;
    std::uint32_t qid = observe::kNoId;  ///< of the entry, or of the command's submission queue
    std::uint32_t cid = observe::kNoId;  ///< of the command
    CommandFaults* faults = nullptr;     ///< of the command
};

/// Decorates host memory for an access: lets it fail, or changes bytes on their way.
class DmaFaults {
public:
    virtual ~DmaFaults() = default;
    virtual DmaResult read(HostMemory& memory, const DmaUse& use, const AccessTime& when,
                           std::uint64_t gpa, void* dst, std::size_t len) = 0;
    virtual DmaResult write(HostMemory& memory, const DmaUse& use, const AccessTime& when,
                            std::uint64_t gpa, const void* src, std::size_t len) = 0;
    /// False: data has to pass read() and write() to be changed there.
    [[nodiscard]] virtual bool allows_direct(const DmaUse& use) const = 0;
};

}  // namespace nvme
