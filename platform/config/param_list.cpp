// SPDX-License-Identifier: Apache-2.0
#include "platform/config/param_list.h"

#include <nlohmann/json.hpp>

#include "models/faults/rule.h"
#include "models/nvme/params/params.h"
#include "platform/config/nearest_name.h"

namespace platform {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

template <typename Params>
ParamList visited(Params& params) {
    ParamList list;
    Params::visit(params, [&](const util::ParamInfo& info, auto& field) {
        list.push_back({info, field});
    });
    return list;
}

}  // namespace

ParamList parameters_of(faults::Rule& rule) {
    return visited(rule);
}

ParamList parameters_of(nvme::ControllerParams& params) {
    return visited(params);
}

std::string shown(const json& value) {
    constexpr std::size_t kLongest = 60;
    // Text that is not UTF-8 cannot be JSON; a message must be possible all the same.
    std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
    if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
    return text;
}

bool is_list(const json& value, std::size_t least, std::size_t most, const std::string& path,
             Problems& problems) {
    if (value.is_array() && value.size() > most) {
        problems.push_back(path + ": has " + std::to_string(value.size()) +
                           " entries, must be at most " + std::to_string(most));
        return false;
    }
    if (value.is_array() && value.size() >= least) return true;
    problems.push_back(path + " = " + shown(value) + ": must be a list in brackets" +
                       (least == 0 ? "" : ", of at least one"));
    return false;
}

std::vector<std::string_view> names_of(const ParamList& params) {
    std::vector<std::string_view> names;
    for (const Param& param : params) names.push_back(param.info.name);
    return names;
}

const Param* find(const ParamList& params, std::string_view name) {
    for (const Param& param : params)
        if (param.info.name == name) return &param;
    return nullptr;
}

bool set_parameter(const ParamList& params, std::string_view name, const json& value,
                   const std::string& where, Problems& problems) {
    const Param* const param = find(params, name);
    if (param == nullptr) return false;
    if (const std::string wrong = param->assign(value); !wrong.empty())
        problems.push_back(where + " = " + shown(value) + ": " + wrong);
    return true;
}

bool set_from_text(const ParamList& params, std::string_view name, std::string_view text,
                   const std::string& where, Problems& problems) {
    return set_parameter(params, name, std::string{text}, where, problems);
}

void read_object(const ParamList& params, const json& object, const std::string& path,
                 const std::vector<std::string_view>& elsewhere, Problems& problems) {
    if (!object.is_object()) {
        problems.push_back(path + " = " + shown(object) + ": must be an object in braces");
        return;
    }
    std::vector<std::string_view> names = names_of(params);
    names.insert(names.end(), elsewhere.begin(), elsewhere.end());
    for (const auto& [key, value] : object.items()) {
        std::string where = path;
        where.append("/").append(key);
        bool known = set_parameter(params, key, value, where, problems);
        for (const std::string_view name : elsewhere) known = known || key == name;
        if (!known) problems.push_back(where + ": no such key" + suggestion(key, names));
    }
}

nlohmann::ordered_json write_object(const ParamList& params) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const Param& param : params) object[std::string{param.info.name}] = param.value();
    return object;
}

std::string parameter_table(const ParamList& params) {
    std::string table = "| Key | Default | Allowed | Unit | Meaning |\n|---|---|---|---|---|\n";
    for (const Param& param : params)
        table += "| `" + std::string{param.info.name} + "` | `" + param.text() + "` | " +
                 param.allowed() + " | " + std::string{param.info.unit} + " | " +
                 std::string{param.info.doc} + " |\n";
    return table;
}

}  // namespace platform
