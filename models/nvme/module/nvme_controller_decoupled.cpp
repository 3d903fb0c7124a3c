// SPDX-License-Identifier: Apache-2.0
// What a temporally decoupled host writes takes effect at its own time, on every socket alike: one
// list keeps the order between them. A write without a delay does not pass through the list.
#include <algorithm>

#include "models/nvme/controller/register_preview.h"
#include "models/nvme/module/nvme_controller.h"
#include "models/nvme/spec/registers.h"

namespace nvme {
using pcie::HostWrite;
using pcie::Space;
using util::TimePs;

/// When an access takes place. What was written for now has happened by then.
TimePs NvmeController::arrival(const sc_core::sc_time& delay) {
    if (under_way_.next() <= now()) take_due();
    return util::later(now(), time_.to_ps(delay));
}

void NvmeController::take(HostWrite write) {
    // A queue goes only forward: whoever rings it is not overtaken by one who rings it later, even
    // if that one's time is earlier.
    if (!under_way_.empty() && write.space == Space::kBar0 &&
        write.offset >= spec::offset::kDoorbells)
        write.at = std::max(write.at, under_way_.last(write.space, write.offset));
    if (write.at <= now()) return apply(write);
    under_way_.add(write);
    notify_at(write_due_, under_way_.next());
}

/// A posted write is answered before it arrives. One that finds the function gone by then is lost.
void NvmeController::take_due() {
    while (under_way_.next() <= now()) {
        const HostWrite write = under_way_.take();
        const bool decoded = write.space == Space::kConfig || config_space_.memory_enabled();
        if (responding() && decoded) apply(write);
    }
    if (!under_way_.empty()) notify_at(write_due_, under_way_.next());
}

void NvmeController::apply(const HostWrite& write) {
    switch (write.space) {
        case Space::kConfig:
            config_space_.write(static_cast<std::uint16_t>(write.offset), write.size,
                                static_cast<std::uint32_t>(write.value));
            return;
        case Space::kBar0:
            (void)core_->write(write.offset, write.size, write.value, write.at);
            return;
        case Space::kBar4:
            msix_.write(write.offset, write.size, write.value);
            coordinator_.wake.notify(sc_core::SC_ZERO_TIME);  // it may have unmasked something
            return;
    }
}

const pcie::ConfigSpace& NvmeController::config_space_at(TimePs at) {
    if (!under_way_.until(at, Space::kConfig, [](const HostWrite&) {})) return config_space_;
    config_preview_.emplace(config_space_);
    under_way_.until(at, Space::kConfig, [this](const HostWrite& write) {
        config_preview_->write_unheard(static_cast<std::uint16_t>(write.offset), write.size,
                                       static_cast<std::uint32_t>(write.value));
    });
    return *config_preview_;
}

std::optional<std::uint64_t> NvmeController::read_bar0(std::uint64_t offset, unsigned size,
                                                       TimePs at) {
    if (under_way_.empty()) return core_->read_by_host(offset, size, core_->registers());
    RegisterPreview preview(core_->registers());
    under_way_.until(at, Space::kBar0, [&](const HostWrite& write) {
        preview.write(write.offset, write.size, write.value);
    });
    return core_->read_by_host(offset, size, preview.registers());
}

std::uint64_t NvmeController::read_bar4(std::uint64_t offset, unsigned size, TimePs at) {
    if (under_way_.empty()) return msix_.read(offset, size);
    pcie::Msix preview = msix_;
    under_way_.until(at, Space::kBar4, [&](const HostWrite& write) {
        preview.write(write.offset, write.size, write.value);
    });
    return preview.read(offset, size);
}

}  // namespace nvme
