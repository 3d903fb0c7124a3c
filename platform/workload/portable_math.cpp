// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/portable_math.h"

#include <cmath>
#include <limits>

namespace platform {

namespace {

constexpr double kLn2 = 0.693147180559945309417;
constexpr double kSqrtHalf = 0.707106781186547524401;

}  // namespace

double portable_log(double x) {
    // x = m * 2^e with m near 1; ln m = 2 artanh((m - 1) / (m + 1)), whose series converges fast.
    int exponent = 0;
    double m = std::frexp(x, &exponent);
    if (m < kSqrtHalf) {
        m *= 2;
        --exponent;
    }
    const double t = (m - 1) / (m + 1);
    const double square = t * t;
    double sum = 0;
    for (int k = 23; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
    return 2 * t * sum + exponent * kLn2;
}

double portable_exp(double x) {
    if (x < -745) return 0;
    if (x > 709) return std::numeric_limits<double>::max();
    // e^x = 2^n * e^r with r at most ln(2) / 2.
    const double n = std::floor(x / kLn2 + 0.5);
    const double r = x - n * kLn2;
    double sum = 1;
    for (int k = 17; k >= 1; --k) sum = 1 + sum * r / k;
    return std::ldexp(sum, static_cast<int>(n));
}

double portable_pow(double base, double exponent) {
    return base <= 0 ? 0 : portable_exp(exponent * portable_log(base));
}

}  // namespace platform
