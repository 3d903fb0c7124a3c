// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/observe/vcd/vcd_header.h"
#include "models/observe/vcd/vcd_writer.h"
#include "models/util/time.h"

/// What viewers need to show a waveform well, with groups, names, colours and a time: a save file
/// of GTKWave, a command file of Surfer, and for both files that translate numbers to names. They
/// stand beside the VCD file, and may be moved with it.
namespace observe {

/// What is to be shown of a file.
struct VcdView {
    std::string file;                     ///< the VCD file, without its directory; empty: any
    std::string stem;                     ///< of the names of the files for viewers
    std::set<std::string> scopes;         ///< of controllers
    util::TimePs begin = 0;               ///< at the left of the window
    util::TimePs length = 0;              ///< of what is in the window; 0: a microsecond
    std::vector<VcdDeclaration> signals;  ///< what there is
};

/// Of a file that has been closed: what was to be looked at, or its beginning.
[[nodiscard]] VcdView view_of(const VcdWriter& writer);

/// The names of a signal's values.
struct VcdFilter {
    std::string name;
    unsigned bits;
    std::vector<std::pair<unsigned, std::string>> names;  ///< values ascend
};
[[nodiscard]] std::vector<VcdFilter> vcd_filters();

/// The text of a save file; and of a file of names, which has the name of the filter.
[[nodiscard]] std::string gtkwave_save_file(const VcdView& view);
[[nodiscard]] std::string gtkwave_filter(const VcdFilter& filter);
/// The text of a command file, and of a mapping translator.
[[nodiscard]] std::string surfer_command_file(const VcdView& view);
[[nodiscard]] std::string surfer_mapping(const VcdFilter& filter);

/// Writes `<directory><stem>.gtkw`, `<stem>.sucl` and what translates values: for GTKWave in
/// `<stem>.filters/`, for Surfer in `<stem>.filters/surfer/`. Empty, or what is wrong.
[[nodiscard]] std::string write_vcd_view(const std::string& directory, const VcdView& view);

}  // namespace observe
