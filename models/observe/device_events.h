// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/registers.h"
#include "models/nvme/spec/status.h"
#include "models/observe/event_words.h"
#include "models/observe/lint_rules.h"
#include "models/util/time.h"

/// What happens to the controller as a whole.
namespace observe {

struct RegisterWrite {
    static constexpr std::string_view kName = "register";
    util::TimePs ps;
    std::uint32_t offset;
    std::uint8_t size;
    std::uint64_t value;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.hex("offset", e.offset);
        v.dec("size", e.size);
        v.hex("value", e.value);
    }
};

/// The host reads a property or a doorbell, and sees `value`: a fault plan's where there is one.
/// For sinks that ask for details only: drivers poll.
struct RegisterRead {
    static constexpr std::string_view kName = "read";
    util::TimePs ps;
    std::uint32_t offset;
    std::uint8_t size;
    std::uint64_t value;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.hex("offset", e.offset);
        v.dec("size", e.size);
        v.hex("value", e.value);
    }
};

/// The host writes configuration space.
struct ConfigWrite {
    static constexpr std::string_view kName = "config";
    util::TimePs ps;
    std::uint16_t offset;
    std::uint8_t size;
    std::uint32_t value;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.hex("offset", e.offset);
        v.dec("size", e.size);
        v.hex("value", e.value);
    }
};

/// An access to BAR0 that changes nothing and reads as all ones.
enum class AccessRefusal : std::uint8_t {
    kUndefined,    ///< a size or an alignment that is not defined
    kMemorySpace,  ///< memory space is disabled: Command.MSE = 0, or the function is not in D0
};
template <>
struct Words<AccessRefusal> {
    static constexpr std::array<std::string_view, 2> names{"undefined", "memory_space"};
};
struct AccessRefused {
    static constexpr std::string_view kName = "bad_access";
    util::TimePs ps;
    std::uint32_t offset;
    std::uint8_t size;
    bool write;
    AccessRefusal why = AccessRefusal::kUndefined;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.hex("offset", e.offset);
        v.dec("size", e.size);
        v.either("access", e.write, "read", "write");
        v.word("why", e.why);
    }
};

struct StateChange {
    static constexpr std::string_view kName = "state";
    util::TimePs ps;
    std::uint32_t cc, csts;
    bool other_properties = false;  ///< AQA, ASQ, ACQ and INTMS have their reset values, too

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        using nvme::spec::Cc;
        using nvme::spec::Csts;
        const Cc cc = Cc::from(e.cc);
        const Csts csts = Csts::from(e.csts);
        v.hex("cc", e.cc);
        v.hex("csts", e.csts);
        v.note_dec("en", cc.get<Cc::En>());
        v.note_dec("shn", static_cast<std::uint8_t>(cc.get<Cc::Shn>()));
        v.note_dec("rdy", csts.get<Csts::Rdy>());
        v.note_dec("cfs", csts.get<Csts::Cfs>());
        v.note_dec("shst", static_cast<std::uint8_t>(csts.get<Csts::Shst>()));
        v.dec("other_properties", e.other_properties);
    }
};

/// How a controller level reset came about. [NVMe-Base-2.0 3.7.2 Controller Level Reset]
enum class ResetKind : std::uint8_t {
    kController,    ///< CC.EN 1 -> 0: AQA, ASQ and ACQ keep their values
    kFunction,      ///< Function Level Reset
    kConventional,  ///< PERST#, hot reset, the link was down
    kSubsystem,     ///< NSSR: sets CSTS.NSSRO
    kPowerOff,      ///< power is gone until it is back
};
template <>
struct Words<ResetKind> {
    static constexpr std::array<std::string_view, 5> names{"controller", "function", "conventional",
                                                           "subsystem", "power_off"};
};
struct Reset {
    static constexpr std::string_view kName = "reset";
    util::TimePs ps;
    ResetKind kind;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.word("kind", e.kind);
    }
};

/// What went wrong that no command is told: a queue has stopped, or the controller cannot go on.
struct ControllerError {
    static constexpr std::string_view kName = "error";
    util::TimePs ps;
    std::uint32_t sqid, cqid;  ///< the queue that has stopped, the other or both kNoId
    bool fatal;                ///< CSTS.CFS is set
    nvme::spec::StatusCode status;
    std::string_view reason;
    std::uint64_t value;  ///< the offending one

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.id_or_none("sqid", e.sqid);
        v.id_or_none("cqid", e.cqid);
        v.dec("fatal", e.fatal);
        v.hex("status", e.status);
        v.text("reason", e.reason);
        v.hex("value", e.value);
    }
};

struct Interrupt {
    static constexpr std::string_view kName = "interrupt";
    util::TimePs ps;
    std::uint16_t vector;
    std::uint64_t address = 0;  ///< of the message

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("vector", e.vector);
        v.hex("address", e.address);
    }
};

/// Why an interrupt does not reach the host.
enum class InterruptHold : std::uint8_t {
    kMsixDisabled,  ///< MSI-X is disabled, and there is no pin, or INTx Disable is 1
    kVector,        ///< its entry of the MSI-X table masks it
    kFunction,      ///< Function Mask of MSI-X
    kNotAllowed,    ///< Bus Master Enable is 0, or the function is not in D0
};
template <>
struct Words<InterruptHold> {
    static constexpr std::array<std::string_view, 4> names{"msix_disabled", "vector_masked",
                                                           "function_masked", "bus_master"};
};
/// An interrupt was due and could not be sent; once for each vector and cause, until one of that
/// vector is sent.
struct InterruptHeld {
    static constexpr std::string_view kName = "interrupt_held";
    util::TimePs ps;
    std::uint16_t vector;
    InterruptHold why;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("vector", e.vector);
        v.word("why", e.why);
    }
};

/// A vector of MSI-X is masked or pending, or no longer. After a reset all are masked, and none is
/// pending. For sinks that ask for details only: a host may mask a vector at each interrupt.
struct VectorChange {
    static constexpr std::string_view kName = "vector";
    util::TimePs ps;
    std::uint16_t vector;
    bool masked;   ///< by its own mask or by that of the function
    bool pending;  ///< a message waits

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("vector", e.vector);
        v.dec("masked", e.masked);
        v.dec("pending", e.pending);
    }
};

/// The pin-based interrupt is wanted, or no longer wanted, before INTx Disable and the like.
struct IntxChange {
    static constexpr std::string_view kName = "intx";
    util::TimePs ps;
    bool asserted;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("asserted", e.asserted);
    }
};

struct AsyncEvent {
    static constexpr std::string_view kName = "event";
    util::TimePs ps;
    std::uint32_t dw0;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        using D = nvme::spec::AsyncEventDw0;
        const D dw0 = D::from(e.dw0);
        v.note_hex("type", static_cast<std::uint8_t>(dw0.get<D::EventType>()));
        v.note_hex("info", dw0.get<D::EventInfo>());
        v.note_hex("log", dw0.get<D::LogPageId>());
        v.hex("dw0", e.dw0);
    }
};

/// The model, not the host, has added, removed or resized a namespace.
struct NamespaceChange {
    static constexpr std::string_view kName = "namespace";
    util::TimePs ps;
    std::uint32_t nsid;
    std::uint64_t blocks;  ///< 0: it is gone

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("nsid", e.nsid);
        v.dec("blocks", e.blocks);
    }
};

enum class PowerCause : std::uint8_t {
    kHost,     ///< the feature Power Management
    kIo,       ///< I/O commands came in a non-operational state
    kIdle,     ///< Autonomous Power State Transition
    kReset,    ///< controller level reset
    kThermal,  ///< Host Controlled Thermal Management
};
template <>
struct Words<PowerCause> {
    static constexpr std::array<std::string_view, 5> names{"host", "io", "idle", "reset",
                                                           "thermal"};
};
/// The controller leaves a power state for another one.
struct PowerTransition {
    static constexpr std::string_view kName = "power";
    util::TimePs ps;
    std::uint8_t from, to;
    PowerCause cause;
    util::TimePs settled_ps;  ///< when it will be there

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("from", e.from);
        v.dec("to", e.to);
        v.word("cause", e.cause);
        v.dec("settled", e.settled_ps);
    }
};

/// What the SMART / Health Information log says of the subsystem's condition; recorded when a sink
/// is attached, and when something of it changes.
struct HealthLevels {
    static constexpr std::string_view kName = "health";
    util::TimePs ps;
    std::uint8_t critical_warning;
    std::uint16_t kelvin;  ///< composite temperature
    std::uint8_t available_spare, percentage_used;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.hex("warning", e.critical_warning);
        v.dec("temperature", e.kelvin);
        v.dec("spare", e.available_spare);
        v.dec("used", e.percentage_used);
    }
};

/// A fault plan has acted. The texts live as long as the plan.
struct FaultInjected {
    static constexpr std::string_view kName = "fault";
    util::TimePs ps;
    std::string_view rule, action;
    std::uint32_t sqid = kNoId, cid = kNoId;  ///< kNoId: of no command

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.token("rule", e.rule);
        v.token("action", e.action);
        v.id_or_none("sqid", e.sqid);
        v.id_or_none("cid", e.cid);
    }
};

/// A driver did something wrong (driver_lint.h).
struct LintFinding {
    static constexpr std::string_view kName = "lint";
    static constexpr std::uint32_t kNone = kNoId;
    util::TimePs ps;
    LintRule rule;
    std::uint32_t qid;  ///< kNone: of no queue
    std::uint32_t cid;  ///< kNone: of no command
    std::uint64_t value;
    std::string_view why{};  ///< the controller's own reason, where it gave one

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.word("rule", e.rule);
        v.id_or_none("qid", e.qid);
        v.id_or_none("cid", e.cid);
        v.hex("value", e.value);
        v.text("why", e.why);
        v.note_text("says", lint_rule(e.rule).says);
        v.note_token("document", lint_rule(e.rule).document);
        v.note_text("section", lint_rule(e.rule).section);
    }
};

}  // namespace observe
