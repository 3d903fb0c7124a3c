// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <type_traits>
#include <variant>

#include "models/observe/command_events.h"
#include "models/observe/device_events.h"
#include "models/observe/media_events.h"
#include "models/observe/transfer_events.h"

/// Every event, once: sinks, files and documentation come from this list. A macro, because a class
/// whose functions come from a list of types one by one makes clang warn of each sink that
/// overrides a part of them.
#define NVME_TLM_EVENTS(FIRST, NEXT) \
    FIRST(RegisterWrite)             \
    NEXT(RegisterRead)               \
    NEXT(ConfigWrite)                \
    NEXT(AccessRefused)              \
    NEXT(Doorbell)                   \
    NEXT(QueueChange)                \
    NEXT(StaleEntries)               \
    NEXT(CommandFetched)             \
    NEXT(CommandStepped)             \
    NEXT(CommandRefused)             \
    NEXT(DataBuffer)                 \
    NEXT(CommandCompleted)           \
    NEXT(QueueLevels)                \
    NEXT(Interrupt)                  \
    NEXT(InterruptHeld)              \
    NEXT(VectorChange)               \
    NEXT(IntxChange)                 \
    NEXT(StateChange)                \
    NEXT(ControllerError)            \
    NEXT(Reset)                      \
    NEXT(AsyncEvent)                 \
    NEXT(NamespaceChange)            \
    NEXT(PowerTransition)            \
    NEXT(HealthLevels)               \
    NEXT(DmaAccess)                  \
    NEXT(LinkTransfer)               \
    NEXT(MediaAccess)                \
    NEXT(MediaBlock)                 \
    NEXT(NandWork)                   \
    NEXT(FreeBlocks)                 \
    NEXT(CacheFill)                  \
    NEXT(LintFinding)                \
    NEXT(FaultInjected)

/// Observable moments of a controller, as plain structs. Recording one is a copy; what becomes of
/// it (a text file, a waveform, a test's expectation) is the sink's matter. Times are picoseconds.
namespace observe {

template <typename... E>
struct EventTypes {
    using Variant = std::variant<E...>;
    template <typename One>
    static constexpr bool has = (std::is_same_v<One, E> || ...);
};
#define NVME_TLM_FIRST(E) E
#define NVME_TLM_NEXT(E) , E
using Events = EventTypes<NVME_TLM_EVENTS(NVME_TLM_FIRST, NVME_TLM_NEXT)>;
#undef NVME_TLM_FIRST
#undef NVME_TLM_NEXT
using Event = Events::Variant;

/// What commands are made of: only for sinks that want details.
using Details = EventTypes<RegisterRead, CommandStepped, DmaAccess, LinkTransfer, VectorChange,
                           MediaAccess, MediaBlock, NandWork, FreeBlocks, CacheFill>;
template <typename E>
inline constexpr bool kIsDetail = Details::has<E>;

/// Receives events: a function record() for each, which may be overridden or left alone. Not called
/// while tracing is off: the owner holds a null.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    /// Asked when it is attached. True: it wants Details, too; a command has a dozen of them.
    [[nodiscard]] virtual bool wants_details() const { return false; }

#define NVME_TLM_RECORD(E) \
    virtual void record(const E&) {}
    NVME_TLM_EVENTS(NVME_TLM_RECORD, NVME_TLM_RECORD)
#undef NVME_TLM_RECORD
};

/// A sink that treats all events alike: `class Mine : public EveryEvent<Mine>` has a function
/// template `every(const Event&)`.
template <typename Derived>
class EveryEvent : public TraceSink {
public:
#define NVME_TLM_RECORD(E)                     \
    void record(const E& e) final {            \
        static_cast<Derived*>(this)->every(e); \
    }
    NVME_TLM_EVENTS(NVME_TLM_RECORD, NVME_TLM_RECORD)
#undef NVME_TLM_RECORD
};

}  // namespace observe
