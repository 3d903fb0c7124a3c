// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/report_cells.h"
#include "traces/driver/report_forms.h"

namespace driver {

namespace {

/// The test cases of a suite, and how many of them are what.
class Suite {
public:
    explicit Suite(std::string name) : name_(std::move(name)) {}

    void pass(std::string_view id, std::string_view says) { open(id, says) += "/>\n"; }
    void fail(std::string_view id, std::string_view says, const std::string& message) {
        ++failures_;
        open(id, says) += ">\n      <failure message=\"" + escaped(message) + "\" type=\"" +
                          escaped(name_) + "\"/>\n    </testcase>\n";
    }
    void skip(std::string_view id, std::string_view says, const std::string& message) {
        ++skipped_;
        open(id, says) +=
            ">\n      <skipped message=\"" + escaped(message) + "\"/>\n    </testcase>\n";
    }
    [[nodiscard]] std::string text() const {
        return "  <testsuite name=\"" + escaped(name_) + "\"" + counts() + ">\n" + cases_ +
               "  </testsuite>\n";
    }
    [[nodiscard]] std::uint64_t tests() const { return tests_; }
    [[nodiscard]] std::uint64_t failures() const { return failures_; }

private:
    std::string& open(std::string_view id, std::string_view says) {
        ++tests_;
        return cases_ += "    <testcase classname=\"" + escaped(name_) + "\" name=\"" +
                         escaped(id) + ": " + escaped(says) + "\" time=\"0\"";
    }
    [[nodiscard]] std::string counts() const {
        return " tests=\"" + std::to_string(tests_) + "\" failures=\"" + std::to_string(failures_) +
               "\" errors=\"0\" skipped=\"" + std::to_string(skipped_) + "\" time=\"0\"";
    }

    const std::string name_;
    std::string cases_;
    std::uint64_t tests_ = 0, failures_ = 0, skipped_ = 0;
};

Suite suite_of(const char* name, const std::vector<Item>& items) {
    Suite suite(name);
    for (const Item& item : items) {
        std::string message(word_of(item.outcome.verdict));
        if (!item.outcome.how.empty()) message += ": " + item.outcome.how;
        if (item.outcome.verdict == Verdict::kWrong)
            suite.fail(item.id, item.says, message + " [" + std::string(item.section) + "]");
        else if (item.outcome.verdict == Verdict::kDone)
            suite.pass(item.id, item.says);
        else
            suite.skip(item.id, item.says, message);
    }
    return suite;
}

/// A rule that was not broken is a test that has passed: a rule says what must not be.
Suite suite_of(const std::vector<LintItem>& rules) {
    Suite suite("driver.lint");
    for (const LintItem& rule : rules) {
        if (rule.count == 0 || rule.hint)
            suite.pass(rule.rule, rule.says);
        else
            suite.fail(rule.rule, rule.says,
                       std::to_string(rule.count) + " times, the first " + rule.first + " [" +
                           std::string(rule.section) + "]");
    }
    return suite;
}

}  // namespace

std::string driver_junit(const DriverReport& report) {
    const Suite suites[] = {suite_of("driver.initialization", report.initialization),
                            suite_of("driver.behaviours", report.behaviours),
                            suite_of(report.lint)};
    std::uint64_t tests = 0, failures = 0;
    std::string text;
    for (const Suite& suite : suites) {
        tests += suite.tests();
        failures += suite.failures();
        text += suite.text();
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" +
           escaped(report.file) + "\" tests=\"" + std::to_string(tests) + "\" failures=\"" +
           std::to_string(failures) + "\" errors=\"0\" time=\"0\">\n" + text + "</testsuites>\n";
}

}  // namespace driver
