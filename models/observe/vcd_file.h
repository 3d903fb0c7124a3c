// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>

#include <systemc>

#include "models/observe/vcd/vcd_writer.h"
#include "models/util/sc_time_ps.h"

namespace observe {

/// A VCD file of a SystemC simulation, closed in good time: when the simulation is stopped, or by
/// its destructor. It then goes up to the last instant, and beside it stands what GTKWave needs to
/// show it (vcd_views.h). To be constructed before the simulation starts, and to be destroyed after
/// the VcdTraces that write to it.
class VcdFile : public sc_core::sc_module {
public:
    /// Replaces the file. Throws std::runtime_error when its name does not end in ".vcd" or it
    /// cannot be written.
    VcdFile(const sc_core::sc_module_name& name, const std::string& path,
            const VcdWindow& window = {});
    ~VcdFile() override;

    [[nodiscard]] VcdWriter& writer() { return writer_; }
    [[nodiscard]] const std::string& path() const { return writer_.path(); }

    /// Shows a signal that is not the controller's: of bool, an integer, or a type with a length()
    /// of up to 64 bits and a to_uint64(), such as sc_dt::sc_uint. Names with dots become scopes.
    /// Before the simulation starts; throws as VcdWriter::declare() does.
    template <typename T>
    void trace(const sc_core::sc_signal_in_if<T>& signal, const std::string& name) {
        const VcdSignal shown = writer_.declare(name, width_of(signal.read()));
        on_change(signal.value_changed_event(),
                  [this, &signal, shown] { writer_.set(shown, bits_of(signal.read())); });
    }

    /// Empty, or what is wrong with the file, also if it was closed before.
    std::string close();

private:
    template <typename T>
    static unsigned width_of(const T& value) {
        if constexpr (std::is_same_v<T, bool>)
            return 1;
        else if constexpr (std::is_integral_v<T>)
            return 8 * sizeof(T);
        else
            return static_cast<unsigned>(value.length());
    }
    template <typename T>
    static std::uint64_t bits_of(const T& value) {
        if constexpr (std::is_integral_v<T>)
            return static_cast<std::make_unsigned_t<
                std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>>>(value);
        else
            return value.to_uint64();
    }
    void on_change(const sc_core::sc_event& event, std::function<void()> show);
    void end_of_simulation() override { close(); }

    const util::ScTimePs time_;
    VcdWriter writer_;
    std::string problem_;
};

}  // namespace observe
