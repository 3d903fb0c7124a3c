// SPDX-License-Identifier: Apache-2.0
// The forms in which the report of a driver is written.
#include "traces/driver/report_forms.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/traces/driver_trace.h"
#include "traces/driver/driver_profile.h"
#include "traces/driver/report_cells.h"

namespace driver {
namespace {

/// Reads XML as far as the report uses it. Problems are its answer; empty: it is well-formed.
class XmlCheck {
public:
    explicit XmlCheck(const std::string& text) : text_(text) {}

    std::string check() {
        while (problem_.empty() && at_ < text_.size()) {
            const std::size_t tag = text_.find('<', at_);
            check_text(text_.substr(at_, tag - at_));
            if (tag == std::string::npos) break;
            const std::size_t end = text_.find('>', tag);
            if (end == std::string::npos) return "a tag without an end";
            take_tag(text_.substr(tag + 1, end - tag - 1));
            at_ = end + 1;
        }
        return problem_.empty() && !open_.empty() ? open_.back() + " is not closed" : problem_;
    }
    [[nodiscard]] std::size_t count(const std::string& name) const {
        return static_cast<std::size_t>(std::count(seen_.begin(), seen_.end(), name));
    }

private:
    void check_text(const std::string& text) {
        for (std::size_t i = text.find('&'); i != std::string::npos; i = text.find('&', i + 1)) {
            const std::string name = text.substr(i + 1, text.find(';', i) - i - 1);
            if (name != "lt" && name != "gt" && name != "amp" && name != "quot")
                problem_ = "&" + name;
        }
    }
    void take_tag(std::string tag) {
        if (tag.front() == '?') return;
        if (tag.front() == '/') {
            if (open_.empty() || open_.back() != tag.substr(1))
                problem_ = tag + " closes nothing";
            else
                open_.pop_back();
            return;
        }
        const std::string name = tag.substr(0, tag.find_first_of(" /"));
        seen_.push_back(name);
        check_text(tag);
        if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) problem_ = "an open quote in " + tag;
        if (tag.back() != '/') open_.push_back(name);
    }

    const std::string text_;
    std::size_t at_ = 0;
    std::vector<std::string> open_, seen_;
    std::string problem_;
};

/// A driver with a finding whose reason is of the worst kind, and a step that was done wrong.
DriverReport some_report() {
    DriverProfile profile;
    DriverTrace trace(profile);
    trace.enable(DriverTrace::kCc | 7u << 4);
    trace.event(observe::CommandRefused{0, 0, 1, 0x06, nvme::spec::StatusCode::kInvalidField,
                                        "<b> & \"x\" \x01\xff ]]>", 1});
    profile.finish();
    DriverReport report = make_report(profile);
    report.file = "a<b>&\".trace";
    return report;
}

TEST(DriverForms, JunitIsWellFormedAndCountsItself) {
    const DriverReport report = some_report();
    const std::string text = driver_junit(report);
    XmlCheck xml(text);
    EXPECT_EQ(xml.check(), "") << text;
    EXPECT_EQ(xml.count("testsuites"), 1u);
    EXPECT_EQ(xml.count("testsuite"), 3u);
    const std::size_t tests =
        report.initialization.size() + report.behaviours.size() + report.lint.size();
    EXPECT_EQ(xml.count("testcase"), tests);
    EXPECT_EQ(xml.count("failure"), report.wrong());
    EXPECT_GE(report.wrong(), 2u) << "CC.CSS, and the refused Identify";
    EXPECT_NE(
        text.find("<testsuites name=\"a&lt;b&gt;&amp;&quot;.trace\" tests=\"" +
                  std::to_string(tests) + "\" failures=\"" + std::to_string(report.wrong()) + "\""),
        std::string::npos);
    EXPECT_NE(text.find("&lt;b&gt; &amp; &quot;x&quot; ?? ]]&gt;"), std::string::npos) << text;
}

TEST(DriverForms, JsonHasAllAndIsOneObject) {
    const DriverReport report = some_report();
    const auto json = nlohmann::json::parse(driver_json(report));
    EXPECT_EQ(json["format"], 1);
    EXPECT_EQ(json["wrong"], report.wrong());
    EXPECT_EQ(json["initialization"].size(), kInitSteps);
    EXPECT_EQ(json["initialization"][3]["verdict"], "WRONG");
    EXPECT_EQ(json["behaviours"].size(), report.behaviours.size());
    EXPECT_TRUE(json["figures"]["tails_per_io"].is_number());
    EXPECT_EQ(json["usage"]["admin commands"].size(), 13u) << "those that were not used, too";
}

TEST(DriverForms, ThePageHasNoScriptAndNothingFromElsewhere) {
    const std::string page = driver_html(some_report());
    for (const char* never : {"<script", "http:", "https:", "url(", "<b>"})
        EXPECT_EQ(page.find(never), std::string::npos) << never;
    EXPECT_NE(page.find("<td class=\"WRONG\">WRONG</td>"), std::string::npos);
    EXPECT_NE(page.find("prefers-color-scheme"), std::string::npos);
}

TEST(DriverForms, TextForATerminalNamesTheStepsInTheirOrder) {
    const std::string text = driver_text(some_report());
    std::size_t at = 0;
    for (const char* id : {"init.function", "init.admin-queue", "init.ready", "init.events",
                           "queue.wrap", "fatal.reset", "driver lint"}) {
        const std::size_t found = text.find(id, at);
        ASSERT_NE(found, std::string::npos) << id;
        at = found;
    }
}

TEST(DriverForms, EscapesWhatIsNoCharacterOfXml) {
    EXPECT_EQ(escaped("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80"),
              "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80");
    EXPECT_EQ(escaped("\xed\xa0\x80"), "???") << "half a character of UTF-16";
    EXPECT_EQ(escaped("\xc0\x80"), "??") << "overlong";
    EXPECT_EQ(escaped("\xe2\x82"), "??") << "cut off";
    EXPECT_EQ(escaped("\xef\xbf\xbf"), "???") << "U+FFFF";
    EXPECT_EQ(escaped(std::string("\0\x0b", 2)), "??");
}

}  // namespace
}  // namespace driver
