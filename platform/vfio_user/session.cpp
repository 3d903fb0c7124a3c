// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/session.h"

#include <cerrno>

namespace platform::vfio_user {

struct Session::Row {
    Handler handler;
    Command command;
    std::uint32_t max_fds;
};

Session::Session(const DeviceDescription& description, Device& device, Channel& channel)
    : description_(description),
      device_(device),
      channel_(channel),
      irqs_(description.irqs),
      dma_(channel) {}

/// Commands without a row (dirty pages, migration, I/O descriptors) are answered: not supported.
const Session::Row* Session::row_of(Command command) {
    static constexpr Row kRows[] = {
        {&Session::dma_map, Command::kDmaMap, 1},
        {&Session::dma_unmap, Command::kDmaUnmap, kMaxFds},
        {&Session::device_info, Command::kDeviceGetInfo, 0},
        {&Session::region_info, Command::kDeviceGetRegionInfo, 0},
        {&Session::irq_info, Command::kDeviceGetIrqInfo, 0},
        {&Session::set_irqs, Command::kDeviceSetIrqs, kMaxFds},
        {&Session::region_read, Command::kRegionRead, 0},
        {&Session::region_write, Command::kRegionWrite, 0},
        {&Session::device_reset, Command::kDeviceReset, 0},
        {&Session::region_write_multi, Command::kRegionWriteMulti, 0},
    };
    for (const Row& row : kRows)
        if (row.command == command) return &row;
    return nullptr;
}

bool Session::handle(Message& message) {
    const std::uint32_t type = message.header.flags & kTypeMask;
    if (type == kTypeReply) {
        const bool expected = versions_agreed_ && dma_.end(message);
        if (expected) device_.dma_answered();
        return expected;
    }
    if (type != kTypeRequest || (message.header.flags & kFlagError) != 0) return false;
    reply_due_ = (message.header.flags & kFlagNoReply) == 0;
    if (!versions_agreed_) return version(message);

    if (const int error = dispatch(message); error != 0) reply(message, -1, error);
    return reachable_;
}

int Session::dispatch(Message& message) {
    if (message.header.command == Command::kVersion) return EINVAL;  // a second time
    const Row* row = row_of(message.header.command);
    if (row == nullptr) return ENOTSUP;
    if (message.fds.size() > row->max_fds) return EINVAL;
    return (this->*row->handler)(message);
}

void Session::close() {
    dma_.fail_all();
    device_.dma_answered();
    unmap(memory_.all());
    irqs_.clear();
    device_.irqs_changed(IrqIndex::kMsix);
}

// --- Replies ---

void Session::start_reply() {
    buffer_.assign(sizeof(Header), 0);
}

void Session::add_bytes(const void* data, std::size_t bytes) {
    const auto* begin = static_cast<const std::uint8_t*>(data);
    buffer_.insert(buffer_.end(), begin, begin + bytes);
}

void Session::reply(const Message& message, int fd, int error) {
    reply_due_ = false;
    if ((message.header.flags & kFlagNoReply) != 0) return;
    if (error != 0) start_reply();
    Header header;
    header.id = message.header.id;
    header.command = message.header.command;
    header.size = static_cast<std::uint32_t>(buffer_.size());
    header.flags = kTypeReply | (error != 0 ? kFlagError : 0);
    header.error = static_cast<std::uint32_t>(error);
    std::memcpy(buffer_.data(), &header, sizeof header);
    reachable_ = channel_.send(buffer_.data(), buffer_.size(), fd);
}

// --- Introduction ---

bool Session::version(Message& message) {
    const auto agreement = negotiate(message.payload);
    if (message.header.command != Command::kVersion || !agreement || !message.fds.empty() ||
        (message.header.flags & kFlagNoReply) != 0) {
        reply(message, -1, EINVAL);
        return false;
    }
    versions_agreed_ = true;
    client_ = agreement->client;
    start_reply();
    add(agreement->version);
    if (!agreement->text.empty())
        add_bytes(agreement->text.c_str(), agreement->text.size() + 1);  // with its NUL
    reply(message);
    return reachable_;
}

int Session::device_info(Message& message) {
    const auto request = load<DeviceInfo>(message.payload);
    if (!request || request->argsz < sizeof(DeviceInfo)) return EINVAL;
    start_reply();
    add(DeviceInfo{sizeof(DeviceInfo), kDeviceReset | kDevicePci, kRegions, kIrqs});
    reply(message);
    return 0;
}

/// A client asks with room for the structure, learns that there is more to know, and asks again
/// with room for all; the descriptor comes with the second answer only.
int Session::region_info(Message& message) {
    const auto request = load<RegionInfo>(message.payload);
    if (!request || request->argsz < sizeof(RegionInfo) || request->index >= kRegions)
        return EINVAL;
    const RegionDescription& region = description_.regions[request->index];
    const bool mappable = region.map_fd >= 0;
    RegionInfo info;
    info.argsz = sizeof(RegionInfo) + (mappable ? sizeof(SparseMapCapability) : 0);
    info.flags = region.flags | (mappable ? kRegionMappable : 0);
    info.index = request->index;
    info.size = region.size;
    const bool whole = mappable && request->argsz >= info.argsz;
    if (whole) {
        info.flags |= kRegionCapabilities;
        info.cap_offset = sizeof(RegionInfo);
    }
    start_reply();
    add(info);
    if (whole) {
        SparseMapCapability capability;
        capability.offset = region.map_offset;
        capability.size = region.map_size;
        add(capability);
    }
    reply(message, whole ? region.map_fd : -1);
    return 0;
}

// --- Interrupts ---

int Session::irq_info(Message& message) {
    const auto request = load<IrqInfo>(message.payload);
    if (!request || request->argsz < sizeof(IrqInfo) || request->index >= kIrqs) return EINVAL;
    const IrqDescription& irq = description_.irqs[request->index];
    start_reply();
    add(IrqInfo{sizeof(IrqInfo), irq.flags, request->index, irq.count});
    reply(message);
    return 0;
}

int Session::set_irqs(Message& message) {
    const auto request = load<SetIrqs>(message.payload);
    if (!request) return EINVAL;
    const int wrong = irqs_.set(*request, message.payload.data() + sizeof(SetIrqs),
                                message.payload.size() - sizeof(SetIrqs), message.fds);
    if (wrong != 0) return wrong;
    device_.irqs_changed(static_cast<IrqIndex>(request->index));
    start_reply();
    reply(message);
    return 0;
}

// --- Memory ---

int Session::dma_map(Message& message) {
    const auto request = load<DmaMapRequest>(message.payload);
    if (!request || request->argsz < sizeof(DmaMapRequest)) return EINVAL;
    const int fd = message.fds.empty() ? -1 : message.fds.front().get();
    if (const int wrong = memory_.map(*request, fd); wrong != 0) return wrong;
    device_.mapped();
    start_reply();
    reply(message);
    return 0;
}

/// All mappings inside of the range; there may be none. So it is with VFIO in Linux
/// (VFIO_IOMMU_UNMAP_DMA of type 1 v2), on which the protocol is modelled, and so clients use it:
/// what a virtual IOMMU invalidates is one range for the guest, mapped page by page, or not at all.
/// SPDK sends the descriptor of the memory here as well; it is closed with the message.
int Session::dma_unmap(Message& message) {
    const auto request = load<DmaUnmapRequest>(message.payload);
    if (!request || request->argsz < sizeof(DmaUnmapRequest)) return EINVAL;
    if ((request->flags & kUnmapDirtyBitmap) != 0) return ENOTSUP;
    if ((request->flags & ~kUnmapAll) != 0) return EINVAL;
    if ((request->flags & kUnmapAll) != 0) {
        if (request->address != 0 || request->size != 0) return EINVAL;
        unmap(memory_.all());
    } else {
        const auto range = memory_.whole(request->address, request->size);
        if (!range) return EINVAL;
        unmap(*range);
    }
    start_reply();
    add(*request);
    reply(message);
    return 0;
}

/// The device first: nothing of it may point there any more.
void Session::unmap(DmaMap::Range range) {
    for (const auto& [address, mapping] : range) device_.unmapping(mapping.first, mapping.last);
    memory_.unmap(range);
}

// --- Regions ---

int Session::check(const RegionAccess& access, std::uint32_t needed) {
    if (access.region >= kRegions) return EINVAL;
    const RegionDescription& region = description_.regions[access.region];
    const bool inside = access.count != 0 && access.count <= kMaxTransfer &&
                        access.offset < region.size && access.count <= region.size - access.offset;
    if ((region.flags & needed) != 0 && inside) return 0;
    device_.outside(access);
    return EINVAL;
}

int Session::region_read(Message& message) {
    const auto access = load<RegionAccess>(message.payload);
    if (!access || message.payload.size() != sizeof(RegionAccess)) return EINVAL;
    if (const int wrong = check(*access, kRegionReadable); wrong != 0) return wrong;
    start_reply();
    add(*access);
    buffer_.resize(sizeof(Header) + sizeof(RegionAccess) + access->count);
    device_.read_region(access->region, access->offset,
                        buffer_.data() + sizeof(Header) + sizeof(RegionAccess), access->count);
    reply(message);
    return 0;
}

int Session::region_write(Message& message) {
    const auto access = load<RegionAccess>(message.payload);
    if (!access) return EINVAL;
    if (const int wrong = check(*access, kRegionWritable); wrong != 0) return wrong;
    if (message.payload.size() - sizeof(RegionAccess) != access->count) return EINVAL;
    device_.write_region(access->region, access->offset,
                         message.payload.data() + sizeof(RegionAccess), access->count);
    start_reply();
    add(*access);
    reply(message);
    return 0;
}

int Session::region_write_multi(Message& message) {
    const auto count = load<std::uint64_t>(message.payload);
    if (!count || *count == 0 || *count > kMaxMultiWrites) return EINVAL;
    if (message.payload.size() != sizeof(*count) + *count * sizeof(WriteOne)) return EINVAL;
    const auto one = [&](std::uint64_t i) {
        return *load<WriteOne>(message.payload, sizeof(*count) + i * sizeof(WriteOne));
    };
    for (std::uint64_t i = 0; i < *count; ++i) {
        const WriteOne write = one(i);
        if (const int wrong = check(write.access, kRegionWritable); wrong != 0) return wrong;
        if (write.access.count > sizeof write.data) return EINVAL;
    }
    for (std::uint64_t i = 0; i < *count; ++i) {
        const WriteOne write = one(i);
        device_.write_region(write.access.region, write.access.offset, write.data,
                             write.access.count);
    }
    start_reply();
    add(*count);
    reply(message);
    return 0;
}

int Session::device_reset(Message& message) {
    if (!message.payload.empty()) return EINVAL;
    device_.reset();
    start_reply();
    reply(message);
    return 0;
}

}  // namespace platform::vfio_user
