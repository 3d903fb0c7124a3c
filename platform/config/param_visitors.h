// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/util/params.h"
#include "platform/config/nearest_name.h"
#include "platform/config/param_values.h"

namespace platform {

/// A value for a message: JSON text, cut to a readable length.
[[nodiscard]] std::string shown(const nlohmann::json& value);

/// True for a list of `least` to `most` entries; otherwise there is a problem with `path`. A list
/// that is too long is not looked at: that could take long, and the user would not read it.
[[nodiscard]] bool is_list(const nlohmann::json& value, std::size_t least, std::size_t most,
                           const std::string& path, std::vector<std::string>& problems);

/// Names of all parameters of a struct that has a visit().
template <typename Params>
[[nodiscard]] std::vector<std::string_view> parameter_names() {
    const Params params;
    std::vector<std::string_view> names;
    visit(params, [&](const util::ParamInfo& info, const auto&) { names.push_back(info.name); });
    return names;
}

/// Sets the parameter `name`. False: there is none of that name. A value that is not allowed
/// becomes a message "<where> = <value>: must be ..." in `problems`, and the parameter keeps its
/// value.
template <typename Params>
bool set_parameter(Params& params, std::string_view name, const nlohmann::json& value,
                   const std::string& where, std::vector<std::string>& problems) {
    bool known = false;
    visit(params, [&](const util::ParamInfo& info, auto& field) {
        if (info.name != name) return;
        known = true;
        if (const std::string wrong = assign(info, value, field); !wrong.empty())
            problems.push_back(where + " = " + shown(value) + ": " + wrong);
    });
    return known;
}

/// Reads all members of a JSON object. `path` is the JSON pointer of the object, with the file name
/// in front. `elsewhere` are names of members that somebody else reads.
template <typename Params>
void read_object(Params& params, const nlohmann::json& object, const std::string& path,
                 const std::vector<std::string_view>& elsewhere,
                 std::vector<std::string>& problems) {
    if (!object.is_object()) {
        problems.push_back(path + " = " + shown(object) + ": must be an object in braces");
        return;
    }
    std::vector<std::string_view> names = parameter_names<Params>();
    names.insert(names.end(), elsewhere.begin(), elsewhere.end());
    for (const auto& [key, value] : object.items()) {
        std::string where = path;
        where.append("/").append(key);
        bool known = set_parameter(params, key, value, where, problems);
        for (const std::string_view name : elsewhere) known = known || key == name;
        if (!known) problems.push_back(where + ": no such key" + suggestion(key, names));
    }
}

/// All parameters with their values, in the order of visit().
template <typename Params>
[[nodiscard]] nlohmann::ordered_json write_object(const Params& params) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    visit(params, [&](const util::ParamInfo& info, const auto& field) {
        object[std::string{info.name}] = to_json_value(field);
    });
    return object;
}

/// A table of all parameters for the documentation.
template <typename Params>
[[nodiscard]] std::string parameter_table(const Params& params = {}) {
    std::string table = "| Key | Default | Allowed | Unit | Meaning |\n|---|---|---|---|---|\n";
    visit(params, [&](const util::ParamInfo& info, const auto& field) {
        using Field = std::decay_t<decltype(field)>;
        table += "| `" + std::string{info.name} + "` | `" + to_json_value(field).dump() + "` | " +
                 allowed_values<Field>(info) + " | " + std::string{info.unit} + " | " +
                 std::string{info.doc} + " |\n";
    });
    return table;
}

}  // namespace platform
