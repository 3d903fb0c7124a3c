// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/util/params.h"

namespace platform {

/// What there is to know about the type of a parameter.
struct ParamType {
    enum class Kind : std::uint8_t { kBool, kInteger, kName, kText, kBytes };
    /// A truth value, an integer, or the index of a name; none where null is allowed.
    using Word = std::optional<std::uint64_t>;

    Kind kind;
    bool optional = false;                    ///< null is allowed
    std::uint64_t max = 0;                    ///< of kInteger
    const std::string_view* names = nullptr;  ///< of kName, that of value 0 first
    std::size_t name_count = 0;
    Word (*get)(const void* field) = nullptr;  ///< not for texts and bytes
    void (*set)(void* field, Word value) = nullptr;
};

template <typename T>
constexpr ParamType make_param_type() {
    using Kind = ParamType::Kind;
    using Word = ParamType::Word;
    if constexpr (std::is_same_v<T, std::string>) {
        return {Kind::kText};
    } else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
        return {Kind::kBytes};
    } else if constexpr (util::OptionalParam<T>::value) {
        using Value = typename util::OptionalParam<T>::Value;
        ParamType type = make_param_type<Value>();
        type.optional = true;
        type.get = [](const void* field) {
            const T& value = *static_cast<const T*>(field);
            return value ? Word{static_cast<std::uint64_t>(*value)} : Word{};
        };
        type.set = [](void* field, Word value) {
            *static_cast<T*>(field) = value ? T{static_cast<Value>(*value)} : T{};
        };
        return type;
    } else {
        ParamType type{std::is_same_v<T, bool> ? Kind::kBool
                       : std::is_enum_v<T>     ? Kind::kName
                                               : Kind::kInteger};
        if constexpr (std::is_enum_v<T>) {
            type.names = util::EnumNames<T>::names.data();
            type.name_count = util::EnumNames<T>::names.size();
        } else {
            static_assert(std::is_unsigned_v<T>);
            type.max = std::numeric_limits<T>::max();
        }
        type.get = [](const void* field) {
            return Word{static_cast<std::uint64_t>(*static_cast<const T*>(field))};
        };
        type.set = [](void* field, Word value) {
            *static_cast<T*>(field) = static_cast<T>(*value);
        };
        return type;
    }
}
template <typename T>
inline constexpr ParamType kParamType = make_param_type<T>();

/// Smallest and largest value of an integer parameter: its own range within that of its type.
struct IntegerRange {
    std::uint64_t min = 0;
    std::uint64_t max = 0;
};

/// One parameter of a struct and its text forms, whatever its type is. Everything that reads,
/// writes or documents parameters goes through it, so that JSON, the command line and the
/// documentation cannot disagree. The struct must outlive it.
class Param {
public:
    template <typename T>
    Param(const util::ParamInfo& i, T& field) : info(i), type(&kParamType<T>), field_(&field) {}

    util::ParamInfo info;
    const ParamType* type;

    [[nodiscard]] IntegerRange range() const;
    /// Stores `value` and returns an empty text, or leaves the field alone and returns what is
    /// allowed: a phrase that continues "mdts = 99: ". A text is accepted for every type, because
    /// that is all a command line has: "64k", "0x1414" and "true" are good.
    [[nodiscard]] std::string assign(const nlohmann::json& value) const;
    [[nodiscard]] nlohmann::ordered_json value() const;
    /// As JSON text.
    [[nodiscard]] std::string text() const;
    /// What may be written: "0 to 10", "true or false", "none or fixed", "text", ....
    [[nodiscard]] std::string allowed() const;

private:
    void* field_;
};

}  // namespace platform
