// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/subsystem.h"

#include <algorithm>
#include <utility>

#include "models/nvme/spec/entries.h"
#include "models/util/mix64.h"

namespace nvme {
using spec::StatusCode;

Subsystem::Subsystem(const SubsystemParams& params)
    : params_(params),
      timing_(media::make_timing(params.media)),
      stated_health_(params),
      health_(params),
      thermal_(params) {
    namespaces_.resize(params.max_namespaces);
    timing_.set_block_listener(this);
}

Outcome Subsystem::check_valid(std::uint32_t nsid) const {
    if (valid(nsid)) return Done{};
    return CommandError{StatusCode::kInvalidNamespaceOrFormat, "NSID is not valid", nsid, true,
                        spec::Nsid::at()};
}

Result<std::shared_ptr<Namespace>> Subsystem::active(std::uint32_t nsid) const {
    if (const auto& ns = find(nsid)) return ns;
    if (const auto good = check_valid(nsid); !good) return good.error();
    return CommandError{StatusCode::kInvalidField, "NSID is not active", nsid, true,
                        spec::Nsid::at()};
}

std::string Subsystem::add(const NamespaceConfig& config,
                           std::unique_ptr<media::BlockStore> store) {
    const std::string who = "nsid = " + std::to_string(config.nsid);
    if (!valid(config.nsid))
        return who + ": must be 1 to " + std::to_string(params_.max_namespaces);
    if (find(config.nsid)) return who + ": a namespace with this NSID exists already";
    if (find_block_format(config.lba_size) == nullptr)
        return who + ": lba_size = " + std::to_string(config.lba_size) + ": must be 512 or 4096";
    if (!store) return who + ": has no store";
    if (store->size() < config.lba_size) return who + ": the store holds not even one block";
    if (std::string wrong = timing_.set_size(config.nsid, store->size()); !wrong.empty())
        return who + ": " + wrong;
    namespaces_[config.nsid - 1] = std::make_shared<Namespace>(
        config, derive_nguid(config.nsid), std::move(store), params_.write_cache_bytes, timing_);
    namespaces_[config.nsid - 1]->set_media_read_only(health_.media_read_only);
    namespaces_[config.nsid - 1]->set_faults(media_faults_.effective());
    announce(config.nsid);
    return {};
}

bool Subsystem::remove(std::uint32_t nsid) {
    if (!find(nsid)) return false;
    // What was acknowledged but is still volatile stays with the store, as on an orderly removal.
    (void)namespaces_[nsid - 1]->data().flush();
    namespaces_[nsid - 1].reset();
    (void)timing_.set_size(nsid, 0);  // less is always held
    announce(nsid);
    return true;
}

std::string Subsystem::resize(std::uint32_t nsid, std::uint64_t bytes) {
    const std::string who = "nsid = " + std::to_string(nsid);
    const auto& ns = find(nsid);
    if (!ns) return who + ": there is no such namespace";
    if (bytes < ns->config().lba_size) return who + ": must keep at least one block";
    const std::uint64_t before = ns->data().size();
    if (std::string wrong = timing_.set_size(nsid, bytes); !wrong.empty())
        return who + ": " + wrong;
    if (ns->data().resize(bytes) != media::IoStatus::kOk) {
        (void)timing_.set_size(nsid, before);
        return who + ": the store cannot take " + std::to_string(bytes) + " bytes";
    }
    ns->refresh_size();
    announce(nsid);
    return {};
}

std::string Subsystem::set_health(const HealthState& health) {
    if (std::string problem = problem_of(health); !problem.empty()) return problem;
    if (health.composite_kelvin != thermal_.kelvin()) thermal_.set(health.composite_kelvin);
    stated_health_ = health;
    apply_health();
    return {};
}

HealthState Subsystem::health_now() const {
    HealthState health = stated_health_;
    const media::MediaStatistics media = timing_.statistics();
    if (media.spare_blocks != 0)
        health.available_spare = static_cast<std::uint8_t>(health.available_spare *
                                                           media.spares_left / media.spare_blocks);
    health.media_read_only |= media.worn_out;
    health.reliability_degraded |= media.worn_out;
    return health;
}

void Subsystem::apply_health() {
    const HealthState health = health_now();
    const bool protection_changed = health.media_read_only != health_.media_read_only;
    health_ = health;
    for (const auto& ns : namespaces_) {
        if (!protection_changed || !ns) continue;
        if (health.media_read_only) (void)ns->data().flush();
        ns->set_media_read_only(health.media_read_only);
        announce(ns->nsid());  // NSATTR is another one now
    }
    for (SubsystemMember* member : members_) member->on_health_changed();
}

/// Not in the middle of the request in which they have failed, which may be one of a command that
/// must not be written any more.
void Subsystem::take_over_failures() {
    blocks_failed_ = false;
    apply_health();
}

std::uint64_t Subsystem::media_nanojoules() const {
    const media::MediaStatistics done = media_statistics();
    return done.pages_read * params_.nand_read_nj +
           done.pages_programmed * params_.nand_program_nj +
           (done.blocks_erased + done.slc_blocks_erased) * params_.nand_erase_nj;
}

util::TimePs Subsystem::heat(util::TimePs now) {
    if (!thermal_.on()) return util::kNever;
    std::uint64_t energy = media_nanojoules();
    bool idle = true;
    for (const SubsystemMember* member : members_) {
        energy += member->nanojoules();
        idle = idle && member->idle();
    }
    if (thermal_.advance(now, energy, idle)) {
        HealthState health = stated_health_;
        health.composite_kelvin = thermal_.kelvin();
        health.sensor_kelvin.fill(thermal_.kelvin());
        (void)set_health(health);
    }
    return thermal_.next();
}

void Subsystem::detach(SubsystemMember& member) {
    members_.erase(std::remove(members_.begin(), members_.end(), &member), members_.end());
    members_listen();
}

void Subsystem::members_listen() {
    const bool any = std::any_of(members_.begin(), members_.end(),
                                 [](const SubsystemMember* m) { return m->wants_media(); });
    timing_.set_listener(any ? this : nullptr);
    timing_.set_nand_listener(any ? this : nullptr);
    for_each([&](Namespace& ns) {
        const std::uint64_t dirty = ns.media().data().dirty_bytes();
        if (any && dirty != 0) on_cache_fill(ns.nsid(), dirty);
    });
}

void Subsystem::on_media_access(const media::MediaRequest& r, media::MediaTiming::Span span) {
    for (SubsystemMember* member : members_) member->on_media_access(r, span);
}

void Subsystem::on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) {
    for (SubsystemMember* member : members_) member->on_cache_fill(nsid, dirty_bytes);
}

void Subsystem::on_die(const media::DieNews& news) {
    for (SubsystemMember* member : members_) member->on_die(news);
}

void Subsystem::on_free_blocks(const media::FreeBlockNews& news) {
    for (SubsystemMember* member : members_) member->on_free_blocks(news);
}

void Subsystem::on_block(const media::BlockNews& news) {
    using Cause = media::BlockNews::Cause;
    if (news.cause == Cause::kFailed || news.cause == Cause::kWornOut) blocks_failed_ = true;
    for (SubsystemMember* member : members_) member->on_media_block(news);
}

void Subsystem::reset() {
    for (SubsystemMember* member : members_) member->on_subsystem_reset();
}

void Subsystem::replace_media_faults(media::MediaFaults* before, media::MediaFaults* now) {
    media_faults_.replace(before, now);
    for_each([this](Namespace& ns) { ns.set_faults(media_faults_.effective()); });
}

util::TimePs Subsystem::begin_flush(util::TimePs now) const {
    util::TimePs done = now;
    for_each([&](Namespace& ns) { done = std::max(done, ns.media().begin_flush(now)); });
    return done;
}

media::IoStatus Subsystem::flush() const {
    media::IoStatus worst = media::IoStatus::kOk;
    for_each([&](Namespace& ns) {
        const media::IoStatus status = ns.flush();
        if (worst == media::IoStatus::kOk) worst = status;
    });
    return worst;
}

std::vector<std::uint32_t> Subsystem::complete_caches() {
    std::vector<std::uint32_t> refused;
    for_each([&](Namespace& ns) {
        if (ns.flush() != media::IoStatus::kOk) refused.push_back(ns.nsid());
    });
    return refused;
}

void Subsystem::set_power(bool on) {
    if (!on) {
        for_each([](Namespace& ns) {
            ns.media().power_cut();
            ns.reservations().power_loss();
        });
        timing_.reset();
    }
    for (SubsystemMember* member : members_) member->on_power(on);
}

HostIdentity Subsystem::new_anonymous_host() {
    HostIdentity host;
    host.anonymous = ++anonymous_hosts_;
    return host;
}

void Subsystem::forget_host(const HostIdentity& host) {
    for_each([&](Namespace& ns) { notify(ns.nsid(), ns.reservations().forget(host).notices); });
}

void Subsystem::notify(std::uint32_t nsid, const std::vector<Reservations::Notice>& notices) {
    for (const auto& notice : notices)
        for_each_port([&](HostPort& port) {
            if (port.host() == notice.host) port.on_reservation_notice(nsid, notice.type);
        });
}

void Subsystem::announce(std::uint32_t nsid) {
    for (SubsystemMember* member : members_) member->on_namespace_changed(nsid);
}

// Stable over runs and distinct between namespaces: eight bytes from the subsystem's name and the
// NSID, then the OUI and five more. [NVMe-Base-2.0 Namespace Globally Unique Identifier]
std::array<std::uint8_t, 16> Subsystem::derive_nguid(std::uint32_t nsid) const {
    const std::uint64_t high = util::mix64(util::mix64(params_.subsystem_nqn) ^ nsid);
    const std::uint64_t low = util::mix64(high);
    std::array<std::uint8_t, 16> nguid{};
    for (unsigned i = 0; i < 8; ++i) nguid[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    for (unsigned i = 0; i < 3; ++i)
        nguid[8 + i] = static_cast<std::uint8_t>(params_.ieee_oui >> (16 - 8 * i));
    for (unsigned i = 0; i < 5; ++i) nguid[11 + i] = static_cast<std::uint8_t>(low >> (32 - 8 * i));
    return nguid;
}

}  // namespace nvme
