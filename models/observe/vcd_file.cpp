// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd_file.h"

#include <utility>

#include "models/observe/vcd/vcd_views.h"
#include "models/util/sc_spawn.h"

namespace observe {

VcdFile::VcdFile(const sc_core::sc_module_name& name, const std::string& path,
                 const VcdWindow& window)
    : sc_module(name), writer_(path, window) {}

VcdFile::~VcdFile() {
    (void)close();
}

/// The method runs when the simulation starts, too: that gives the first value.
void VcdFile::on_change(const sc_core::sc_event& event, std::function<void()> show) {
    const auto run = [this, show = std::move(show)] {
        writer_.advance(time_.now());
        show();
    };
    util::spawn_method(sc_core::sc_gen_unique_name("show"), event, run, util::FirstRun::kAtStart);
}

std::string VcdFile::close() {
    if (writer_.closed()) return problem_;
    problem_ = writer_.close(time_.now());
    const std::size_t name = path().find_last_of('/') + 1;
    if (problem_.empty()) problem_ = write_vcd_view(path().substr(0, name), view_of(writer_));
    return problem_;
}

}  // namespace observe
