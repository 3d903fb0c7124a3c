// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "models/observe/vcd/vcd_header.h"
#include "models/observe/vcd/vcd_writer.h"
#include "models/util/time.h"

/// What GTKWave needs to show a waveform well: a save file with groups, names, colours and a time,
/// and files that translate numbers to names. They stand beside the VCD file, and may be moved
/// with it.
namespace observe {

/// What is to be shown of a file.
struct VcdView {
    std::string file;                     ///< the VCD file, without its directory; empty: any
    std::string stem;                     ///< of the names of save file and translations
    std::set<std::string> scopes;         ///< of controllers
    util::TimePs begin = 0;               ///< at the left of the window
    util::TimePs length = 0;              ///< of what is in the window; 0: a microsecond
    std::vector<VcdDeclaration> signals;  ///< what there is
};

/// Of a file that has been closed: what was to be looked at, or its beginning.
[[nodiscard]] VcdView view_of(const VcdWriter& writer);

/// The text of a save file. Of the signals, those of queues and controllers that a person looks at.
[[nodiscard]] std::string gtkwave_save_file(const VcdView& view);

/// Writes the save file `<directory><stem>.gtkw` and the translations in
/// `<directory><stem>.filters/`. Empty, or what is wrong.
[[nodiscard]] std::string write_vcd_view(const std::string& directory, const VcdView& view);

/// The names of a signal's values, as lines "value name"; the file has the name of the filter.
struct VcdFilter {
    std::string name;
    std::string lines;
};
[[nodiscard]] std::vector<VcdFilter> vcd_filters();

}  // namespace observe
