// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <set>
#include <string>

#include <systemc>

namespace observe {

/// A VCD file of the SystemC kernel with a time scale of 1 ps, closed in good time: when the
/// simulation is stopped, when one of the probes that write to it goes away, or by its destructor.
/// It then holds the values of the last instant, which the kernel alone would leave out. To be
/// constructed before the simulation starts.
///
/// The kernel looks at every traced variable whenever simulated time advances: about two
/// nanoseconds of the host for each that is idle, far more for each that changes. It does not
/// report a full disk: close() does.
class VcdFile : public sc_core::sc_module {
public:
    /// `path` ends in ".vcd", because the kernel appends that. Replaces the file. Throws
    /// std::runtime_error when the name is another one or the file cannot be written.
    VcdFile(const sc_core::sc_module_name& name, const std::string& path);
    ~VcdFile() override;

    /// For sc_trace() calls, also of signals that are not the controller's. They are possible until
    /// the simulation starts; names with dots become scopes. Null after close().
    [[nodiscard]] sc_core::sc_trace_file* file() const { return file_; }
    [[nodiscard]] const std::string& path() const { return path_; }

    /// Takes a scope for the signals of one probe. Names in letters, digits and _, not beginning
    /// with a digit, nest where dots separate them. Throws std::runtime_error when it is none, or
    /// is taken: the file would not be one that a viewer can read.
    void take_scope(const std::string& scope);

    /// Empty, or what is wrong with the file, also if it was closed before.
    std::string close();

private:
    void end_of_simulation() override { close(); }

    const std::string path_;
    std::string problem_;
    sc_core::sc_trace_file* file_ = nullptr;
    std::set<std::string> scopes_;
};

}  // namespace observe
