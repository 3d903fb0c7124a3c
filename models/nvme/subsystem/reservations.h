// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/nvme/ports/result.h"
#include "models/nvme/spec/reservations.h"

namespace nvme {

/// Who a controller works for. Controllers with the same Host Identifier belong to one host; one
/// whose Host Identifier is 0 has a host of its own, and another one after each Controller Level
/// Reset. [NVMe-Base-2.0 5.27.1 Feature Specific Information, Host Identifier]
struct HostIdentity {
    std::array<std::uint8_t, 16> id{};  ///< an identifier of 64 bits takes the first eight bytes
    bool extended = false;              ///< the identifier has 128 bits
    std::uint64_t anonymous = 0;        ///< not 0: Host Identifier 0, told apart by this number

    [[nodiscard]] bool is_anonymous() const { return anonymous != 0; }
    friend bool operator==(const HostIdentity& a, const HostIdentity& b) {
        return a.anonymous == b.anonymous && a.extended == b.extended && a.id == b.id;
    }
    friend bool operator!=(const HostIdentity& a, const HostIdentity& b) { return !(a == b); }
};

/// How a command touches a namespace, as far as reservations are concerned.
/// [NVM-1.0 5.5 Reservations], [NVMe-Base-2.0 8.19 Reservations]
enum class Access : std::uint8_t {
    kRead,
    kWrite,
    kReservation,  ///< has rules of its own, or none (Reservation Register, Reservation Report)
};

/// Registrants and reservation of one namespace: the rules, and nothing of how commands arrive.
/// [NVMe-Base-2.0 8.19 Reservations]
class Reservations {
public:
    using Type = spec::ReservationType;

    /// A host can invent a new identifier after each reset: there has to be an end to it.
    static constexpr std::size_t kMaxRegistrants = 128;

    struct Registrant {
        HostIdentity host;
        std::uint64_t key = 0;
    };
    struct Notice {
        HostIdentity host;
        spec::ReservationNotice type;
    };
    /// What other hosts have to notice of a command that succeeded.
    struct Changes {
        std::vector<Notice> notices;
        std::vector<HostIdentity> preempted;  ///< lost their registration to the command's host
    };

    // One function a command and action. `crkey`: none means that the key is not checked (IEKEY).

    Result<Changes> enroll(const HostIdentity& host, std::uint64_t nrkey);
    Result<Changes> unregister(const HostIdentity& host, std::optional<std::uint64_t> crkey);
    Result<Changes> replace(const HostIdentity& host, std::optional<std::uint64_t> crkey,
                            std::uint64_t nrkey);
    Result<Changes> acquire(const HostIdentity& host, std::uint64_t crkey, Type type);
    Result<Changes> preempt(const HostIdentity& host, std::uint64_t crkey, std::uint64_t prkey,
                            Type type);
    Result<Changes> release(const HostIdentity& host, std::uint64_t crkey, Type type);
    Result<Changes> clear(const HostIdentity& host, std::uint64_t crkey);

    /// May a command of this host be executed? Asked for every I/O command when it starts.
    [[nodiscard]] bool allows(const HostIdentity& host, Access access) const {
        return type_ == Type::kNone || access == Access::kReservation || has_right(host, access);
    }

    /// A host that can never come back: its registration ends.
    Changes forget(const HostIdentity& host);
    /// PTPL state: registrants and reservation survive a power loss.
    void set_persistent(bool on) { persistent_ = on; }
    [[nodiscard]] bool persistent() const { return persistent_; }
    void power_loss();

    [[nodiscard]] Type type() const { return type_; }
    [[nodiscard]] std::uint32_t generation() const { return generation_; }
    [[nodiscard]] const std::vector<Registrant>& registrants() const { return registrants_; }
    [[nodiscard]] bool holds(const HostIdentity& host) const;

private:
    [[nodiscard]] const Registrant* find(const HostIdentity& host) const;
    [[nodiscard]] bool matches(const HostIdentity& host, std::uint64_t crkey) const;
    [[nodiscard]] bool has_right(const HostIdentity& host, Access access) const;
    void remove(const HostIdentity& host);
    void end_without_holder();
    /// To all registrants but `except`.
    void notify_others(const HostIdentity& except, spec::ReservationNotice type, Changes& changes);
    Changes leave(const HostIdentity& host);

    std::vector<Registrant> registrants_;  // in the order of registration
    Type type_ = Type::kNone;
    HostIdentity holder_;  // unless all registrants are holders
    std::uint32_t generation_ = 0;
    bool persistent_ = false;
};

}  // namespace nvme
