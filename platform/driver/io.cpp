// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "platform/driver/host_driver.h"

namespace platform {

namespace {

constexpr std::uint32_t kMaxBlocks = 65'536;
constexpr std::size_t kMaxRanges = 256;

}  // namespace

/// 0 when there is none.
std::uint16_t HostDriver::first_io_queue() const {
    for (std::size_t qid = 1; qid < sqs_.size(); ++qid) {
        if (sqs_[qid]) return static_cast<std::uint16_t>(qid);
    }
    return 0;
}

/// `buffer`: null for a command without data.
Completion HostDriver::io(std::uint16_t qid, std::uint32_t blocks,
                          const spec::SubmissionEntry& entry, const DmaBuffer* buffer) {
    if (blocks == 0 || blocks > kMaxBlocks) return Completion::failed(DriverError::kBadArgument);
    if (qid == 0) qid = first_io_queue();
    if (qid == 0) return Completion::failed(DriverError::kNoSuchQueue);
    if (buffer == nullptr) return execute(qid, entry);

    const std::uint64_t bytes = std::uint64_t{blocks} * block_bytes(entry.nsid);
    if (bytes == 0 || bytes > buffer->size) return Completion::failed(DriverError::kBadArgument);
    return execute(qid, entry, {buffer->gpa, bytes});
}

Completion HostDriver::read(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                            const DmaBuffer& buffer, std::uint16_t qid) {
    return io(qid, blocks, commands::read(nsid, lba, blocks), &buffer);
}

Completion HostDriver::write(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                             const DmaBuffer& buffer, bool fua, std::uint16_t qid) {
    return io(qid, blocks, commands::write(nsid, lba, blocks, fua), &buffer);
}

Completion HostDriver::compare(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                               const DmaBuffer& buffer, std::uint16_t qid) {
    return io(qid, blocks, commands::compare(nsid, lba, blocks), &buffer);
}

Completion HostDriver::verify(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                              std::uint16_t qid) {
    return io(qid, blocks, commands::verify(nsid, lba, blocks), nullptr);
}

Completion HostDriver::write_zeroes(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks,
                                    bool deallocate, std::uint16_t qid) {
    return io(qid, blocks, commands::write_zeroes(nsid, lba, blocks, deallocate), nullptr);
}

Completion HostDriver::flush(std::uint32_t nsid, std::uint16_t qid) {
    return io(qid, 1, commands::flush(nsid), nullptr);
}

Completion HostDriver::dataset_management(std::uint32_t nsid,
                                          const std::vector<spec::DsmRange>& ranges,
                                          std::uint16_t qid) {
    if (ranges.empty() || ranges.size() > kMaxRanges)
        return Completion::failed(DriverError::kBadArgument);
    if (qid == 0) qid = first_io_queue();
    if (qid == 0) return Completion::failed(DriverError::kNoSuchQueue);
    const std::uint64_t bytes = ranges.size() * sizeof(spec::DsmRange);
    const DmaBuffer buffer = allocator_.allocate(bytes);
    if (!buffer) return Completion::failed(DriverError::kNoResources);
    std::memcpy(buffer.data, ranges.data(), bytes);
    const Completion completion =
        execute(qid, commands::dataset_management(nsid, static_cast<unsigned>(ranges.size())),
                {buffer.gpa, bytes});
    if (completion.error != DriverError::kTimedOut) allocator_.release(buffer);
    return completion;
}

}  // namespace platform
