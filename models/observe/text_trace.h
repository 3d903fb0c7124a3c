// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <type_traits>

#include "models/observe/text_line.h"
#include "models/observe/trace.h"
#include "models/observe/trace_detail.h"
#include "models/observe/trace_file.h"

namespace observe {

/// Writes the events of one controller to a text file, one line each, in the order in which they
/// happen: time in picoseconds, event, then key=value. docs/traces.md holds the format;
/// read_text_trace() reads it back. The same run gives the same bytes.
class TextTrace final : public EveryEvent<TextTrace> {
public:
    /// Every trace file starts with this line. The number changes with any incompatible change.
    static constexpr std::string_view kHeader =
        "# nvme-tlm event trace, format 2: <time in ps> <event> <key>=<value>...\n";

    using Detail = TraceDetail;

    /// Replaces the file. Throws std::runtime_error when it cannot be opened.
    explicit TextTrace(const std::string& path, Detail detail = Detail::kCommands);
    ~TextTrace() override;
    TextTrace(const TextTrace&) = delete;
    TextTrace& operator=(const TextTrace&) = delete;

    /// Writes what is buffered and closes the file; later events are dropped. Returns what went
    /// wrong with the file since it was opened, empty when it is complete. A write error does not
    /// stop the simulation: whoever owns the trace asks here.
    [[nodiscard]] std::string close();
    /// Others see all events up to now in the file.
    void flush();

    [[nodiscard]] bool wants_details() const override { return detail_ == Detail::kAll; }

    template <typename E>
    void every(const E& e) {
        if (std::is_same_v<E, DataBuffer> && detail_ != Detail::kAll) return;
        begin_text_line(buffer_, e.ps, E::kName);
        E::fields(e, TextFields(buffer_));
        end_line();
    }

private:
    void end_line();
    void write_buffer();

    const Detail detail_;
    TraceFile file_;
    std::string buffer_;
};

}  // namespace observe
