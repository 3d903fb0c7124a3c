// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/irq_table.h"

#include <sys/uio.h>

#include <cerrno>
#include <utility>

#include "platform/vfio_user/bell.h"
#include "platform/vfio_user/descriptor_kind.h"

namespace platform::vfio_user {

namespace {

/// Takes back what the client has not looked at. False: it has.
bool withdraw(int fd) {
    std::uint64_t count = 0;
    struct iovec into {
        &count, sizeof count
    };
    // The client reads the same counter at any moment, and its descriptor may be one that blocks.
    return ::preadv2(fd, &into, 1, -1, RWF_NOWAIT) == sizeof count;
}

bool is_one_bit(std::uint32_t bits) {
    return bits != 0 && (bits & (bits - 1)) == 0;
}

constexpr std::uint32_t kDataMask = kIrqDataNone | kIrqDataBool | kIrqDataEventfd;
constexpr std::uint32_t kActionMask = kIrqMask | kIrqUnmask | kIrqTrigger;

bool chosen(const SetIrqs& request, const std::uint8_t* data, std::uint32_t i) {
    return (request.flags & kIrqDataBool) == 0 || data[i] != 0;
}

}  // namespace

IrqTable::IrqTable(const IrqDescriptions& descriptions) : descriptions_(descriptions) {
    for (std::size_t i = 0; i < kIrqs; ++i) fds_[i].resize(descriptions_[i].count);
}

int IrqTable::check(const SetIrqs& request, std::size_t bytes,
                    const std::vector<ClientFd>& fds) const {
    const std::uint32_t data = request.flags & kDataMask;
    const std::uint32_t action = request.flags & kActionMask;
    if ((request.flags & ~(kDataMask | kActionMask)) != 0) return EINVAL;
    if (!is_one_bit(data) || !is_one_bit(action)) return EINVAL;
    if (request.argsz < sizeof(SetIrqs) || request.index >= kIrqs) return EINVAL;
    const IrqDescription& irq = descriptions_[request.index];
    if (request.start > irq.count || request.count > irq.count - request.start) return EINVAL;
    // "None, from 0" turns an index off; it is the only request without a number.
    const bool off = data == kIrqDataNone && action == kIrqTrigger && request.start == 0;
    if (request.count == 0 && !off) return EINVAL;
    if (action != kIrqTrigger && (irq.flags & kIrqMaskable) == 0) return ENOTSUP;
    if (data == kIrqDataBool && bytes != request.count) return EINVAL;
    if (data != kIrqDataBool && bytes != 0) return EINVAL;
    if (data != kIrqDataEventfd) return fds.empty() ? 0 : EINVAL;
    if (action != kIrqTrigger) return ENOTSUP;
    if (!fds.empty() && fds.size() != request.count) return EINVAL;
    // Nothing else can be signalled by the bell, and taken back.
    for (const ClientFd& fd : fds)
        if (kind_of(fd.get()) != DescriptorKind::kEventfd) return EINVAL;
    return 0;
}

int IrqTable::set(const SetIrqs& request, const std::uint8_t* data, std::size_t bytes,
                  std::vector<ClientFd>& fds) {
    if (const int wrong = check(request, bytes, fds); wrong != 0) return wrong;
    if ((request.flags & kIrqTrigger) != 0)
        trigger(request, data, fds);
    else
        mask(request, data, (request.flags & kIrqMask) != 0);
    return 0;
}

void IrqTable::trigger(const SetIrqs& request, const std::uint8_t* data,
                       std::vector<ClientFd>& fds) {
    const auto index = static_cast<IrqIndex>(request.index);
    std::vector<ClientFd>& all = fds_of(index);
    if ((request.flags & kIrqDataEventfd) != 0) {
        // Without descriptors these interrupts exist, but nobody listens yet.
        for (std::uint32_t i = 0; i < request.count; ++i)
            all[request.start + i] = fds.empty() ? ClientFd() : std::move(fds[i]);
    } else if (request.count == 0) {
        for (ClientFd& fd : all) fd.reset();
    } else {
        // The client rings its own bell.
        for (std::uint32_t i = 0; i < request.count; ++i)
            if (chosen(request, data, i)) (void)signal(index, request.start + i);
        return;
    }
    if (index != IrqIndex::kIntx) return;
    intx_masked_ = intx_signalled_ = false;
    update_intx();
}

void IrqTable::mask(const SetIrqs& request, const std::uint8_t* data, bool masked) {
    // check() lets only INTx come here, which is one interrupt.
    if (!chosen(request, data, 0)) return;
    intx_masked_ = masked;
    if (!masked) intx_signalled_ = false;
    update_intx();
}

bool IrqTable::armed(IrqIndex index, std::uint32_t number) const {
    const auto& all = fds_[static_cast<std::size_t>(index)];
    return number < all.size() && all[number];
}

bool IrqTable::signal(IrqIndex index, std::uint32_t number) {
    if (!armed(index, number)) return false;
    bell::ring(fds_of(index)[number].get());
    return true;
}

void IrqTable::set_intx_level(bool level) {
    intx_level_ = level;
    // A client that learned of a line that does not stand any more would raise its interrupt, the
    // guest's driver would find nothing to do, and so nothing would end that interrupt.
    if (!level && intx_signalled_ && armed(IrqIndex::kIntx, 0) &&
        withdraw(fds_of(IrqIndex::kIntx)[0].get()))
        intx_signalled_ = false;
    update_intx();
}

void IrqTable::update_intx() {
    if (!intx_level_ || intx_masked_ || intx_signalled_) return;
    intx_signalled_ = signal(IrqIndex::kIntx, 0);
}

void IrqTable::clear() {
    for (auto& all : fds_)
        for (ClientFd& fd : all) fd.reset();
    intx_masked_ = intx_signalled_ = false;
}

}  // namespace platform::vfio_user
