// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/bits.h"

/// Where in a command a field stands. Nobody writes such a place down: the type of the dword knows
/// which dword of the command it is, and the type of the field which bits of it.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// Parameter Error Location as the Error Information log has it: byte and bit of the command
/// parameter that an error is associated with, the first ones of a parameter that spans several.
/// [NVMe-Base-2.0 5.16.1.2 Error Information]
struct ParameterErrorLocation : RegisterOf<ParameterErrorLocation, std::uint16_t> {
    using Byte = Bits<0, 8>;  ///< 0 to 63.
    using Bit = Bits<8, 3>;
    using Rsvd11 = Bits<11, 5>;
};
static_assert(tiles<std::uint16_t, ParameterErrorLocation::Byte, ParameterErrorLocation::Bit,
                    ParameterErrorLocation::Rsvd11>());

/// The place of a field in a command, or none. Only CommandDword and CommandField make one.
class Location {
public:
    /// None: the error is in no field of the command, but in the data that it points to, in the
    /// state of the controller, on the media.
    constexpr Location() = default;

    /// See ParameterErrorLocation; FFFFh for none.
    [[nodiscard]] constexpr std::uint16_t raw() const { return raw_; }

private:
    template <typename Self, unsigned Dword>
    friend struct CommandDword;
    template <unsigned Dword, unsigned Count>
    friend struct CommandField;

    /// `bit` counts from the first of the command.
    static constexpr Location of_bit(unsigned bit) {
        using P = ParameterErrorLocation;
        Location place;
        place.raw_ = P{}.with<P::Byte>(bit / 8).with<P::Bit>(bit % 8).raw;
        return place;
    }
    std::uint16_t raw_ = 0xffff;
};

/// A register that is one dword of a command; Dword 0 is Command Dword 0.
template <typename Self, unsigned Dword>
struct CommandDword : RegisterOf<Self, std::uint32_t> {
    static_assert(Dword < 16);
    /// The place of one of its fields in the command.
    template <typename Field>
    static constexpr Location at() {
        static_assert(Field::kMask <= 0xFFFF'FFFF, "the field is not one of a dword");
        return Location::of_bit(32 * Dword + Field::kLsb);
    }
};

/// A field that takes whole dwords of a command, from `Dword` on.
template <unsigned Dword, unsigned Count = 1>
struct CommandField {
    static_assert(Dword + Count <= 16);
    static constexpr unsigned kFirstByte = 4 * Dword;
    static constexpr Location at() { return Location::of_bit(32 * Dword); }
};

}  // namespace nvme::spec
