// SPDX-License-Identifier: Apache-2.0
// A command file of Surfer: a command a line, "#" begins a comment, ";" would separate commands.
// Its manual, "Commands" and "Mapping translators", describes both kinds of files.
#include <algorithm>
#include <cctype>
#include <string>

#include "models/observe/vcd/vcd_layout.h"
#include "models/observe/vcd/vcd_views.h"

namespace observe {

namespace {

/// By VcdColour: names of Surfer's default theme.
constexpr const char* kSurferColours[] = {"Green", "Red", "Orange", "Yellow", "Blue", "Violet"};
/// By VcdForm.
constexpr const char* kFormats[] = {"Binary", "Unsigned", "Hexadecimal", "Unsigned"};
/// Before the name of a filter, so that it is the translator of no other tool.
constexpr const char* kPrefix = "nvme_";

/// The name of a divider is one word of letters, digits and _.
std::string one_word(std::string name) {
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

std::string row(const VcdRow& r) {
    std::string text = "variable_add " + r.signal + "\n";
    text += "item_rename " + r.shown + "\n";
    text +=
        std::string("item_set_color ") + kSurferColours[static_cast<std::size_t>(r.colour)] + "\n";
    if (r.width > 1)
        text += "item_set_format " +
                (r.filter.empty() ? std::string(kFormats[static_cast<std::size_t>(r.form)])
                                  : kPrefix + r.filter) +
                "\n";
    if (r.form == VcdForm::kLevel) text += "item_set_analog step\n";
    return text;
}

}  // namespace

// Commands are about the item that has the focus, and what is added takes the focus along.
std::string surfer_command_file(const VcdView& view) {
    std::string text =
        "# Signals and their meaning: docs/traces.md of nvme-tlm\n"
        "# Names of values: copy surfer/* of the filters beside it to ~/.config/surfer/mappings/\n";
    bool focused = false;
    for (const VcdGroup& group : vcd_layout(view)) {
        if (!group.open) continue;  // there are no groups that are closed at first
        text += "divider_add " + one_word(group.name) + "\n";
        if (!focused) text += "item_focus a\n";
        focused = true;
        for (const VcdRow& r : group.rows) text += row(r);
    }
    if (focused) text += "item_unfocus\n";
    text += "zoom_fit\n";
    if (view.length == 0) return text;
    text += "cursor_set " + std::to_string(view.begin) + "\n";
    return text + "zoom_to " + std::to_string(view.begin) + " " +
           std::to_string(view.begin + view.length) + "\n";
}

std::string surfer_mapping(const VcdFilter& filter) {
    std::string lines =
        "Name = " + (kPrefix + filter.name) + "\nBits = " + std::to_string(filter.bits) + "\n";
    for (const auto& [value, name] : filter.names)
        lines += std::to_string(value) + " " + name + "\n";
    return lines;
}

}  // namespace observe
