// SPDX-License-Identifier: Apache-2.0
#include "sc_main/processor.h"

#include <sched.h>

#include <algorithm>

namespace nvme_vp {

std::vector<unsigned> usable_processors() {
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<unsigned> all;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return all;
    for (unsigned processor = 0; processor != CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &set)) all.push_back(processor);
    return all;
}

std::string run_on_processor(unsigned processor) {
    const std::vector<unsigned> usable = usable_processors();
    std::string list;
    for (const unsigned one : usable) list += (list.empty() ? "" : ", ") + std::to_string(one);
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    const bool is_usable = std::find(usable.begin(), usable.end(), processor) != usable.end();
    if (is_usable && ::sched_setaffinity(0, sizeof set, &set) == 0) return {};
    return "processor = " + std::to_string(processor) + ": must be one of " + list;
}

}  // namespace nvme_vp
