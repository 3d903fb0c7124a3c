// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/controller/register_file.h"

namespace nvme {

/// The controller properties as a host sees them that is ahead of simulated time: its writes that
/// are still under way have done to them what they do at once. What takes time, or comes from
/// commands and media, is as it is now.
class RegisterPreview final : private RegisterEvents {
public:
    explicit RegisterPreview(const RegisterFile& now) : registers_(now, *this) {}
    RegisterPreview(const RegisterPreview&) = delete;
    RegisterPreview& operator=(const RegisterPreview&) = delete;

    /// Any offset in BAR0; doorbells change no property.
    void write(std::uint32_t offset, unsigned size, std::uint64_t value);
    [[nodiscard]] const RegisterFile& registers() const { return registers_; }

private:
    void on_cc_written(spec::Cc before, spec::Cc after, util::TimePs at) override;
    void on_subsystem_reset_requested(util::TimePs at) override;
    void on_interrupt_mask_changed() override {}

    RegisterFile registers_;
};

}  // namespace nvme
