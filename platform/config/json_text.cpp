// SPDX-License-Identifier: Apache-2.0
#include "platform/config/json_text.h"

#include <set>

#include <nlohmann/json.hpp>

#include "platform/workload/units.h"

namespace platform {

namespace {

using nlohmann::json;

/// Looks at everything once, and knows where it is.
class Checker final : public nlohmann::json_sax<json> {
public:
    Checker(const std::string& name, std::vector<std::string>& problems)
        : name_(name), problems_(problems) {}

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(true); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(false); }
    bool end_array() override { return close(); }
    bool key(string_t& text) override {
        Level& level = levels_.back();
        level.key = text;
        if (!level.keys.insert(text).second)
            problems_.push_back(place() + ": the key stands twice in one object");
        return true;
    }
    bool parse_error(std::size_t, const std::string& last_token,
                     const nlohmann::detail::exception& error) override {
        if (dynamic_cast<const json::out_of_range*>(&error) != nullptr) {
            problems_.push_back(place() + " = " + printable(last_token) +
                                ": is too large for a number");
            return false;
        }
        const std::string_view what = error.what();  // "[json.exception...] parse error at line "
        const std::size_t end_of_id = what.find("] ");
        problems_.push_back(name_ + ": " +
                            std::string{what.substr(end_of_id == what.npos ? 0 : end_of_id + 2)});
        return false;
    }

private:
    struct Level {
        bool object;
        std::set<std::string> keys{};
        std::string key{};      // of an object
        std::size_t index = 0;  // of a list
    };

    bool value() {
        if (!levels_.empty()) ++levels_.back().index;
        return true;
    }
    bool open(bool object) {
        if (levels_.size() == kDeepestJson) {
            problems_.push_back(place() + ": must be at most " + std::to_string(kDeepestJson) +
                                " objects and lists deep");
            return false;
        }
        levels_.push_back({object});
        return true;
    }
    bool close() {
        levels_.pop_back();
        return value();
    }
    [[nodiscard]] std::string place() const {
        std::string text = name_ + ": ";
        for (const Level& level : levels_) {
            text += '/';
            text += level.object ? level.key : std::to_string(level.index);
        }
        return text;
    }

    const std::string& name_;
    std::vector<std::string>& problems_;
    std::vector<Level> levels_;
};

}  // namespace

std::optional<json> parse_json(std::string_view text, const std::string& name,
                               std::vector<std::string>& problems) {
    const std::size_t before = problems.size();
    Checker checker(name, problems);
    (void)json::sax_parse(text, &checker, json::input_format_t::json, true, true);
    if (problems.size() != before) return std::nullopt;
    // Without a callback: the library's time would grow with the square of a list's length.
    return json::parse(text, nullptr, true, true);
}

}  // namespace platform
