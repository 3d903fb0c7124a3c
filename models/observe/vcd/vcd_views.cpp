// SPDX-License-Identifier: Apache-2.0
// A save file of GTKWave: "@" and flags, then the names of the traces that have them; groups in
// pairs of lines that begin with "-". GTKWave's own manual describes the flags.
#include "models/observe/vcd/vcd_views.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace observe {

namespace {

using util::TimePs;

/// The start of the simulation, if that is later.
constexpr TimePs before(TimePs at, TimePs by) {
    return at - std::min(at, by);
}

constexpr int kPixels = 1100;  // of the window, that show waves
/// The folder of the save file, whatever it is: GTKWave takes paths relative to it, as long as the
/// save file says where it was.
constexpr std::string_view kHere = "/nvme-tlm/";

enum class Form : std::uint8_t { kBits, kNumber, kHex, kLevel };

/// Colours of GTKWave.
constexpr int kRed = 1, kOrange = 2, kYellow = 3, kGreen = 0, kBlue = 5, kViolet = 7;

struct Row {
    const char* name;
    const char* shown;
    Form form;
    int colour;
    const char* filter;
};

constexpr Row kController[] = {
    {"state", "state", Form::kHex, kOrange, "state"},
    {"cc.en", "CC EN", Form::kBits, kGreen, ""},
    {"csts.rdy", "CSTS RDY", Form::kBits, kGreen, ""},
    {"csts.cfs", "CSTS CFS", Form::kBits, kRed, ""},
    {"cc.shn", "CC SHN", Form::kHex, kGreen, "shn"},
    {"csts.shst", "CSTS SHST", Form::kHex, kGreen, "shst"},
    {"reset.controller", "controller reset", Form::kBits, kRed, ""},
    {"reset.function", "function level reset", Form::kBits, kRed, ""},
    {"reset.conventional", "conventional reset", Form::kBits, kRed, ""},
    {"reset.subsystem", "subsystem reset", Form::kBits, kRed, ""},
    {"reset.power_off", "power off", Form::kBits, kRed, ""},
    {"power.state", "power state", Form::kHex, kBlue, "power"},
    {"power.settling", "power settling", Form::kBits, kBlue, ""},
    {"health.temperature", "temperature (K)", Form::kNumber, kBlue, ""},
    {"health.critical_warning", "critical warning", Form::kHex, kRed, ""},
};
constexpr Row kQueue[] = {
    {"in_flight", "in flight", Form::kLevel, kYellow, ""},
    {"sq.doorbell", "SQ doorbell", Form::kBits, kOrange, ""},
    {"sq.tail", "SQ tail (host)", Form::kNumber, kOrange, ""},
    {"sq.head", "SQ head", Form::kNumber, kGreen, ""},
    {"cq.doorbell", "CQ doorbell", Form::kBits, kOrange, ""},
    {"cq.tail", "CQ tail", Form::kNumber, kGreen, ""},
    {"cq.head", "CQ head (host)", Form::kNumber, kOrange, ""},
    {"waiting", "waiting for room", Form::kNumber, kRed, ""},
    {"without_slot", "without a slot", Form::kNumber, kRed, ""},
};
constexpr Row kTransfers[] = {
    {"link.up", "link, to the host", Form::kLevel, kYellow, ""},
    {"link.down", "link, from the host", Form::kLevel, kYellow, ""},
    {"dma.reads", "DMA reads", Form::kNumber, kGreen, ""},
    {"dma.writes", "DMA writes", Form::kNumber, kGreen, ""},
    {"media.read", "media reads", Form::kLevel, kBlue, ""},
    {"media.program", "media programs", Form::kLevel, kViolet, ""},
    {"media.cache", "cache accesses", Form::kNumber, kGreen, ""},
    {"media.destage", "cache destages", Form::kNumber, kGreen, ""},
    {"media.flush", "media flushes", Form::kNumber, kGreen, ""},
    {"media.deallocate", "media deallocates", Form::kNumber, kGreen, ""},
    {"media.erase", "media erases", Form::kNumber, kRed, ""},
    {"media.blocks.collected", "blocks collected", Form::kNumber, kGreen, ""},
};
constexpr Row kNews[] = {
    {"msix.sent", "MSI-X", Form::kBits, kGreen, ""},
    {"msix.vector", "MSI-X vector", Form::kNumber, kGreen, ""},
    {"intx.asserted", "INTx", Form::kBits, kGreen, ""},
    {"async_event.strobe", "event", Form::kBits, kOrange, ""},
    {"async_event.type", "event type", Form::kHex, kOrange, "event_type"},
    {"completed.strobe", "completed", Form::kBits, kGreen, ""},
    {"completed.status", "status", Form::kHex, kGreen, "status"},
    {"queues.doorbell_rejected", "doorbell rejected", Form::kBits, kRed, ""},
    {"lint.finding", "lint finding", Form::kBits, kRed, ""},
    {"lint.rule", "lint rule", Form::kHex, kRed, "rule"},
    {"fault.acted", "fault", Form::kBits, kViolet, ""},
    {"fault.count", "faults", Form::kNumber, kViolet, ""},
};

class SaveFile {
public:
    explicit SaveFile(const VcdView& view) : view_(view) {
        for (const VcdDeclaration& signal : view.signals) widths_[signal.name] = signal.width;
    }
    [[nodiscard]] std::string text() {
        begin();
        for (const std::string& scope : view_.scopes) {
            const std::string in = view_.scopes.size() == 1 ? "" : scope + " ";
            group(in + "controller", true, [&] { rows(scope + ".", kController); });
            queue(scope + ".queues.admin.", in + "admin queue", "admin_opcode", false);
            const std::string io = scope + ".queues.io";
            for (unsigned qid = 1, end = end_of_numbers(io); qid < end; ++qid)
                queue(io + std::to_string(qid) + ".", in + "I/O queue " + std::to_string(qid),
                      "io_opcode", qid == 1 || end == qid + 1);
            group(in + "link and media", true, [&] { rows(scope + ".", kTransfers); });
            group(in + "interrupts, events, findings", true, [&] { rows(scope + ".", kNews); });
        }
        group("other signals", true, [&] { others(); });
        return text_ + "[pattern_trace] 1\n[pattern_trace] 0\n";
    }

private:
    void begin() {
        text_ = "[*]\n[*] Signals and their meaning: docs/traces.md of nvme-tlm\n[*]\n";
        if (!view_.file.empty())
            text_ += "[dumpfile] \"" + std::string(kHere) + view_.file + "\"\n";
        text_ += "[savefile] \"" + std::string(kHere) + view_.stem + ".gtkw\"\n";
        text_ += "[timestart] " + std::to_string(view_.begin) + "\n[size] 1600 1000\n[pos] -1 -1\n";
        // The zoom is a power of two: of picoseconds in 200 pixels, negative.
        const double length = static_cast<double>(std::max(view_.length, util::kPsPerUs));
        const long zoom = std::lround(std::log2(length * 200 / kPixels) * 100);
        text_ += "*-" + std::to_string(zoom / 100) + "." + std::to_string(zoom % 100 / 10) +
                 std::to_string(zoom % 10) + " -1";
        for (int marker = 0; marker < 26; ++marker) text_ += " -1";
        text_ += "\n[sst_width] 200\n[signals_width] 230\n[sst_expanded] 0\n";
    }
    /// One more than the highest number behind `prefix`.
    [[nodiscard]] unsigned end_of_numbers(const std::string& prefix) const {
        unsigned end = 0;
        for (auto it = widths_.lower_bound(prefix);
             it != widths_.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it) {
            unsigned number = 0;
            std::from_chars(it->first.data() + prefix.size(), it->first.data() + it->first.size(),
                            number);
            end = std::max(end, number + 1);
        }
        return end;
    }
    /// Nothing, when nothing is in it.
    template <typename Content>
    void group(const std::string& name, bool open, Content content) {
        std::string before = std::move(text_);
        text_.clear();
        content();
        if (!text_.empty())
            before += (open ? "@800200\n-" : "@c00200\n-") + name + "\n" + text_ +
                      (open ? "@1000200\n-" : "@1401200\n-") + name + "\n";
        text_ = std::move(before);
    }
    template <std::size_t N>
    void rows(const std::string& prefix, const Row (&table)[N]) {
        for (const Row& r : table) row(prefix + r.name, r.shown, r.form, r.colour, r.filter);
    }
    /// Those of the platform around the controllers.
    void others() {
        for (const VcdDeclaration& signal : view_.signals) {
            const auto inside = [&signal](const std::string& scope) {
                return signal.name.compare(0, scope.size() + 1, scope + ".") == 0;
            };
            if (std::none_of(view_.scopes.begin(), view_.scopes.end(), inside))
                row(signal.name, signal.name.substr(signal.name.rfind('.') + 1),
                    signal.width <= 1 ? Form::kBits : Form::kHex, kGreen, "");
        }
    }
    void queue(const std::string& prefix, const std::string& name, const char* opcodes, bool open) {
        group(name, open, [&] {
            rows(prefix, kQueue);
            for (unsigned i = 0, end = end_of_numbers(prefix + "slots.s"); i < end; ++i) {
                const std::string slot = prefix + "slots.s" + std::to_string(i) + ".";
                const std::string number = std::to_string(i);
                row(slot + "step", "slot " + number, Form::kHex, kOrange, "step");
                row(slot + "opcode", number + " opcode", Form::kHex, kBlue, opcodes);
                row(slot + "cid", number + " CID", Form::kHex, kGreen, "");
                if (*opcodes == 'i') row(slot + "lba", number + " LBA", Form::kNumber, kGreen, "");
            }
        });
    }
    void row(const std::string& name, const std::string& shown, Form form, int colour,
             std::string_view filter) {
        const auto signal = widths_.find(name);
        if (signal == widths_.end()) return;
        static constexpr const char* kFlags[] = {"@28", "@24", "@22", "@88024"};
        text_ += filter.empty() ? kFlags[static_cast<std::size_t>(form)] : "@2022";
        text_ += '\n';
        if (!filter.empty())
            text_ += "^" + number_of(filter) + " " + std::string(kHere) + view_.stem + ".filters/" +
                     std::string(filter) + ".txt\n";
        if (colour != kGreen) text_ += "[color] " + std::to_string(colour) + "\n";
        text_ += "+{" + shown + "} " + name;
        if (signal->second > 1) text_ += "[" + std::to_string(signal->second - 1) + ":0]";
        text_ += '\n';
        if (form == Form::kLevel) text_ += "@20000\n-\n";  // a curve is two rows high
    }
    /// GTKWave counts filters in the order in which it meets them.
    std::string number_of(std::string_view filter) {
        const auto [it, is_new] = filters_.try_emplace(std::string(filter), filters_.size() + 1);
        return std::to_string(it->second);
    }

    const VcdView& view_;
    std::map<std::string, unsigned> widths_;
    std::map<std::string, std::size_t> filters_;
    std::string text_;
};

/// Empty, or what is wrong.
std::string write_file(const std::string& path, const std::string& text) {
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "wb"));
    const bool good = file && std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
                      std::fclose(file.release()) == 0;
    return good ? std::string() : path + ": " + std::strerror(errno);
}

}  // namespace

VcdView view_of(const VcdWriter& writer) {
    constexpr TimePs kShown = 100 * util::kPsPerUs;
    VcdView view;
    view.stem = std::filesystem::path(writer.path()).filename().string();
    // A name that the save file could not hold.
    if (view.stem.find_first_of("\"\n\r") == std::string::npos) view.file = view.stem;
    view.scopes = writer.scopes();
    view.signals = writer.declarations();
    const TimePs first = writer.window().from;
    const TimePs end = std::max(first, std::min(writer.now(), writer.window().to));
    view.begin = first;
    view.length = end - first;
    if (writer.triggered_at() != util::kNever) {
        view.begin = std::max(first, before(writer.triggered_at(), kShown / 2));
        view.length = kShown;
    } else if (writer.first_mark() != util::kNever) {
        view.begin = std::max(first, before(writer.first_mark(), util::kPsPerUs));
        view.length = std::min(writer.last_mark() - view.begin + util::kPsPerUs, kShown);
    }
    // GTKWave goes to the start when its window, which may be wider, would go beyond the end.
    view.begin = std::max(first, std::min(view.begin, before(end, 3 * util::kPsPerUs)));
    view.length = std::min(view.length, (end - view.begin) / 3 * 2);
    return view;
}

std::string gtkwave_save_file(const VcdView& view) {
    return SaveFile(view).text();
}

std::string write_vcd_view(const std::string& directory, const VcdView& view) {
    const std::string stem = directory + view.stem;
    std::error_code error;
    std::filesystem::create_directory(stem + ".filters", error);
    if (error) return stem + ".filters: " + error.message();
    std::string wrong = write_file(stem + ".gtkw", gtkwave_save_file(view));
    for (const VcdFilter& filter : vcd_filters())
        if (wrong.empty())
            wrong = write_file(stem + ".filters/" + filter.name + ".txt", filter.lines);
    return wrong;
}

}  // namespace observe
