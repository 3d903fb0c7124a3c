// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <variant>

#include "models/observe/command_events.h"
#include "models/observe/device_events.h"
#include "models/observe/transfer_events.h"

/// Observable moments of a controller, as plain structs. Recording one is a copy; what becomes of
/// it (a text file, a waveform, a test's expectation) is the sink's matter. Times are picoseconds.
namespace observe {

template <typename... E>
struct EventTypes {
    using Variant = std::variant<E...>;
};

/// Every event, once: sinks, files and documentation come from this list.
using Events =
    EventTypes<RegisterWrite, AccessRefused, Doorbell, QueueChange, CommandFetched, CommandStepped,
               CommandRefused, DataBuffer, CommandCompleted, QueueLevels, Interrupt, IntxChange,
               StateChange, Reset, AsyncEvent, NamespaceChange, PowerTransition, HealthLevels,
               DmaAccess, LinkTransfer, MediaAccess, LintFinding, FaultInjected>;
using Event = Events::Variant;

namespace detail {

template <typename List>
class SinkOf;
template <>
class SinkOf<EventTypes<>> {
public:
    virtual ~SinkOf() = default;
    void record() = delete;
};
template <typename First, typename... Rest>
class SinkOf<EventTypes<First, Rest...>> : public SinkOf<EventTypes<Rest...>> {
public:
    using SinkOf<EventTypes<Rest...>>::record;
    virtual void record(const First&) {}
};

/// Overrides each record() of Base by Derived::every(event).
template <typename Derived, typename Base, typename List>
class EverySinkOf;
template <typename Derived, typename Base>
class EverySinkOf<Derived, Base, EventTypes<>> : public Base {
public:
    using Base::record;
};
template <typename Derived, typename Base, typename First, typename... Rest>
class EverySinkOf<Derived, Base, EventTypes<First, Rest...>>
    : public EverySinkOf<Derived, Base, EventTypes<Rest...>> {
public:
    using EverySinkOf<Derived, Base, EventTypes<Rest...>>::record;
    void record(const First& e) final { static_cast<Derived*>(this)->every(e); }
};

}  // namespace detail

/// Receives events: a function record() for each, which may be overridden or left alone. Not called
/// while tracing is off: the owner holds a null.
class TraceSink : public detail::SinkOf<Events> {
public:
    /// Asked when it is attached. True: it wants CommandStepped, DmaAccess, LinkTransfer and
    /// MediaAccess too, of which a command has a dozen.
    [[nodiscard]] virtual bool wants_details() const { return false; }
};

/// A sink that treats all events alike: `class Mine : public EveryEvent<Mine>` has a function
/// template `every(const Event&)`.
template <typename Derived>
using EveryEvent = detail::EverySinkOf<Derived, TraceSink, Events>;

}  // namespace observe
