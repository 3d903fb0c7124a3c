// SPDX-License-Identifier: Apache-2.0
#include "platform/config/config_schema.h"

#include <nlohmann/json.hpp>

#include "platform/config/param_list.h"
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

Json value_schema(const Param& param) {
    const ParamType& type = *param.type;
    Json schema;
    switch (type.kind) {
        case ParamType::Kind::kText:
            return {{"type", "string"}};
        case ParamType::Kind::kBytes:
            return {{"type", "string"}, {"pattern", "^([0-9A-Fa-f]{2} *)*$"}};
        case ParamType::Kind::kInteger:
            schema = integer_schema(param.range());
            if (type.optional) schema["anyOf"].push_back({{"type", "null"}});
            return schema;
        case ParamType::Kind::kBool:
            schema["enum"] = {true, false, "true", "false"};
            break;
        case ParamType::Kind::kName:
            for (std::size_t i = 0; i < type.name_count; ++i)
                schema["enum"].push_back(type.names[i]);
            break;
    }
    if (type.optional) schema["enum"].push_back(nullptr);
    return schema;
}

/// An object with all of the parameters, and `more` of its own.
Json object_schema(const ParamList& params, const Json& more = Json::object()) {
    Json properties = Json::object();
    for (const Param& param : params) {
        Json schema = value_schema(param);
        std::string doc{param.info.doc};
        if (!param.info.unit.empty()) doc.append(" [").append(param.info.unit).append("]");
        schema["description"] = doc;
        schema["default"] = param.value();
        properties[std::string{param.info.name}] = std::move(schema);
    }
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
    const Json fault_list = list_of(Json{{"$ref", "#/$defs/fault"}});
    const Json events = list_of(Json{{"$ref", "#/$defs/event"}});
    ControllerSpec spec;
    const Json subsystem = object_schema(
        {}, {{"namespaces", list_of(ns)},
             {"controller", controller},
             {"controllers", list_of(object_schema(parameters_of(spec), {{"faults", fault_list}}))},
             {"events", events}});
    RunOptions run;
    schema.update(object_schema(parameters_of(run), {{"namespaces", list_of(ns)},
                                                     {"controller", controller},
                                                     {"events", events},
                                                     {"faults", fault_list},
                                                     {"subsystems", list_of(subsystem)}}));
    TimelineEvent event;
    faults::Rule rule;
    NamespaceSpec ns_spec;
    schema["$defs"]["controller"] = object_schema(parameters_of(spec.params));
    schema["$defs"]["event"] = object_schema(parameters_of(event), {{"namespace", ns}});
    schema["$defs"]["fault"] = object_schema(parameters_of(rule));
    schema["$defs"]["namespace"] = {
        {"anyOf", Json::array({{{"type", "string"}, {"pattern", "^(ram|file):"}},
                               object_schema(parameters_of(ns_spec))})}};
    return schema;
}

}  // namespace platform
