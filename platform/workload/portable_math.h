// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace platform {

// The functions of libm differ in their last bit between machines, which would make other requests
// of the same job. These use only operations that IEEE 754 defines to the last bit.

/// Natural logarithm. x is positive and finite.
[[nodiscard]] double portable_log(double x);
/// e to the power of x, for results that a double can hold; otherwise 0 or the largest double.
[[nodiscard]] double portable_exp(double x);
/// base to the power of exponent; base is not negative. 0 to any power is 0.
[[nodiscard]] double portable_pow(double base, double exponent);

}  // namespace platform
