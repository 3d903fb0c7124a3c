// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/media/timing/told_timing.h"
#include "models/nvme/params/subsystem_params.h"
#include "models/nvme/subsystem/health_state.h"
#include "models/nvme/subsystem/namespace.h"
#include "models/nvme/subsystem/thermal.h"

namespace nvme {

/// Is told when the set of namespaces, or the size of one, has changed.
class NamespaceObserver {
public:
    virtual ~NamespaceObserver() = default;
    virtual void on_namespace_changed(std::uint32_t nsid) = 0;
};

/// A controller as reservations see it. [NVMe-Base-2.0 8.19 Reservations]
class HostPort {
public:
    virtual ~HostPort() = default;
    [[nodiscard]] virtual std::uint16_t controller_id() const = 0;
    /// The host that the controller works for at present.
    [[nodiscard]] virtual const HostIdentity& host() const = 0;
    virtual void on_reservation_notice(std::uint32_t nsid, spec::ReservationNotice type) = 0;
    /// The host was preempted: its outstanding commands for the namespace end now, as far as they
    /// are not inside a DMA; those are marked, and counted by the namespace.
    virtual void abort_commands(Namespace& ns) = 0;
    /// The last of the marked commands of some namespace has ended.
    virtual void on_aborts_ended() = 0;
};

/// A controller, which shares resets and power with the others. [NVMe-Base-2.0 3.7.1 NVM Subsystem
/// Reset]
class SubsystemMember : public NamespaceObserver, public HostPort {
public:
    virtual void on_subsystem_reset() = 0;
    virtual void on_power(bool on) = 0;
    virtual void on_health_changed() {}
    /// What it has consumed until now, and whether that goes on with the same power while no I/O
    /// command comes.
    [[nodiscard]] virtual std::uint64_t nanojoules() const { return 0; }
    [[nodiscard]] virtual bool idle() const { return true; }
    /// Whether it is to hear of media accesses, its own and those of others.
    [[nodiscard]] virtual bool wants_media() const { return false; }
    virtual void on_media_access(const media::MediaRequest&, media::MediaTiming::Span) {}
    virtual void on_media_block(const media::BlockNews&) {}
    virtual void on_cache_fill(std::uint32_t, std::uint64_t) {}
    virtual void on_die(const media::DieNews&) {}
    virtual void on_free_blocks(const media::FreeBlockNews&) {}
};

/// An NVM subsystem: its namespaces, and the controllers that share them.
class Subsystem : private media::MediaListener,
                  private media::BlockListener,
                  private media::NandListener {
public:
    explicit Subsystem(const SubsystemParams& params);

    [[nodiscard]] const SubsystemParams& params() const { return params_; }

    /// Adds a namespace. Returns an empty string, or what is wrong; then nothing has changed.
    [[nodiscard]] std::string add(const NamespaceConfig& config,
                                  std::unique_ptr<media::BlockStore> store);
    /// False: there is no such namespace. Commands in flight on it still finish.
    bool remove(std::uint32_t nsid);
    /// Grows or shrinks to `bytes`. Returns an empty string, or what is wrong.
    [[nodiscard]] std::string resize(std::uint32_t nsid, std::uint64_t bytes);

    /// Null when the NSID is 0, broadcast, beyond NN, or not active.
    [[nodiscard]] const std::shared_ptr<Namespace>& find(std::uint32_t nsid) const {
        return nsid - 1 < namespaces_.size() ? namespaces_[nsid - 1] : none_;
    }
    /// An NSID that may be used, whether or not a namespace is there now. [NVMe-Base-2.0 3.2.1
    /// Namespace Overview]
    [[nodiscard]] bool valid(std::uint32_t nsid) const { return nsid - 1 < namespaces_.size(); }
    /// For a command that takes any valid NSID.
    [[nodiscard]] Outcome check_valid(std::uint32_t nsid) const;
    /// For a command that wants a namespace: an NSID is invalid, inactive or active, and the first
    /// two are refused with a status each. Exceptions (FFFFFFFFh, zeros for an inactive one) are
    /// the command's. [NVMe-Base-2.0 4.1 Submission Queue Entry, Common Command Format]
    [[nodiscard]] Result<std::shared_ptr<Namespace>> active(std::uint32_t nsid) const;

    template <typename Visitor>
    void for_each(Visitor&& visitor) const {
        for (const auto& ns : namespaces_)
            if (ns) visitor(*ns);
    }

    /// What the controllers ask of the media from here on is asked at `now`.
    void set_now(util::TimePs now) {
        timing_.set_now(now);
        if (blocks_failed_) take_over_failures();
    }
    [[nodiscard]] media::MediaStatistics media_statistics() const { return timing_.statistics(); }

    /// What the platform says, and what has become of the media's blocks: Available Spare is the
    /// part of it that spare blocks are left of, and media that cannot do without blocks that have
    /// failed is read-only.
    [[nodiscard]] const HealthState& health() const { return health_; }
    /// What the platform says of it, alone.
    [[nodiscard]] const HealthState& stated_health() const { return stated_health_; }
    /// Returns an empty string, or what is wrong; then nothing has changed. Hosts that asked for it
    /// are told. Media that becomes read-only takes what write caches hold before.
    [[nodiscard]] std::string set_health(const HealthState& health);

    /// Of the NAND's operations, as far as parameters say what they take.
    [[nodiscard]] std::uint64_t media_nanojoules() const;
    /// The temperature follows the drive's power.
    [[nodiscard]] bool heats() const { return thermal_.on(); }
    /// Lets the drive's power heat it until `now`. Returns when that has to be done again; kNever
    /// while nothing changes, or where the temperature is what the platform says.
    util::TimePs heat(util::TimePs now);
    /// heat() has returned kNever, and whoever changes the power has to call it before, and
    /// wake_up().
    [[nodiscard]] bool sleeps() const { return heats() && thermal_.asleep(); }
    void wake_up() { thermal_.wake_up(); }

    void attach(SubsystemMember& member) { members_.push_back(&member); }
    void detach(SubsystemMember& member);
    /// wants_media() of a member may have changed.
    void members_listen();
    /// NVM Subsystem Reset: every controller is reset.
    void reset();
    /// Of all namespaces, those still to come included: `now` instead of `before`; null: none.
    /// Several controllers may each have theirs. They must outlive the namespaces.
    void replace_media_faults(media::MediaFaults* before, media::MediaFaults* now);
    /// When all that is dirty now would be on the media.
    [[nodiscard]] util::TimePs begin_flush(util::TimePs now) const;
    /// Moves what write caches hold to the stores. Returns the first refusal of a store.
    [[nodiscard]] media::IoStatus flush() const;
    /// The same. Returns the NSIDs of the namespaces whose store
    /// did not take all of it; that stays in the cache.
    std::vector<std::uint32_t> complete_caches();
    /// Power fails or comes back, for all controllers. Without it write caches lose what is not
    /// durable, and reservations end that do not persist.
    void set_power(bool on);

    [[nodiscard]] std::size_t controllers() const { return members_.size(); }
    template <typename Visitor>
    void for_each_port(Visitor&& visitor) const {
        for (HostPort* port : members_) visitor(*port);
    }
    /// A host without Host Identifier; no two are the same.
    [[nodiscard]] HostIdentity new_anonymous_host();
    /// This anonymous host will never be seen again: its registrations end.
    void forget_host(const HostIdentity& host);
    /// Tells the controllers of other hosts what has changed for them.
    void notify(std::uint32_t nsid, const std::vector<Reservations::Notice>& notices);

private:
    [[nodiscard]] std::array<std::uint8_t, 16> derive_nguid(std::uint32_t nsid) const;
    void announce(std::uint32_t nsid);
    [[nodiscard]] HealthState health_now() const;
    void apply_health();
    void take_over_failures();
    void on_media_access(const media::MediaRequest& r, media::MediaTiming::Span span) override;
    void on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) override;
    void on_block(const media::BlockNews& news) override;
    void on_die(const media::DieNews& news) override;
    void on_free_blocks(const media::FreeBlockNews& news) override;

    const SubsystemParams params_;
    media::ToldTiming timing_;
    HealthState stated_health_, health_;
    bool blocks_failed_ = false;  // since the last set_now()
    Thermal thermal_;
    std::vector<std::shared_ptr<Namespace>> namespaces_;  // index NSID - 1
    std::vector<SubsystemMember*> members_;
    media::MediaFaultList media_faults_;
    const std::shared_ptr<Namespace> none_;
    std::uint64_t anonymous_hosts_ = 0;
};

}  // namespace nvme
