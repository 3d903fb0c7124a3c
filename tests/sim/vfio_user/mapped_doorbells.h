// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include "tests/sim/vfio_user/client.h"

namespace platform::vfio_user::test {

/// The doorbells as SPDK maps them.
class MappedDoorbells {
public:
    explicit MappedDoorbells(Client& c) {
        RegionInfo info;
        info.argsz = 4064;
        const Message reply = c.request(Command::kDeviceGetRegionInfo, bytes_of(info));
        const auto answer = load<RegionInfo>(reply.payload);
        const auto area = load<SparseMapCapability>(reply.payload, sizeof(RegionInfo));
        if (!answer || !area || reply.fds.size() != 1) return;
        flags = answer->flags;
        offset = area->offset;
        size = area->size;
        fd = ::dup(reply.fds[0].get());
        void* start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
                             static_cast<off_t>(answer->offset + area->offset));
        if (start != MAP_FAILED) page = static_cast<std::uint32_t*>(start);
    }
    ~MappedDoorbells() {
        if (page != nullptr) ::munmap(const_cast<std::uint32_t*>(page), size);
        ::close(fd);
    }
    MappedDoorbells(const MappedDoorbells&) = delete;
    MappedDoorbells& operator=(const MappedDoorbells&) = delete;
    std::uint32_t flags = 0;
    std::uint64_t offset = 0, size = 0;
    int fd = -1;
    volatile std::uint32_t* page = nullptr;
};

}  // namespace platform::vfio_user::test
