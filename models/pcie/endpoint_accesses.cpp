// SPDX-License-Identifier: Apache-2.0
// What a temporally decoupled host writes takes effect at its own time, in every space alike: one
// list keeps the order between them. A write without a delay does not pass through the list.
#include <algorithm>

#include "models/pcie/endpoint.h"

namespace pcie {
using util::TimePs;

TimePs Endpoint::arrival(TimePs delay) {
    if (under_way_.next() <= world_.now()) take_due();
    return util::later(world_.now(), delay);
}

TimePs Endpoint::effect(const HostWrite& write) const {
    const bool ordered = write.space == Space::kBar0 && write.offset >= params_.bar0_ordered_from;
    if (!ordered || under_way_.empty()) return write.at;
    return std::max(write.at, under_way_.last(write.space, write.offset));
}

void Endpoint::write(const HostWrite& write) {
    if (write.at <= world_.now()) return apply(write);
    under_way_.add(write);
    world_.wake_writes(under_way_.next());
}

/// A posted write is answered before it arrives. One that finds the function gone by then is lost.
void Endpoint::take_due() {
    while (under_way_.next() <= world_.now()) {
        const HostWrite write = under_way_.take();
        const bool decoded = write.space == Space::kConfig || config_space_.memory_enabled();
        if (responding() && decoded) apply(write);
    }
    if (!under_way_.empty()) world_.wake_writes(under_way_.next());
}

void Endpoint::apply(const HostWrite& write) {
    switch (write.space) {
        case Space::kConfig:
            config_space_.write(static_cast<std::uint16_t>(write.offset), write.size,
                                static_cast<std::uint32_t>(write.value));
            return device_.on_config_written(static_cast<std::uint16_t>(write.offset), write.size,
                                             static_cast<std::uint32_t>(write.value));
        case Space::kBar0:
            return world_.write_device(write);
        case Space::kBar4:
            msix_.write(write.offset, write.size, write.value);
            if (const std::uint64_t v = write.offset / Msix::kEntryBytes; v < msix_.vectors())
                device_.on_vectors_changed(static_cast<unsigned>(v), static_cast<unsigned>(v) + 1);
            return world_.wake_messages();  // it may have unmasked something
    }
}

const ConfigSpace& Endpoint::config_space_at(TimePs at) {
    if (!under_way_.until(at, Space::kConfig, [](const HostWrite&) {})) return config_space_;
    config_preview_.emplace(config_space_);
    under_way_.until(at, Space::kConfig, [this](const HostWrite& write) {
        config_preview_->write_unheard(static_cast<std::uint16_t>(write.offset), write.size,
                                       static_cast<std::uint32_t>(write.value));
    });
    return *config_preview_;
}

std::uint32_t Endpoint::read_config(std::uint16_t offset, unsigned size, TimePs at) {
    const std::uint32_t value = config_space_at(at).read(offset, size);
    return faults_ == nullptr ? value : faults_->on_config_read(offset, size, value);
}

std::uint64_t Endpoint::read_bar4(std::uint64_t offset, unsigned size, TimePs at) {
    if (under_way_.empty()) return msix_.read(offset, size);
    Msix preview = msix_;
    under_way_.until(at, Space::kBar4, [&](const HostWrite& write) {
        preview.write(write.offset, write.size, write.value);
    });
    return preview.read(offset, size);
}

}  // namespace pcie
