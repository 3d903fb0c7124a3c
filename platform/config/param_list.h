// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/config/param.h"

namespace faults {
struct Rule;
}
namespace nvme {
struct ControllerParams;
}

namespace platform {

/// All parameters of a struct, in the order of the documentation. Each struct that a user can
/// configure has a function parameters_of(); those of the models are here.
using ParamList = std::vector<Param>;
[[nodiscard]] ParamList parameters_of(faults::Rule& rule);
[[nodiscard]] ParamList parameters_of(nvme::ControllerParams& params);

/// A value for a message: JSON text, cut to a readable length.
[[nodiscard]] std::string shown(const nlohmann::json& value);

/// True for a list of `least` to `most` entries; otherwise there is a problem with `path`. A list
/// that is too long is not looked at: that could take long, and the user would not read it.
[[nodiscard]] bool is_list(const nlohmann::json& value, std::size_t least, std::size_t most,
                           const std::string& path, std::vector<std::string>& problems);

[[nodiscard]] std::vector<std::string_view> names_of(const ParamList& params);
/// Null: there is none of that name.
[[nodiscard]] const Param* find(const ParamList& params, std::string_view name);

/// Sets the parameter `name`. False: there is none of that name. A value that is not allowed
/// becomes a message "<where> = <value>: must be ..." in `problems`, and the parameter keeps its
/// value.
bool set_parameter(const ParamList& params, std::string_view name, const nlohmann::json& value,
                   const std::string& where, std::vector<std::string>& problems);
/// The same with a text, as the command line has it.
bool set_from_text(const ParamList& params, std::string_view name, std::string_view text,
                   const std::string& where, std::vector<std::string>& problems);

/// Reads all members of a JSON object. `path` is the JSON pointer of the object, with the file name
/// in front. `elsewhere` are names of members that somebody else reads.
void read_object(const ParamList& params, const nlohmann::json& object, const std::string& path,
                 const std::vector<std::string_view>& elsewhere,
                 std::vector<std::string>& problems);

/// All parameters with their values.
[[nodiscard]] nlohmann::ordered_json write_object(const ParamList& params);
template <typename Params>
[[nodiscard]] auto write_object(Params params) {
    return write_object(parameters_of(params));
}

/// A table of all parameters for the documentation.
[[nodiscard]] std::string parameter_table(const ParamList& params);

}  // namespace platform
