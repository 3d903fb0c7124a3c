// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sstream>

#include "models/util/sysc_compat.h"

/// Report ids name the audience, so that a test or a user can silence, count or forbid each of them
/// on its own.
namespace util::report {

inline constexpr char kGuest[] = "/nvme/guest";  ///< The host broke a rule; answered as specified.
inline constexpr char kModel[] = "/nvme/model";  ///< The host asked for what is not modelled.
inline constexpr char kConfig[] = "/nvme/config";  ///< A bad parameter; raised while elaborating.
inline constexpr char kBug[] = "/nvme/bug";        ///< The model broke its own invariant.

}  // namespace util::report

/// Reports `message` (a chain of << operands) under `id`. SC_REPORT_INFO_VERB evaluates its text
/// before it looks at the verbosity; here nothing is formatted that nobody will see.
#define NVME_INFO(id, verbosity, message)                                         \
    do {                                                                          \
        if (::sc_core::sc_report_handler::get_verbosity_level() >= (verbosity)) { \
            ::std::ostringstream nvme_report_text_;                               \
            nvme_report_text_ << message;                                         \
            SC_REPORT_INFO_VERB(id, nvme_report_text_.str().c_str(), verbosity);  \
        }                                                                         \
    } while (false)
