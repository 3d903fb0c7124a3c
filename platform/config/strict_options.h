// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/program_options.hpp>

#include "platform/config/nearest_name.h"

namespace platform {

/// Reads a command line: `options` by their whole names, and all else into the list of texts
/// "words". A name that is unknown gets the nearest one as a suggestion. What is wrong is added to
/// `problems`. In a header of its own, because Boost's takes long to compile.
inline boost::program_options::variables_map parse_strictly(
    int argc, const char* const* argv, const boost::program_options::options_description& options,
    std::vector<std::string>& problems) {
    namespace po = boost::program_options;
    po::variables_map values;
    po::options_description all = options;
    all.add_options()("words", po::value<std::vector<std::string>>());
    po::positional_options_description words;
    words.add("words", -1);
    // fio's spelling of a name is as good: --output-format is --output_format.
    std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    for (std::string& argument : arguments) {
        const std::size_t end = std::min(argument.find('='), argument.size());
        if (argument.substr(0, 2) != "--" || end == 2) continue;
        std::string name = argument.substr(2, end - 2);
        if (options.find_nothrow(name, false) != nullptr) continue;
        std::replace(name.begin(), name.end(), '-', '_');
        if (options.find_nothrow(name, false) != nullptr) argument.replace(2, end - 2, name);
    }
    try {
        namespace style = po::command_line_style;
        const int strict = style::unix_style & ~style::allow_guessing;
        po::store(
            po::command_line_parser(arguments).options(all).positional(words).style(strict).run(),
            values);
    } catch (const po::unknown_option& error) {
        std::string name = error.get_option_name();
        name.erase(0, name.find_first_not_of('-'));
        std::vector<std::string_view> names;
        for (const auto& option : options.options()) names.push_back(option->long_name());
        problems.push_back(std::string{error.what()} + suggestion(name, names));
    } catch (const po::error& error) {
        problems.emplace_back(error.what());
    }
    return values;
}

}  // namespace platform
