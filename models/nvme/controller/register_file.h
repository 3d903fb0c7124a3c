// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "models/nvme/spec/registers.h"
#include "models/util/time.h"

namespace nvme {

/// Consequences of property writes. `at` is when the write takes effect.
class RegisterEvents {
public:
    virtual ~RegisterEvents() = default;
    virtual void on_cc_written(spec::Cc before, spec::Cc after, util::TimePs at) = 0;
    virtual void on_subsystem_reset_requested(util::TimePs at) = 0;
    virtual void on_interrupt_mask_changed() = 0;
};

/// Controller properties, BAR0 offsets 0000h to 0FFFh. [NVMe-Base-2.0 3.1.3 Controller Properties]
/// Accesses of 4 bytes, or of 8 to 64-bit properties, naturally aligned; any other is refused.
/// Reserved offsets read as zero and ignore writes.
class RegisterFile {
public:
    static constexpr std::uint32_t kSize = 0x1000;

    RegisterFile(spec::Cap cap, spec::Crto crto, RegisterEvents& events)
        : cap_(cap), crto_(crto), events_(events) {}
    /// The same values, and another one to hear of writes.
    RegisterFile(const RegisterFile& other, RegisterEvents& events);

    /// Naturally aligned, 4 or 8 bytes, within the properties.
    [[nodiscard]] static constexpr bool access_ok(std::uint64_t offset, unsigned size) {
        return (size == 4 || size == 8) && offset % size == 0 && offset < kSize;
    }

    /// No side effects.
    [[nodiscard]] std::optional<std::uint64_t> read(std::uint32_t offset, unsigned size) const;
    [[nodiscard]] bool write(std::uint32_t offset, unsigned size, std::uint64_t value,
                             util::TimePs at);

    [[nodiscard]] spec::Cap cap() const { return cap_; }
    [[nodiscard]] spec::Cc cc() const { return cc_; }
    [[nodiscard]] spec::Csts csts() const { return csts_; }
    void set_csts(spec::Csts csts) { csts_ = csts; }
    /// Of a write that reset the controller as well.
    void set_shutdown_notification(spec::Shn shn) { cc_.set<spec::Cc::Shn>(shn); }
    [[nodiscard]] spec::Aqa aqa() const { return aqa_; }
    [[nodiscard]] std::uint64_t asq() const { return asq_; }
    [[nodiscard]] std::uint64_t acq() const { return acq_; }
    [[nodiscard]] std::uint32_t interrupt_mask() const { return intm_; }

    /// Controller Reset by CC.EN: all but AQA, ASQ and ACQ. CSTS is the owner's to change.
    /// [NVMe-Base-2.0 3.7.2 Controller Level Reset]
    void controller_reset();
    /// Every other controller level reset: these too.
    void full_reset();

private:
    struct Info;
    static const Info* find(std::uint32_t offset, unsigned size);

    std::uint64_t read_cap() const { return cap_.raw; }
    std::uint64_t read_vs() const { return spec::Vs{}.with<spec::Vs::Mjr>(2).raw; }
    std::uint64_t read_intm() const { return intm_; }
    std::uint64_t read_cc() const { return cc_.raw; }
    std::uint64_t read_csts() const { return csts_.raw; }
    std::uint64_t read_zero() const { return 0; }
    std::uint64_t read_aqa() const { return aqa_.raw; }
    std::uint64_t read_asq() const { return asq_; }
    std::uint64_t read_acq() const { return acq_; }
    std::uint64_t read_crto() const { return crto_.raw; }

    void write_intms(std::uint64_t value, util::TimePs at);
    void write_intmc(std::uint64_t value, util::TimePs at);
    void write_cc(std::uint64_t value, util::TimePs at);
    void write_csts(std::uint64_t value, util::TimePs at);
    void write_nssr(std::uint64_t value, util::TimePs at);
    void write_aqa(std::uint64_t value, util::TimePs at);
    void write_asq(std::uint64_t value, util::TimePs at);
    void write_acq(std::uint64_t value, util::TimePs at);

    const spec::Cap cap_;
    const spec::Crto crto_;
    RegisterEvents& events_;
    spec::Cc cc_;
    spec::Csts csts_;
    spec::Aqa aqa_;
    std::uint64_t asq_ = 0, acq_ = 0;
    std::uint32_t intm_ = 0;
};

}  // namespace nvme
