// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/util/params.h"
#include "models/util/time.h"
#include "platform/config/param_list.h"
#include "platform/config/system_spec.h"
#include "platform/driver/host_costs.h"
#include "platform/recording/replay_options.h"
#include "platform/vfio_user/options.h"

namespace platform {

/// How a recorded workload is replayed, or how time passes for the client of a server.
enum class Pace : std::uint8_t { kRecorded, kAsap, kRealtime, kEager };
/// How the driver learns of completions.
enum class Signal : std::uint8_t { kMsix, kIntx, kPolled };

/// What event traces hold: observe::TraceDetail.
enum class TraceDetail : std::uint8_t { kCommands, kAll };

/// What the host's own work costs the reference driver: nothing, or what HostCosts::realistic()
/// says.
enum class Host : std::uint8_t { kFree, kRealistic };

/// How the machine of a guest is switched off when the simulation ends before the guest.
enum class Ending : std::uint8_t { kOrderly, kPowerCut };

/// What runs the combinations of a sweep.
enum class Engine : std::uint8_t { kLocal, kSlurm };

/// What the program does, apart from controller and namespaces. Each is a key at the top of the
/// configuration file, and an option of the command line of the same name.
struct RunOptions {
    std::string preset;
    std::string job;
    std::string job_set;
    std::string copy;
    std::uint32_t nsid = 0;
    std::uint16_t depth = 32;
    Pace pace = Pace::kRecorded;
    ReplayOptions replay;
    Signal interrupts = Signal::kMsix;
    Host host = Host::kFree;
    /// As `host` says, where there is none.
    bool driver_shadow_doorbells = false;
    std::uint32_t driver_coalesce_completions = 0, driver_coalesce_us = 0;
    std::string driver_wrr_weights;
    std::optional<std::uint32_t> host_submit_ns, host_register_ns, host_interrupt_ns, host_poll_ns;
    std::uint64_t root_complex_bandwidth = 0, root_complex_latency_ns = 0;
    std::string socket;
    Doorbells doorbells = Doorbells::kTrapped;
    std::string record;
    std::string control;
    bool quiet = false, json_lines = false;
    std::string kernel, initrd, append, console = "-", until = "exit";
    Ending ending = Ending::kOrderly;
    std::uint32_t guest_patience_s = 60;
    std::optional<std::uint32_t> processor;
    bool lint = true;
    bool strict = false;
    std::string vcd, vcd_signals, vcd_trigger;
    std::uint16_t vcd_slots = 32;
    std::uint64_t vcd_from_ns = 0, vcd_before_ns = 100'000;
    std::optional<std::uint64_t> vcd_to_ns;
    std::string trace;
    std::string trace_binary;
    TraceDetail trace_detail = TraceDetail::kCommands;
    std::string trace_events, trace_queues;
    std::uint64_t trace_from_ns = 0;
    std::optional<std::uint64_t> trace_to_ns;
    std::string report, driver_report;
    std::string output_format = "normal";
    std::string over;
    std::string out;
    std::uint32_t parallel = 0;
    std::uint64_t seed = 1;
    std::uint32_t seeds = 100, perturbations = 16;
    std::string fail_text;
    std::uint64_t driver_timeout_ns = 30'000'000'000;
    Engine engine = Engine::kLocal;
    std::uint32_t slurm_patience_s = 600;
};

[[nodiscard]] ParamList parameters_of(RunOptions& p);
/// The option says where results go, or which: it is no part of what is simulated.
[[nodiscard]] bool is_output_option(std::string_view name);
[[nodiscard]] HostCosts host_costs(const RunOptions& p);

/// What the reference driver asks of a controller after its bring-up.
struct DriverTuning {
    bool shadow_doorbells = false;
    std::uint32_t coalesce_completions = 0;  ///< 0 and 1: each has an interrupt
    std::uint32_t coalesce_us = 0;           ///< a multiple of 100
    /// High, medium, low; none: as the controller has them.
    std::optional<std::array<std::uint32_t, 3>> weights;
};
[[nodiscard]] DriverTuning driver_tuning(const RunOptions& p);

/// Everything that a user can configure.
struct ProgramConfig {
    SystemSpec system = SystemSpec(1);
    RunOptions run;

    [[nodiscard]] SubsystemSpec& first_subsystem() { return system.front(); }
    [[nodiscard]] ControllerSpec& first_controller() { return system.front().controllers.front(); }
    [[nodiscard]] const ControllerSpec& first_controller() const {
        return system.front().controllers.front();
    }
};

/// Reads a configuration file: one JSON object, // comments allowed. Every problem is a line that
/// says where, what and what is allowed; what is good is stored in any case. A preset that has been
/// chosen before takes the place of that of the file.
void read_config_file(const std::string& path, ProgramConfig& config,
                      std::vector<std::string>& problems);
/// The same from text; `name` is how messages call it.
void read_config_text(std::string_view text, const std::string& name, ProgramConfig& config,
                      std::vector<std::string>& problems);

/// Sets the parameters of every controller that the preset of the configuration names.
void apply_preset(ProgramConfig& config, std::vector<std::string>& problems);

/// "NAME=VALUE" for a parameter of every controller.
void set_controller_parameter(std::string_view text, ProgramConfig& config,
                              std::vector<std::string>& problems);

/// Rules that involve several keys. To be called once, when everything has been read; also gives
/// the namespaces their NSIDs.
void check_config(ProgramConfig& config, std::vector<std::string>& problems);

/// As a configuration file that read_config_text() reads back to the same configuration.
[[nodiscard]] nlohmann::ordered_json config_to_json(const ProgramConfig& config);

/// The key tables of docs/configuration.md.
[[nodiscard]] std::string config_markdown();

/// When a guest's simulation is ended: none, with the guest. False: the text has another form.
[[nodiscard]] bool parse_until(std::string_view text, std::optional<util::TimePs>& at);

/// The two NSIDs of `copy`; false when the text has another form.
[[nodiscard]] bool parse_copy(std::string_view text, std::uint32_t& from, std::uint32_t& to);

}  // namespace platform

template <>
struct util::EnumNames<platform::Pace> {
    static constexpr std::array<std::string_view, 4> names{"recorded", "asap", "realtime", "eager"};
};
template <>
struct util::EnumNames<platform::Doorbells> {
    static constexpr std::array<std::string_view, 2> names{"trapped", "mapped"};
};
template <>
struct util::EnumNames<platform::TraceDetail> {
    static constexpr std::array<std::string_view, 2> names{"commands", "all"};
};
template <>
struct util::EnumNames<platform::Host> {
    static constexpr std::array<std::string_view, 2> names{"free", "realistic"};
};
template <>
struct util::EnumNames<platform::Ending> {
    static constexpr std::array<std::string_view, 2> names{"orderly", "power_cut"};
};
template <>
struct util::EnumNames<platform::Engine> {
    static constexpr std::array<std::string_view, 2> names{"local", "slurm"};
};
template <>
struct util::EnumNames<platform::Signal> {
    static constexpr std::array<std::string_view, 3> names{"msix", "intx", "polled"};
};
