// SPDX-License-Identifier: Apache-2.0
// A save file of GTKWave: "@" and flags, then the names of the traces that have them; groups in
// pairs of lines that begin with "-". GTKWave's own manual describes the flags.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "models/observe/vcd/vcd_layout.h"
#include "models/observe/vcd/vcd_views.h"

namespace observe {

namespace {

constexpr int kPixels = 1100;  // of the window, that show waves
/// The folder of the save file, whatever it is: GTKWave takes paths relative to it, as long as the
/// save file says where it was.
constexpr std::string_view kHere = "/nvme-tlm/";

/// Of a row, by its form.
constexpr const char* kFlags[] = {"@28", "@24", "@22", "@88024"};
/// By VcdColour.
constexpr int kColours[] = {0, 1, 2, 3, 5, 7};

class SaveFile {
public:
    explicit SaveFile(const VcdView& view) : view_(view) {}
    [[nodiscard]] std::string text() {
        begin();
        for (const VcdGroup& group : vcd_layout(view_)) {
            text_ += (group.open ? "@800200\n-" : "@c00200\n-") + group.name + "\n";
            for (const VcdRow& r : group.rows) row(r);
            text_ += (group.open ? "@1000200\n-" : "@1401200\n-") + group.name + "\n";
        }
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
    void row(const VcdRow& r) {
        text_ += r.filter.empty() ? kFlags[static_cast<std::size_t>(r.form)] : "@2022";
        text_ += '\n';
        if (!r.filter.empty())
            text_ += "^" + number_of(r.filter) + " " + std::string(kHere) + view_.stem +
                     ".filters/" + r.filter + ".txt\n";
        if (const int colour = kColours[static_cast<std::size_t>(r.colour)]; colour != 0)
            text_ += "[color] " + std::to_string(colour) + "\n";
        text_ += "+{" + r.shown + "} " + r.signal;
        if (r.width > 1) text_ += "[" + std::to_string(r.width - 1) + ":0]";
        text_ += '\n';
        if (r.form == VcdForm::kLevel) text_ += "@20000\n-\n";  // a curve is two rows high
    }
    /// GTKWave counts filters in the order in which it meets them.
    std::string number_of(const std::string& filter) {
        const auto [it, is_new] = filters_.try_emplace(filter, filters_.size() + 1);
        return std::to_string(it->second);
    }

    const VcdView& view_;
    std::map<std::string, std::size_t> filters_;
    std::string text_;
};

/// As GTKWave writes a value of so many bits in base 16: that is what it looks up.
std::string digits(unsigned bits, unsigned value) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string text;
    for (unsigned digit = (bits + 3) / 4; digit-- != 0;) text += kDigits[value >> 4 * digit & 15];
    return text;
}

}  // namespace

std::string gtkwave_save_file(const VcdView& view) {
    return SaveFile(view).text();
}

std::string gtkwave_filter(const VcdFilter& filter) {
    std::string lines;
    for (const auto& [value, name] : filter.names)
        lines += digits(filter.bits, value) + " " + name + "\n";
    return lines;
}

}  // namespace observe
