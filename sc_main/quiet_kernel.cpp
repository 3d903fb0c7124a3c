// SPDX-License-Identifier: Apache-2.0
#include "sc_main/quiet_kernel.h"

#include <cstdio>
#include <cstdlib>

#include <systemc>

namespace nvme_vp {

namespace {

/// libsystemc owns main() and prints its banner before it calls sc_main(): only a static
/// initialiser comes early enough. A user who has set the variable keeps his own choice.
[[maybe_unused]] const int banner_is_off = ::setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 0);

void on_report(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    if ((actions & sc_core::SC_DISPLAY) != 0)
        std::fprintf(stderr, "nvme-vp: %s\n", sc_core::sc_report_compose_message(report).c_str());
    sc_core::sc_report_handler::default_handler(report, actions & ~sc_core::SC_DISPLAY);
}

}  // namespace

void quieten_kernel() {
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    sc_core::sc_report_handler::set_verbosity_level(sc_core::SC_NONE);
    sc_core::sc_report_handler::set_handler(&on_report);
}

}  // namespace nvme_vp
