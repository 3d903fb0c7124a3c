// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <type_traits>

namespace util {

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "Structures of the specification are moved with memcpy: a little-endian host is required"
#endif

/// One field of a register: bits [Lsb, Lsb + Width). T is what the field means to a reader.
template <unsigned Lsb, unsigned Width, typename T = std::uint32_t>
struct Bits {
    static_assert(Width >= 1 && Lsb + Width <= 64);
    using value_type = T;
    static constexpr unsigned kLsb = Lsb;
    static constexpr std::uint64_t kMax = Width == 64 ? ~0ull : (1ull << Width) - 1;
    static constexpr std::uint64_t kMask = kMax << Lsb;

    static constexpr T get(std::uint64_t raw) { return static_cast<T>((raw & kMask) >> Lsb); }
    static constexpr std::uint64_t put(std::uint64_t raw, T value) {
        return (raw & ~kMask) | ((static_cast<std::uint64_t>(value) << Lsb) & kMask);
    }
};

/// The bits of all these fields.
template <typename... Fields>
inline constexpr std::uint64_t kMaskOf = (Fields::kMask | ...);

/// True when the fields cover every bit of Raw exactly once. It cannot see two swapped fields: each
/// register therefore also asserts one golden value taken from outside this project.
template <typename Raw, typename... Fields>
constexpr bool tiles() {
    constexpr std::uint64_t all = sizeof(Raw) == 8 ? ~0ull : (1ull << (8 * sizeof(Raw))) - 1;
    std::uint64_t seen = 0;
    bool disjoint = true;
    ((disjoint = disjoint && (seen & Fields::kMask) == 0, seen |= Fields::kMask), ...);
    return disjoint && seen == all;
}

/// A register or a dword of a structure: one integer plus typed access to its fields.
template <typename Self, typename Raw>
struct RegisterOf {
    using raw_type = Raw;
    Raw raw = 0;

    static constexpr Self from(std::uint64_t value) {
        Self self;
        self.raw = static_cast<Raw>(value);
        return self;
    }
    template <typename Field>
    [[nodiscard]] constexpr typename Field::value_type get() const {
        return Field::get(raw);
    }
    template <typename Field>
    constexpr void set(typename Field::value_type value) {
        raw = static_cast<Raw>(Field::put(raw, value));
    }
    template <typename Field>
    [[nodiscard]] constexpr Self with(typename Field::value_type value) const {
        Self copy = static_cast<const Self&>(*this);
        copy.template set<Field>(value);
        return copy;
    }
};

}  // namespace util
