// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/aspm.h"

#include "models/pcie/config_registers.h"

namespace pcie {
using util::TimePs;

Aspm::Aspm(const LinkParams& params)
    : has_l0s_(params.has_l0s()),
      has_l1_(params.has_l1()),
      l0s_entry_(util::from_ns(params.l0s_entry_ns)),
      l0s_exit_(util::from_ns(params.l0s_exit_ns)),
      l1_entry_(util::from_ns(params.l1_entry_ns)),
      l1_exit_(util::from_ns(params.l1_exit_ns)) {}

void Aspm::set_control(unsigned control) {
    l0s_ = has_l0s_ && (control & reg::kAspmL0s) != 0;
    l1_ = has_l1_ && (control & reg::kAspmL1) != 0;
}

TimePs Aspm::wake(Way way, TimePs start) {
    Side& mine = side(way);
    if (l1_ && std::min(up_.idle(start), down_.idle(start)) >= l1_entry_) {
        up_.awake_at(util::later(start, l1_exit_));
        down_.awake_at(up_.awake_from);
    } else if (l0s_ && mine.idle(start) >= l0s_entry_) {
        mine.awake_at(util::later(start, l0s_exit_));
    }
    return std::max(start, mine.awake_from);
}

}  // namespace pcie
