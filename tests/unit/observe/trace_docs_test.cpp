// SPDX-License-Identifier: Apache-2.0
// docs/traces.md has a row for each event, with its keys in their order.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/observe/trace.h"

namespace observe {
namespace {

/// Visitor: the keys of an event, whatever their form.
class Keys {
public:
    std::vector<std::string> names;

    template <typename... T>
    void dec(std::string_view key, T&&...) {
        names.emplace_back(key);
    }
    template <typename... T>
    void hex(std::string_view key, T&&...) {
        names.emplace_back(key);
    }
    template <typename... T>
    void hex_or_none(std::string_view key, T&&...) {
        names.emplace_back(key);
    }
    void id_or_none(std::string_view key, std::uint32_t) { names.emplace_back(key); }
    template <typename... T>
    void word(std::string_view key, T&&...) {
        names.emplace_back(key);
    }
    void either(std::string_view key, bool, std::string_view, std::string_view) {
        names.emplace_back(key);
    }
    void token(std::string_view key, std::string_view) { names.emplace_back(key); }
    void text(std::string_view key, std::string_view) { names.emplace_back(key); }
    template <typename... T>
    void note_dec(std::string_view key, T&&...) {
        names.emplace_back(key);
    }
    template <typename... T>
    void note_hex(std::string_view key, T&&...) {
        names.emplace_back(key);
    }
    void note_token(std::string_view key, std::string_view) { names.emplace_back(key); }
    void note_text(std::string_view key, std::string_view) { names.emplace_back(key); }
};

/// The second column of the row of an event; empty: there is no such row.
std::string keys_in(const std::string& document, std::string_view event) {
    const std::string row = "\n| `" + std::string(event) + "` | ";
    const std::size_t begin = document.find(row);
    if (begin == document.npos) return {};
    const std::size_t column = begin + row.size();
    return document.substr(column, document.find(" | ", column) - column);
}

template <typename E>
void expect_row(const std::string& document) {
    E event{};
    if constexpr (std::is_same_v<E, CommandFetched>) event.sqid = 1;  // with all its keys
    Keys keys;
    E::fields(event, keys);
    const std::string column = keys_in(document, E::kName);
    EXPECT_NE(column, "") << E::kName << " has no row";
    std::size_t at = 0;
    for (const std::string& key : keys.names) {
        at = column.find("`" + key + "`", at);
        ASSERT_NE(at, column.npos) << E::kName << ": " << key << " is missing, or out of order";
    }
}

template <typename... E>
void expect_rows(EventTypes<E...>, const std::string& document) {
    (expect_row<E>(document), ...);
}

TEST(TraceDocs, HaveARowForEachEventWithItsKeysInOrder) {
    std::ostringstream text;
    text << std::ifstream(NVME_TLM_SOURCE_DIR "/docs/traces.md").rdbuf();
    expect_rows(Events{}, text.str());
}

}  // namespace
}  // namespace observe
