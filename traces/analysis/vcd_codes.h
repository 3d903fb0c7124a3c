// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace analysis {

/// Which signals have an identifier code of a VCD file: most have one of up to three characters,
/// and are found in a table. One code may be of several signals.
class VcdCodes {
public:
    void add(std::string_view code, std::uint32_t signal) {
        const auto entry = static_cast<std::uint32_t>(entries_.size()) + 1;
        std::uint32_t& first = is_short(code) ? place(number_of(code)) : long_[std::string(code)];
        entries_.push_back({signal, first});
        first = entry;
    }
    template <typename Visit>
    void visit(std::string_view code, Visit visit) const {
        for (std::uint32_t entry = first_of(code); entry != 0; entry = entries_[entry - 1].next)
            visit(entries_[entry - 1].signal);
    }

private:
    static constexpr std::size_t kShort = 3;
    struct Entry {
        std::uint32_t signal;
        std::uint32_t next;  // of the same code, from 1; 0: there is none
    };

    static bool is_short(std::string_view code) { return code.size() <= kShort; }
    /// Different for different codes of up to kShort printable characters.
    static std::size_t number_of(std::string_view code) {
        std::size_t number = 0;
        for (const char c : code) number = number << 7 | (static_cast<unsigned char>(c) & 0x7fu);
        return number;
    }
    std::uint32_t& place(std::size_t number) {
        if (number >= short_.size()) short_.resize(number + 1);
        return short_[number];
    }
    [[nodiscard]] std::uint32_t first_of(std::string_view code) const {
        if (is_short(code)) {
            const std::size_t number = number_of(code);
            return number < short_.size() ? short_[number] : 0;
        }
        const auto found = long_.find(std::string(code));
        return found == long_.end() ? 0 : found->second;
    }

    std::vector<Entry> entries_;
    std::vector<std::uint32_t> short_;  // by number_of(): the first entry, from 1
    std::unordered_map<std::string, std::uint32_t> long_;
};

}  // namespace analysis
