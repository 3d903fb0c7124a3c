// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>

#include "models/observe/driver_lint.h"
#include "models/observe/text_reader.h"
#include "models/observe/text_trace.h"

namespace observe {

/// A lint whose events are also written to a file. When it goes, a second lint reads the file, and
/// has to have found the same.
class RecordedLint {
public:
    explicit RecordedLint(DriverLint::Options options = {})
        : options_(options),
          path_(::testing::TempDir() + "nvme_tlm_lint_" + std::to_string(::getpid())),
          file_(path_, TextTrace::Detail::kAll),
          live_(options) {}
    ~RecordedLint() {
        EXPECT_EQ(file_.close(), "");
        std::ifstream file(path_, std::ios::binary);
        DriverLint second(options_);
        EXPECT_EQ(read_text_trace(file, second), "");
        for (std::size_t i = 0; i < kLintRules; ++i) {
            const DriverLint::Count a = of(static_cast<LintRule>(i));
            const DriverLint::Count b = second.of(static_cast<LintRule>(i));
            EXPECT_EQ(b.count, a.count) << lint_rule(static_cast<LintRule>(i)).id;
            EXPECT_EQ(b.first.ps, a.first.ps);
            EXPECT_EQ(b.first.value, a.first.value);
            EXPECT_EQ(b.first.qid, a.first.qid);
            EXPECT_EQ(b.first.cid, a.first.cid);
        }
        std::remove(path_.c_str());
    }
    RecordedLint(const RecordedLint&) = delete;
    RecordedLint& operator=(const RecordedLint&) = delete;

    template <typename E>
    void record(const E& event) {
        static_cast<TraceSink&>(file_).record(event);
        live_.record(event);
    }
    [[nodiscard]] const DriverLint::Count& of(LintRule rule) const { return live_.of(rule); }
    [[nodiscard]] std::uint64_t findings() const { return live_.findings(); }
    [[nodiscard]] std::uint64_t hints() const { return live_.hints(); }

private:
    const DriverLint::Options options_;
    const std::string path_;
    TextTrace file_;
    DriverLint live_;
};

}  // namespace observe
