// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/observe/trace.h"

namespace observe {

/// Writes the events of one controller to a text file, one line each, in the order in which they
/// happen: time in picoseconds, event, then key=value. docs/traces.md holds the format. The same
/// run gives the same bytes.
///
/// QueueLevels that repeat what the queue's last line said are left out: most steps of a queue's
/// process change none of them.
class TextTrace final : public TraceSink {
public:
    /// Every trace file starts with this line. The number changes with any incompatible change.
    static constexpr std::string_view kHeader =
        "# nvme-tlm event trace, format 1: <time in ps> <event> <key>=<value>...\n";

    /// Replaces the file. Throws std::runtime_error when it cannot be opened.
    explicit TextTrace(const std::string& path);
    ~TextTrace() override;
    TextTrace(const TextTrace&) = delete;
    TextTrace& operator=(const TextTrace&) = delete;

    /// Writes what is buffered and closes the file; later events are dropped. Returns what went
    /// wrong with the file since it was opened, empty when it is complete. A write error does not
    /// stop the simulation: whoever owns the trace asks here.
    [[nodiscard]] std::string close();

    void record(const RegisterWrite& e) override;
    void record(const AccessRefused& e) override;
    void record(const Doorbell& e) override;
    void record(const QueueChange& e) override;
    void record(const CommandFetched& e) override;
    void record(const CommandRefused& e) override;
    void record(const CommandCompleted& e) override;
    void record(const Interrupt& e) override;
    void record(const StateChange& e) override;
    void record(const AsyncEvent& e) override;
    void record(const NamespaceChange& e) override;
    void record(const QueueLevels& e) override;
    void record(const PowerTransition& e) override;
    void record(const HealthLevels& e) override;
    void record(const LintFinding& e) override;
    void record(const FaultInjected& e) override;

private:
    class Line;
    struct Closer {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };

    void finish_line();
    void flush();
    void fail(const char* what);
    [[nodiscard]] bool repeats(const QueueLevels& e);

    const std::string path_;
    std::unique_ptr<std::FILE, Closer> file_;
    std::string buffer_;
    std::string error_;
    std::vector<QueueLevels> levels_;  // index SQID: what was written last
};

}  // namespace observe
