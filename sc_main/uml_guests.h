// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "platform/config/program_config.h"
#include "platform/uml/calendar.h"
#include "platform/uml/guest_process.h"
#include "sc_main/uml_console.h"

namespace nvme_vp {

/// How all guests of a simulation have ended.
struct GuestEnds {
    std::vector<int> codes;             ///< of their first processes, by number
    std::vector<std::string> problems;  ///< each a line
    bool all_ended = true;              ///< by themselves, before the simulation
    /// That of the first guest that has not ended with 0.
    [[nodiscard]] int code() const;
};

/// The guests of a configuration, as processes, each with its console.
class UmlGuests {
public:
    /// Opens the consoles and starts the kernels. Empty, or what is wrong.
    [[nodiscard]] std::string start(const platform::ProgramConfig& config);

    [[nodiscard]] std::size_t count() const { return all_.size(); }
    [[nodiscard]] platform::uml::GuestProcess& process(std::size_t number) {
        return all_[number]->process;
    }
    /// What is new on the consoles, unless that was asked a moment ago.
    void pass_on_soon();

    /// The simulation is at its end, which was good or not, as `wrong` says. Nothing of a guest
    /// runs any more after this; only one that has ended by itself has an exit code.
    [[nodiscard]] GuestEnds end(const platform::uml::Calendar& calendar, const std::string& wrong);
    /// Empty, or what is wrong with what the consoles had to say.
    [[nodiscard]] std::string close_consoles();

private:
    struct Guest {
        UmlConsole console;
        platform::uml::GuestProcess process;
    };
    std::vector<std::unique_ptr<Guest>> all_;
};

}  // namespace nvme_vp
