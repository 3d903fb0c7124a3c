// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace observe {

/// Which signals a waveform has: patterns separated by commas, such as "queues.1.*,link". A pattern
/// is of parts, separated by dots, that are compared with the parts of a signal's name from the
/// first one on; so "link" selects all of the scope link. In a part, * stands for any characters,
/// and a number N for any name that ends in it ("queues.1" is queues.io1). A name is compared with
/// and without the scope of its controller. No pattern selects everything.
class VcdSelection {
public:
    explicit VcdSelection(std::string_view patterns = {});

    [[nodiscard]] bool has(std::string_view scope, std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& patterns() const { return patterns_; }
    [[nodiscard]] static bool matches(std::string_view pattern, std::string_view name);

private:
    std::vector<std::string> patterns_;
};

}  // namespace observe
