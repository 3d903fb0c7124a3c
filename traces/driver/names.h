// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

/// What the specification calls what a driver asks for, with the number; the number alone, where
/// there is no name.
namespace driver {

[[nodiscard]] std::string feature_name(std::uint8_t fid);
[[nodiscard]] std::string log_name(std::uint8_t lid);
[[nodiscard]] std::string identify_name(std::uint8_t cns);
[[nodiscard]] std::string property_name(std::uint32_t offset);
/// Of Dword 0 of the completion of an Asynchronous Event Request.
[[nodiscard]] std::string event_name(std::uint32_t dw0);

}  // namespace driver
