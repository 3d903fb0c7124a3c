// SPDX-License-Identifier: Apache-2.0
#include "models/observe/binary_format.h"

#include <cassert>

namespace observe::binary {

namespace {

template <typename E>
Shape shape_of() {
    E event{};
    Describe describe;
    E::fields(event, describe);
    assert(describe.fields.size() <= kMostFields);
    return {std::string(E::kName), std::move(describe.fields)};
}

template <typename... E>
std::vector<Shape> shapes_of(EventTypes<E...>) {
    static_assert(sizeof...(E) <= kMostEvents);
    return {shape_of<E>()...};
}

}  // namespace

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all = shapes_of(Events{});
    return all;
}

Order::Order(const Shape& shape) {
    for (const bool first : {true, false})
        for (std::size_t i = 0; i < shape.fields.size(); ++i) {
            const FieldKind kind = shape.fields[i].kind;
            if (selects(kind) != first) continue;
            wide[count] = kind == FieldKind::kWide;
            if (wide[count]) wide_at[wides++] = static_cast<std::uint8_t>(count);
            field[count++] = static_cast<std::uint8_t>(i);
            if (first) ++selecting;
        }
}

}  // namespace observe::binary
