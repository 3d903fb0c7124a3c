// SPDX-License-Identifier: Apache-2.0
// Makes a page of the report on standard input, as nvme-trace does of its own: for the page's
// tests.
#include <iostream>
#include <iterator>
#include <string>

#include "traces/page/trace_page.h"

int main() {
    std::ios::sync_with_stdio(false);
    const std::string report{std::istreambuf_iterator<char>(std::cin), {}};
    std::cout << traces::trace_page(report) << std::flush;
    return std::cout ? 0 : 1;
}
