// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_layout.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <utility>

namespace observe {

namespace {

struct Row {
    const char* name;
    const char* shown;
    VcdForm form;
    VcdColour colour;
    const char* filter;
};

constexpr Row kController[] = {
    {"state", "state", VcdForm::kHex, VcdColour::kOrange, "state"},
    {"cc.en", "CC EN", VcdForm::kBits, VcdColour::kGreen, ""},
    {"csts.rdy", "CSTS RDY", VcdForm::kBits, VcdColour::kGreen, ""},
    {"csts.cfs", "CSTS CFS", VcdForm::kBits, VcdColour::kRed, ""},
    {"cc.shn", "CC SHN", VcdForm::kHex, VcdColour::kGreen, "shn"},
    {"csts.shst", "CSTS SHST", VcdForm::kHex, VcdColour::kGreen, "shst"},
    {"reset.controller", "controller reset", VcdForm::kBits, VcdColour::kRed, ""},
    {"reset.function", "function level reset", VcdForm::kBits, VcdColour::kRed, ""},
    {"reset.conventional", "conventional reset", VcdForm::kBits, VcdColour::kRed, ""},
    {"reset.subsystem", "subsystem reset", VcdForm::kBits, VcdColour::kRed, ""},
    {"reset.power_off", "power off", VcdForm::kBits, VcdColour::kRed, ""},
    {"power.state", "power state", VcdForm::kHex, VcdColour::kBlue, "power"},
    {"power.settling", "power settling", VcdForm::kBits, VcdColour::kBlue, ""},
    {"health.temperature", "temperature (K)", VcdForm::kNumber, VcdColour::kBlue, ""},
    {"health.critical_warning", "critical warning", VcdForm::kHex, VcdColour::kRed, ""},
};
constexpr Row kQueue[] = {
    {"in_flight", "in flight", VcdForm::kLevel, VcdColour::kYellow, ""},
    {"sq.doorbell", "SQ doorbell", VcdForm::kBits, VcdColour::kOrange, ""},
    {"sq.tail", "SQ tail (host)", VcdForm::kNumber, VcdColour::kOrange, ""},
    {"sq.head", "SQ head", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"cq.doorbell", "CQ doorbell", VcdForm::kBits, VcdColour::kOrange, ""},
    {"cq.tail", "CQ tail", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"cq.head", "CQ head (host)", VcdForm::kNumber, VcdColour::kOrange, ""},
    {"waiting", "waiting for room", VcdForm::kNumber, VcdColour::kRed, ""},
    {"without_slot", "without a slot", VcdForm::kNumber, VcdColour::kRed, ""},
};
constexpr Row kTransfers[] = {
    {"link.up", "link, to the host", VcdForm::kLevel, VcdColour::kYellow, ""},
    {"link.down", "link, from the host", VcdForm::kLevel, VcdColour::kYellow, ""},
    {"link.tags", "link tags", VcdForm::kNumber, VcdColour::kYellow, ""},
    {"dma.reads", "DMA reads", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"dma.writes", "DMA writes", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"media.read", "media reads", VcdForm::kLevel, VcdColour::kBlue, ""},
    {"media.program", "media programs", VcdForm::kLevel, VcdColour::kViolet, ""},
    {"media.cache", "cache accesses", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"media.cache_dirty", "cache, dirty bytes", VcdForm::kLevel, VcdColour::kOrange, ""},
    {"media.destage", "cache destages", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"media.flush", "media flushes", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"media.deallocate", "media deallocates", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"media.erase", "media erases", VcdForm::kNumber, VcdColour::kRed, ""},
    {"media.blocks.collected", "blocks collected", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"media.blocks.free", "free blocks", VcdForm::kLevel, VcdColour::kBlue, ""},
    {"media.blocks.slc_free", "free SLC blocks", VcdForm::kNumber, VcdColour::kBlue, ""},
};
constexpr Row kNews[] = {
    {"msix.sent", "MSI-X", VcdForm::kBits, VcdColour::kGreen, ""},
    {"msix.vector", "MSI-X vector", VcdForm::kNumber, VcdColour::kGreen, ""},
    {"intx.asserted", "INTx", VcdForm::kBits, VcdColour::kGreen, ""},
    {"async_event.strobe", "event", VcdForm::kBits, VcdColour::kOrange, ""},
    {"async_event.type", "event type", VcdForm::kHex, VcdColour::kOrange, "event_type"},
    {"completed.strobe", "completed", VcdForm::kBits, VcdColour::kGreen, ""},
    {"completed.status", "status", VcdForm::kHex, VcdColour::kGreen, "status"},
    {"queues.doorbell_rejected", "doorbell rejected", VcdForm::kBits, VcdColour::kRed, ""},
    {"lint.finding", "lint finding", VcdForm::kBits, VcdColour::kRed, ""},
    {"lint.rule", "lint rule", VcdForm::kHex, VcdColour::kRed, "rule"},
    {"fault.acted", "fault", VcdForm::kBits, VcdColour::kViolet, ""},
    {"fault.count", "faults", VcdForm::kNumber, VcdColour::kViolet, ""},
};

class Layout {
public:
    explicit Layout(const VcdView& view) : view_(view) {
        for (const VcdDeclaration& signal : view.signals) widths_[signal.name] = signal.width;
    }
    [[nodiscard]] std::vector<VcdGroup> groups() {
        for (const std::string& scope : view_.scopes) {
            const std::string in = view_.scopes.size() == 1 ? "" : scope + " ";
            group(in + "controller", true);
            rows(scope + ".", kController);
            queue(scope + ".queues.admin.", in + "admin queue", "admin_opcode", false);
            const std::string io = scope + ".queues.io";
            for (unsigned qid = 1, end = end_of_numbers(io); qid < end; ++qid)
                queue(io + std::to_string(qid) + ".", in + "I/O queue " + std::to_string(qid),
                      "io_opcode", qid == 1 || end == qid + 1);
            group(in + "link and media", true);
            rows(scope + ".", kTransfers);
            nand(scope + ".media.", in);
            group(in + "interrupts, events, findings", true);
            rows(scope + ".", kNews);
            vectors(scope + ".msix.", in);
        }
        group("other signals", true);
        others();
        groups_.erase(std::remove_if(groups_.begin(), groups_.end(),
                                     [](const VcdGroup& g) { return g.rows.empty(); }),
                      groups_.end());
        return std::move(groups_);
    }

private:
    void group(const std::string& name, bool open) { groups_.push_back({name, open, {}}); }
    /// Of the last group; nothing, when there is no such signal.
    void row(const std::string& name, const std::string& shown, VcdForm form, VcdColour colour,
             const char* filter) {
        if (const auto signal = widths_.find(name); signal != widths_.end())
            groups_.back().rows.push_back({name, shown, signal->second, form, colour, filter});
    }
    template <std::size_t N>
    void rows(const std::string& prefix, const Row (&table)[N]) {
        for (const Row& r : table) row(prefix + r.name, r.shown, r.form, r.colour, r.filter);
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
    void queue(const std::string& prefix, const std::string& name, const char* opcodes, bool open) {
        group(name, open);
        rows(prefix, kQueue);
        for (unsigned i = 0, end = end_of_numbers(prefix + "slots.s"); i < end; ++i) {
            const std::string slot = prefix + "slots.s" + std::to_string(i) + ".";
            const std::string number = std::to_string(i);
            row(slot + "step", "slot " + number, VcdForm::kHex, VcdColour::kOrange, "step");
            row(slot + "opcode", number + " opcode", VcdForm::kHex, VcdColour::kBlue, opcodes);
            row(slot + "cid", number + " CID", VcdForm::kHex, VcdColour::kGreen, "");
            if (*opcodes != 'i') continue;
            row(slot + "lba", number + " LBA", VcdForm::kNumber, VcdColour::kGreen, "");
            row(slot + "blocks", number + " blocks", VcdForm::kNumber, VcdColour::kGreen, "");
        }
    }
    void nand(const std::string& prefix, const std::string& in) {
        constexpr unsigned kMostOpen = 32;
        const unsigned channels = end_of_numbers(prefix + "channels.c");
        group(in + "channels of the flash", channels <= kMostOpen);
        for (unsigned c = 0; c < channels; ++c)
            row(prefix + "channels.c" + std::to_string(c), "channel " + std::to_string(c),
                VcdForm::kBits, VcdColour::kYellow, "");
        const unsigned dies = end_of_numbers(prefix + "dies.d");
        group(in + "dies of the flash", dies <= kMostOpen);
        for (unsigned d = 0; d < dies; ++d)
            row(prefix + "dies.d" + std::to_string(d), "die " + std::to_string(d), VcdForm::kHex,
                VcdColour::kBlue, "die");
    }
    void vectors(const std::string& prefix, const std::string& in) {
        group(in + "MSI-X vectors", false);
        for (unsigned v = 0, end = end_of_numbers(prefix + "masked.v"); v < end; ++v) {
            const std::string number = std::to_string(v);
            const std::string shown = "vector " + number;
            row(prefix + "v" + number, shown, VcdForm::kBits, VcdColour::kGreen, "");
            row(prefix + "masked.v" + number, shown + " masked", VcdForm::kBits, VcdColour::kOrange,
                "");
            row(prefix + "pending.v" + number, shown + " pending", VcdForm::kBits, VcdColour::kRed,
                "");
        }
    }
    /// Those of the platform around the controllers.
    void others() {
        for (const VcdDeclaration& signal : view_.signals) {
            const auto inside = [&signal](const std::string& scope) {
                return signal.name.compare(0, scope.size() + 1, scope + ".") == 0;
            };
            if (std::none_of(view_.scopes.begin(), view_.scopes.end(), inside))
                row(signal.name, signal.name.substr(signal.name.rfind('.') + 1),
                    signal.width <= 1 ? VcdForm::kBits : VcdForm::kHex, VcdColour::kGreen, "");
        }
    }

    const VcdView& view_;
    std::map<std::string, unsigned> widths_;
    std::vector<VcdGroup> groups_;
};

}  // namespace

std::vector<VcdGroup> vcd_layout(const VcdView& view) {
    return Layout(view).groups();
}

}  // namespace observe
