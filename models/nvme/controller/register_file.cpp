// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/register_file.h"

#include <cstddef>
#include <iterator>
#include <utility>

namespace nvme {
using spec::Cc;
using spec::Csts;
using util::TimePs;
namespace offset = spec::offset;

struct RegisterFile::Info {
    std::uint32_t offset;
    unsigned size;
    const char* name;
    std::uint64_t (RegisterFile::*read)() const;
    void (RegisterFile::*write)(std::uint64_t, TimePs);  // null: writes are ignored
};

const RegisterFile::Info* RegisterFile::find(std::uint32_t offset, unsigned size) {
    using R = RegisterFile;
    // clang-format off
    static constexpr Info kMap[] = {
        // offset         size name     read            write    [NVMe-Base-2.0 3.1.3]
        {offset::kCap,    8, "CAP",   &R::read_cap,   nullptr},
        {offset::kVs,     4, "VS",    &R::read_vs,    nullptr},
        {offset::kIntms,  4, "INTMS", &R::read_intm,  &R::write_intms},
        {offset::kIntmc,  4, "INTMC", &R::read_intm,  &R::write_intmc},
        {offset::kCc,     4, "CC",    &R::read_cc,    &R::write_cc},
        {offset::kCsts,   4, "CSTS",  &R::read_csts,  &R::write_csts},
        {offset::kNssr,   4, "NSSR",  &R::read_zero,  &R::write_nssr},
        {offset::kAqa,    4, "AQA",   &R::read_aqa,   &R::write_aqa},
        {offset::kAsq,    8, "ASQ",   &R::read_asq,   &R::write_asq},
        {offset::kAcq,    8, "ACQ",   &R::read_acq,   &R::write_acq},
        {offset::kCrto,   4, "CRTO",  &R::read_crto,  nullptr},
    };
    // clang-format on
    constexpr auto ascends_without_overlap = [](const auto& map) {
        for (std::size_t i = 1; i < std::size(map); ++i)
            if (map[i - 1].offset + map[i - 1].size > map[i].offset) return false;
        return true;
    };
    static_assert(ascends_without_overlap(kMap));

    for (const Info& r : kMap)
        if (offset >= r.offset && offset + size <= r.offset + r.size) return &r;
    return nullptr;
}

namespace {

constexpr std::uint64_t mask_of(unsigned size) {
    return size == 8 ? ~0ull : 0xffff'ffffull;
}
constexpr std::uint64_t kPageMask = 0xfff;

/// The bits of CC that a host can write: none that is reserved, and none of a capability that CAP
/// does not announce. CSS, MPS and AMS can be written whatever their value; enabling checks them.
/// [NVMe-Base-2.0 3.1.3.5 CC, Controller Configuration]
std::uint32_t writable_cc(spec::Cap cap) {
    using spec::Cap;
    const bool both_ready_modes = cap.get<Cap::Crwms>() && cap.get<Cap::Crims>();  // CRMS = 11b
    std::uint64_t reserved = Cc::Rsvd1::kMask | Cc::Rsvd25::kMask;
    if (!both_ready_modes) reserved |= Cc::Crime::kMask;
    return static_cast<std::uint32_t>(~reserved);
}

}  // namespace

RegisterFile::RegisterFile(const RegisterFile& other, RegisterEvents& events)
    : RegisterFile(other.cap_, other.crto_, events) {
    cc_ = other.cc_;
    csts_ = other.csts_;
    aqa_ = other.aqa_;
    asq_ = other.asq_;
    acq_ = other.acq_;
    intm_ = other.intm_;
}

std::optional<std::uint64_t> RegisterFile::read(std::uint32_t offset, unsigned size) const {
    if (!access_ok(offset, size)) return std::nullopt;
    const Info* r = find(offset, size);
    if (r == nullptr) {
        // Two 32-bit properties read as one: what a bridge that merges accesses would return.
        if (size == 4) return 0;
        const auto low = read(offset, 4), high = read(offset + 4, 4);
        return *low | *high << 32;
    }
    return ((this->*r->read)() >> 8 * (offset - r->offset)) & mask_of(size);
}

bool RegisterFile::write(std::uint32_t offset, unsigned size, std::uint64_t value, TimePs at) {
    if (!access_ok(offset, size)) return false;
    const Info* r = find(offset, size);
    if (r == nullptr) {
        if (size == 4) return true;
        return write(offset, 4, value & 0xffff'ffff, at) && write(offset + 4, 4, value >> 32, at);
    }
    if (r->write == nullptr) return true;
    // A half of a 64-bit property keeps the other half.
    const unsigned shift = 8 * (offset - r->offset);
    const std::uint64_t touched = mask_of(size) << shift;
    const std::uint64_t old = (this->*r->read)();
    (this->*r->write)((old & ~touched) | ((value << shift) & touched), at);
    return true;
}

void RegisterFile::write_intms(std::uint64_t value, TimePs) {
    intm_ |= static_cast<std::uint32_t>(value);
    events_.on_interrupt_mask_changed();
}

void RegisterFile::write_intmc(std::uint64_t value, TimePs) {
    intm_ &= ~static_cast<std::uint32_t>(value);
    events_.on_interrupt_mask_changed();
}

void RegisterFile::write_cc(std::uint64_t value, TimePs at) {
    const auto next = Cc::from(value & writable_cc(cap_));
    const Cc before = std::exchange(cc_, next);
    events_.on_cc_written(before, next, at);
}

void RegisterFile::write_csts(std::uint64_t value, TimePs) {
    if (Csts::from(value).get<Csts::Nssro>()) csts_.set<Csts::Nssro>(false);  // RW1C
}

void RegisterFile::write_nssr(std::uint64_t value, TimePs at) {
    if (!cap_.get<spec::Cap::Nssrs>()) return;  // the property is reserved
    if (value == spec::kNssrReset) events_.on_subsystem_reset_requested(at);
}

// AQA, ASQ and ACQ keep their value while CC.EN = 1: a controller that is using the admin queues
// must not see them move.
void RegisterFile::write_aqa(std::uint64_t value, TimePs) {
    if (cc_.get<Cc::En>()) return;
    aqa_ = spec::Aqa::from(value & 0x0fff'0fff);
}

void RegisterFile::write_asq(std::uint64_t value, TimePs) {
    if (!cc_.get<Cc::En>()) asq_ = value & ~kPageMask;
}

void RegisterFile::write_acq(std::uint64_t value, TimePs) {
    if (!cc_.get<Cc::En>()) acq_ = value & ~kPageMask;
}

void RegisterFile::controller_reset() {
    cc_ = {};
    intm_ = 0;
}

void RegisterFile::full_reset() {
    controller_reset();
    aqa_ = {};
    asq_ = acq_ = 0;
}

}  // namespace nvme
