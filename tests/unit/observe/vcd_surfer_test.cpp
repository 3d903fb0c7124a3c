// SPDX-License-Identifier: Apache-2.0
// Surfer itself cannot be had as a package: its files are held against what its manual says of them
// (docs.surfer-project.org/book, "Commands" and "Mapping Translators", 2026) and against how its
// source takes a line apart (libsurfer: command_parser.rs, fzcmd.rs, batch_commands.rs,
// mapping_translators.rs).
#include <cctype>
#include <map>
#include <set>
#include <sstream>

#include "models/observe/vcd/vcd_trace.h"
#include "models/observe/vcd/vcd_views.h"
#include "tests/unit/observe/vcd_fixture.h"

namespace observe {
namespace {

/// What may follow a command.
enum class Argument { kNone, kWord, kRest, kSignal, kColour, kFormat, kAnalog, kTime, kTwoTimes };

const std::map<std::string, Argument>& commands() {
    static const std::map<std::string, Argument> all{
        {"variable_add", Argument::kSignal},    {"divider_add", Argument::kWord},
        {"item_focus", Argument::kWord},        {"item_unfocus", Argument::kNone},
        {"item_rename", Argument::kRest},       {"item_set_color", Argument::kColour},
        {"item_set_format", Argument::kFormat}, {"item_set_analog", Argument::kAnalog},
        {"zoom_fit", Argument::kNone},          {"zoom_to", Argument::kTwoTimes},
        {"cursor_set", Argument::kTime},
    };
    return all;
}

bool is_word(const std::string& text) {
    for (const unsigned char c : text)
        if (std::isalnum(c) == 0 && c != '_') return false;
    return !text.empty();
}
bool is_time(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

class Surfer : public VcdTest {
protected:
    [[nodiscard]] bool fits(Argument kind, const std::string& argument) const {
        // The colours of default_theme.toml, the names of basic and numeric translators.
        static const std::set<std::string> kColours{"Green", "Red",  "Yellow", "Blue",
                                                    "Pink",  "Gray", "Orange", "Violet"};
        static const std::set<std::string> kAnalog{"off", "step", "interpolated"};
        const std::size_t blank = argument.find(' ');
        switch (kind) {
            case Argument::kNone:
                return argument.empty();
            case Argument::kWord:
                return is_word(argument);
            case Argument::kRest:
                return !argument.empty();
            case Argument::kSignal:
                return declared_.count(argument) == 1;
            case Argument::kColour:
                return kColours.count(argument) == 1;
            case Argument::kFormat:
                return formats_.count(argument) == 1;
            case Argument::kAnalog:
                return kAnalog.count(argument) == 1;
            case Argument::kTime:
                return is_time(argument);
            case Argument::kTwoTimes:
                return blank != argument.npos && is_time(argument.substr(0, blank)) &&
                       is_time(argument.substr(blank + 1));
        }
        return false;
    }
    /// Every line is a comment or a command with what it wants. How often each was there.
    std::map<std::string, unsigned> check(const std::string& text) {
        std::map<std::string, unsigned> counts;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (line.rfind('#', 0) == 0) continue;
            EXPECT_EQ(line.find_first_of("#;"), line.npos) << "ends the command: " << line;
            const std::string command = line.substr(0, line.find(' '));
            const auto known = commands().find(command);
            EXPECT_NE(known, commands().end()) << line;
            if (known == commands().end()) continue;
            ++counts[command];
            const bool alone = command.size() == line.size();
            EXPECT_TRUE(fits(known->second, alone ? "" : line.substr(command.size() + 1))) << line;
        }
        return counts;
    }
    void declare(const VcdWriter& writer) {
        for (const VcdDeclaration& d : writer.declarations()) declared_.insert(d.name);
        formats_ = {"Binary", "Unsigned", "Hexadecimal"};
        for (const VcdFilter& filter : vcd_filters()) formats_.insert("nvme_" + filter.name);
    }

private:
    std::set<std::string> declared_, formats_;
};

TEST_F(Surfer, CommandsAreThoseOfItsManual) {
    VcdWriter writer(path);
    VcdOptions options;
    options.channels = 2;
    options.dies = 4;
    VcdTrace trace(writer, options);
    trace.record(CommandFetched{util::from_us(700), 1, {}});
    writer.advance(util::from_us(2000));
    declare(writer);
    auto counts = check(surfer_command_file(view_of(writer)));
    EXPECT_GT(counts["variable_add"], 200u);
    EXPECT_EQ(counts["item_rename"], counts["variable_add"]);
    EXPECT_GT(counts["item_set_analog"], 5u);
    EXPECT_EQ(counts["item_focus"], 1u) << "what is added later takes the focus along";
    EXPECT_EQ(counts["zoom_to"], 1u);
}

TEST_F(Surfer, FocusesTheFirstItemBeforeItSaysHowOneLooks) {
    VcdWriter writer(path);
    const VcdTrace trace(writer);
    const std::string text = surfer_command_file(view_of(writer));
    EXPECT_LT(text.find("item_focus a\n"), text.find("item_set_color"));
    EXPECT_LT(text.find("divider_add controller\n"), text.find("item_focus a\n"));
}

TEST_F(Surfer, OfAnEmptySelectionShowsTheRun) {
    VcdWriter writer(path);
    declare(writer);
    EXPECT_EQ(check(surfer_command_file(view_of(writer))).size(), 1u);
}

// A value that does not fit into the width, or a second specifier, makes Surfer refuse the file.
TEST(SurferMapping, HasANameAWidthAndValuesThatFit) {
    for (const VcdFilter& filter : vcd_filters()) {
        std::istringstream lines(surfer_mapping(filter));
        std::string line;
        ASSERT_TRUE(std::getline(lines, line));
        EXPECT_EQ(line, "Name = nvme_" + filter.name);
        ASSERT_TRUE(std::getline(lines, line));
        EXPECT_EQ(line, "Bits = " + std::to_string(filter.bits));
        unsigned long last = 0;
        for (bool first = true; std::getline(lines, line); first = false) {
            std::size_t end = 0;
            const unsigned long value = std::stoul(line, &end);
            EXPECT_LT(value, 1ul << filter.bits) << line;
            EXPECT_TRUE(first || value > last) << line;
            ASSERT_GT(line.size(), end + 1) << "no name";
            EXPECT_EQ(line[end], ' ');
            last = value;
        }
    }
}

}  // namespace
}  // namespace observe
