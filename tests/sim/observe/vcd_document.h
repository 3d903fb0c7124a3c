// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nvme::test {

/// A value change dump as IEEE 1364 describes it, read strictly: anything unexpected is noted in
/// `problems`, so that a test that finds none knows that another reader would get along, too.
struct VcdDocument {
    struct Change {
        std::uint64_t time;
        std::uint64_t value;  ///< kHighZ: nothing drives it
    };
    static constexpr std::uint64_t kHighZ = ~std::uint64_t{0} - 1;
    struct Signal {
        std::string type;  ///< "wire", "event"
        unsigned width = 0;
        std::vector<Change> changes;  ///< for an event: its occurrences

        /// Value at the end of instant `time`.
        [[nodiscard]] std::uint64_t at(std::uint64_t time) const;
        /// First time from `from` on at which the signal takes on `value`; ~0 if never.
        [[nodiscard]] std::uint64_t first(std::uint64_t value, std::uint64_t from = 0) const;
        [[nodiscard]] std::vector<std::uint64_t> times() const;
    };

    explicit VcdDocument(const std::string& path);

    /// By the name with all scopes. A missing one is a problem and reads as a signal without
    /// changes.
    [[nodiscard]] const Signal& operator[](const std::string& name);

    std::string timescale;
    std::map<std::string, Signal> signals;
    std::uint64_t end = 0;  ///< the last time stamp
    std::vector<std::string> problems;

private:
    void read_declarations(std::istream& in);
    void read_changes(std::istream& in);
    void change(const std::string& id, const std::string& bits, bool initial);

    std::map<std::string, std::string> names_;  // identifier code -> name
};

std::string read_file(const std::string& path);

}  // namespace nvme::test
