// SPDX-License-Identifier: Apache-2.0
#include "sc_main/observers.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include "platform/config/trace_options.h"

namespace nvme_vp {

namespace {

/// Nobody looks at the signals of hundreds of queues.
constexpr std::size_t kMostQueuesShown = 16;

observe::VcdWindow vcd_window(const platform::RunOptions& run) {
    observe::VcdWindow window;
    window.from = util::from_ns(run.vcd_from_ns);
    if (run.vcd_to_ns) window.to = util::from_ns(*run.vcd_to_ns);
    window.triggered = !run.vcd_trigger.empty();
    window.before = util::from_ns(run.vcd_before_ns);
    return window;
}

}  // namespace

std::string path_of_controller(const std::string& path, const platform::ProgramConfig& config,
                               std::size_t controller) {
    const bool several = platform::count_controllers(config.system) > 1;
    return path.empty() || !several ? path : path + ".nvme" + std::to_string(controller);
}

std::string named_for_controller(const std::string& path, const platform::ProgramConfig& config,
                                 std::size_t controller) {
    const std::size_t dot = path.rfind('.');
    if (dot == path.npos) return path_of_controller(path, config, controller);
    return path_of_controller(path.substr(0, dot), config, controller) + path.substr(dot);
}

Observers::Observers() = default;
Observers::~Observers() = default;

std::string Observers::open(const platform::ProgramConfig& config, std::size_t queues) {
    try {
        if (!config.run.vcd.empty())
            vcd_file_ =
                std::make_unique<observe::VcdFile>("vcd", config.run.vcd, vcd_window(config.run));
        platform::for_each_controller(
            config.system,
            [&](std::size_t, std::size_t, const platform::ControllerSpec& controller) {
                add(config, controller.params, queues);
            });
        if (vcd_file_) check_signals(config.run.vcd_signals);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

void Observers::add(const platform::ProgramConfig& config, const nvme::ControllerParams& params,
                    std::size_t queues) {
    const std::size_t number = all_.size();
    OfController& observers = *all_.emplace_back(std::make_unique<OfController>());
    const platform::RunOptions& run = config.run;
    std::vector<std::string> problems;  // told before
    const observe::TraceSelection selection = platform::trace_selection(run, problems);
    const bool all = run.trace_detail == platform::TraceDetail::kAll || selection.names_a_detail();
    const auto detail = all ? observe::TraceDetail::kAll : observe::TraceDetail::kCommands;
    const auto add_trace = [&](observe::TraceSink& trace) {
        if (selection.chooses_all()) return observers.fanout.add(trace);
        observers.fanout.add(observers.filters.emplace_back(selection, trace));
    };
    if (const std::string path = path_of_controller(run.trace, config, number); !path.empty()) {
        observers.text = std::make_unique<observe::TextTrace>(path, detail);
        add_trace(*observers.text);
    }
    if (const std::string path = path_of_controller(run.trace_binary, config, number);
        !path.empty()) {
        observers.binary = std::make_unique<observe::BinaryTrace>(path, detail);
        add_trace(*observers.binary);
    }
    if (vcd_file_) {
        observe::VcdOptions options;
        options.scope = "nvme" + std::to_string(number);
        options.io_queues = static_cast<std::uint16_t>(
            std::min({queues, std::size_t{params.max_io_queues}, kMostQueuesShown}));
        options.slots = config.run.vcd_slots;
        options.link_tags = params.link.tags;
        if (params.media.model == media::Model::kNand) {
            options.channels = params.media.nand.channels;
            options.dies = static_cast<std::uint32_t>(media::dies_of(params.media.nand));
        }
        options.signals = observe::VcdSelection(config.run.vcd_signals);
        options.trigger = observe::VcdTrigger(config.run.vcd_trigger);
        observers.vcd = std::make_unique<observe::VcdTrace>(vcd_file_->writer(), options);
        observers.fanout.add(*observers.vcd);
    }
    if (is_page(run.report)) {
        observers.page =
            std::make_unique<PageReport>(named_for_controller(run.report, config, number));
        observers.fanout.add(observers.page->sink());
    } else if (!run.report.empty()) {
        observers.statistics = std::make_unique<observe::CommandStatistics>();
        observers.fanout.add(*observers.statistics);
    }
    if (!run.driver_report.empty()) {
        observers.driver =
            std::make_unique<DriverWatch>(named_for_controller(run.driver_report, config, number));
        observers.fanout.add(observers.driver->sink());
    }
    if (config.run.lint) {
        // Behind the others: a finding follows the event that it is about.
        observers.lint = std::make_unique<observe::DriverLint>(
            observe::DriverLint::Options{params.write_cache_bytes != 0}, &observers.fanout);
        observers.fanout.add(*observers.lint);
    }
}

/// A pattern that is a slip of the pen would make an empty waveform.
void Observers::check_signals(const std::string& patterns) const {
    const observe::VcdSelection selection(patterns);
    for (const std::string& pattern : selection.patterns()) {
        const auto& signals = vcd_file_->writer().declarations();
        const bool any = std::any_of(signals.begin(), signals.end(), [&](const auto& signal) {
            return observe::VcdSelection::matches(pattern, signal.name) ||
                   observe::VcdSelection::matches(pattern,
                                                  signal.name.substr(signal.name.find('.') + 1));
        });
        if (!any)
            throw std::runtime_error("vcd_signals = \"" + pattern +
                                     "\": there is no such signal, docs/traces.md has them all");
    }
}

observe::TraceSink* Observers::sink(std::size_t controller) {
    OfController& observers = *all_[controller];
    const bool any = observers.text || observers.binary || observers.vcd || observers.statistics ||
                     observers.lint || observers.page || observers.driver;
    return any ? &observers.fanout : nullptr;
}

void Observers::tell_findings(std::size_t controller, observe::TraceSink& sink) {
    OfController& observers = *all_[controller];
    if (observers.lint) observers.fanout.add(sink);
}

std::uint64_t Observers::lint_findings() const {
    std::uint64_t findings = 0;
    for (const auto& observers : all_)
        if (observers->lint) findings += observers->lint->findings();
    return findings;
}

bool Observers::has_traces() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const auto& observers) { return observers->text || observers->binary; });
}

void Observers::look(util::TimePs now) {
    for (const auto& observers : all_)
        if (observers->lint) observers->lint->look(now);
}

std::vector<observe::DriverLint*> Observers::lints() {
    std::vector<observe::DriverLint*> list;
    for (const auto& observers : all_)
        if (observers->lint) list.push_back(observers->lint.get());
    return list;
}

void Observers::flush() {
    for (const auto& observers : all_) {
        if (observers->text) observers->text->flush();
        if (observers->binary) observers->binary->flush();
    }
}

std::string Observers::close() {
    std::string wrong;
    if (vcd_file_) wrong = vcd_file_->close();
    const auto note = [&](const std::string& problem) {
        if (wrong.empty()) wrong = problem;
    };
    for (const auto& observers : all_) {
        if (observers->text) note(observers->text->close());
        if (observers->binary) note(observers->binary->close());
        if (observers->page) note(observers->page->close());
        if (observers->driver) note(observers->driver->close());
    }
    return wrong;
}

}  // namespace nvme_vp
