// SPDX-License-Identifier: Apache-2.0
#include "platform/config/config_schema.h"

#include "platform/config/param_visitors.h"
#include "platform/config/program_config.h"

namespace platform {

namespace {

using Json = nlohmann::ordered_json;

Json integer_schema(IntegerRange range) {
    // A text may have a unit or be hexadecimal; what it stands for is checked by the program.
    return {{"anyOf",
             Json::array({{{"type", "integer"}, {"minimum", range.min}, {"maximum", range.max}},
                          {{"type", "string"}, {"pattern", "^[0-9]"}}})}};
}

template <typename T>
Json value_schema(const util::ParamInfo& info) {
    if constexpr (std::is_same_v<T, bool>) {
        return {{"enum", {true, false, "true", "false"}}};
    } else if constexpr (std::is_same_v<T, std::string>) {
        return {{"type", "string"}};
    } else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
        return {{"type", "string"}, {"pattern", "^([0-9A-Fa-f]{2} *)*$"}};
    } else if constexpr (std::is_enum_v<T>) {
        Json names = Json::array();
        for (const std::string_view name : util::EnumNames<T>::names) names.push_back(name);
        return {{"enum", names}};
    } else if constexpr (util::OptionalParam<T>::value) {
        using Value = typename util::OptionalParam<T>::Value;
        Json schema = value_schema<Value>(info);
        if constexpr (std::is_same_v<Value, bool>)
            schema["enum"].push_back(nullptr);
        else
            schema["anyOf"].push_back({{"type", "null"}});
        return schema;
    } else {
        return integer_schema(range_of<T>(info));
    }
}

/// An object with all members of a struct of parameters, and `more` of its own.
template <typename Params>
Json object_schema(Json more = Json::object(), const Params& defaults = {}) {
    Json properties = Json::object();
    visit(defaults, [&](const util::ParamInfo& info, const auto& field) {
        Json schema = value_schema<std::decay_t<decltype(field)>>(info);
        schema["description"] =
            std::string{info.doc} + (info.unit.empty() ? "" : " [" + std::string{info.unit} + "]");
        schema["default"] = to_json_value(field);
        properties[std::string{info.name}] = std::move(schema);
    });
    properties.update(more);
    return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

Json list_of(Json item) {
    return {{"type", "array"}, {"items", std::move(item)}};
}

}  // namespace

Json config_schema() {
    const Json ns{{"$ref", "#/$defs/namespace"}};
    Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                {"title", "Configuration of nvme-vp"}};
    const Json controller{{"$ref", "#/$defs/controller"}};
    const Json faults = list_of(Json{{"$ref", "#/$defs/fault"}});
    const Json events = list_of(Json{{"$ref", "#/$defs/event"}});
    const Json subsystem = object_schema<SubsystemSpec>(
        {{"namespaces", list_of(ns)},
         {"controller", controller},
         {"controllers", list_of(object_schema<ControllerSpec>({{"faults", faults}}))},
         {"events", events}});
    schema.update(object_schema<RunOptions>({{"namespaces", list_of(ns)},
                                             {"controller", controller},
                                             {"events", events},
                                             {"faults", faults},
                                             {"subsystems", list_of(subsystem)}}));
    schema["$defs"]["controller"] = object_schema(Json::object(), default_controller());
    schema["$defs"]["event"] = object_schema<TimelineEvent>({{"namespace", ns}});
    schema["$defs"]["fault"] = object_schema<faults::Rule>();
    schema["$defs"]["namespace"] = {
        {"anyOf", Json::array({{{"type", "string"}, {"pattern", "^(ram|file):"}},
                               object_schema<NamespaceSpec>()})}};
    return schema;
}

}  // namespace platform
