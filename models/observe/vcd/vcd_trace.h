// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "models/observe/trace.h"
#include "models/observe/vcd/vcd_device.h"
#include "models/observe/vcd/vcd_media.h"
#include "models/observe/vcd/vcd_nand.h"
#include "models/observe/vcd/vcd_news.h"
#include "models/observe/vcd/vcd_queues.h"
#include "models/observe/vcd/vcd_selection.h"
#include "models/observe/vcd/vcd_transfers.h"
#include "models/observe/vcd/vcd_trigger.h"
#include "models/observe/vcd/vcd_writer.h"

namespace observe {

struct VcdOptions {
    std::string scope = "nvme0";  ///< the controller's signals are in; see VcdWriter::take_scope()
    std::uint16_t io_queues = 4;  ///< I/O queue pairs 1 to this are shown, and their vectors
    std::uint16_t slots = 32;     ///< commands of a queue that have a lane of their own; 0 to 1024
    std::uint32_t link_tags = 0;  ///< read requests under way at a time; 0: without end
    std::uint32_t channels = 0, dies = 0;  ///< of the flash that are shown, if there is some
    VcdSelection signals{};                ///< which of the signals; all
    VcdTrigger trigger{};                  ///< what the window of the file waits for
};

/// Turns the events of one controller into waveforms; docs/traces.md lists every signal.
///
/// An event is shown at its time, also when that lies ahead of the one at which it is recorded. To
/// be constructed before the simulation starts; one writer may serve several controllers.
class VcdTrace final : public TraceSink {
public:
    /// `writer` outlives the trace. Throws std::runtime_error when it cannot have the scope.
    explicit VcdTrace(VcdWriter& writer, const VcdOptions& options = {});

    /// Whether a signal is shown that follows from them.
    [[nodiscard]] bool wants_details() const override { return details_; }

    void record(const RegisterWrite& e) override;
    void record(const Doorbell& e) override;
    void record(const QueueChange& e) override;
    void record(const CommandFetched& e) override;
    void record(const CommandStepped& e) override;
    void record(const CommandCompleted& e) override;
    void record(const QueueLevels& e) override;
    void record(const Interrupt& e) override;
    void record(const VectorChange& e) override;
    void record(const IntxChange& e) override;
    void record(const StateChange& e) override;
    void record(const Reset& e) override;
    void record(const AsyncEvent& e) override;
    void record(const NamespaceChange& e) override;
    void record(const PowerTransition& e) override;
    void record(const HealthLevels& e) override;
    void record(const DmaAccess& e) override;
    void record(const LinkTransfer& e) override;
    void record(const MediaAccess& e) override;
    void record(const MediaBlock& e) override;
    void record(const NandWork& e) override;
    void record(const FreeBlocks& e) override;
    void record(const CacheFill& e) override;
    void record(const LintFinding& e) override;
    void record(const FaultInjected& e) override;

private:
    VcdTrace(VcdWriter& writer, const VcdOptions& options, const VcdScope& scope);
    struct Strobe {
        Strobe(const VcdScope& scope, const std::string& name);
        VcdSignal strobe, sqid, cid, opcode;
    };
    void show(const Strobe& strobe, std::uint16_t sqid, std::uint16_t cid, std::uint8_t opcode);

    VcdWriter& writer_;
    const bool errors_trigger_;
    VcdDevice device_;
    Strobe fetched_, completed_;
    VcdSignal status_;
    VcdQueues queues_;
    VcdTransfers transfers_;
    VcdMedia media_;
    VcdNand nand_;
    VcdNews news_;
    bool details_ = false;
};

}  // namespace observe
