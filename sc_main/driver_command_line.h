// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include <boost/program_options.hpp>

#include "sc_main/command_line.h"

/// The command line of `report` and `plan`, which read a trace and simulate nothing.
namespace nvme_vp {

void add_driver_options(boost::program_options::options_description& options);

/// Whether the words begin with one of the two commands. Then `line` is all that they and the
/// options say, or has the problems.
[[nodiscard]] bool take_driver_command(const std::vector<std::string>& words,
                                       const boost::program_options::variables_map& values,
                                       CommandLine& line);

}  // namespace nvme_vp
