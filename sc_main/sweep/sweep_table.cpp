// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_table.h"

#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "models/util/text_table.h"

namespace nvme_vp {

namespace {

constexpr const char* kFigures[] = {"IOPS",   "MiB/s",    "mean_us", "p50_us",
                                    "p99_us", "p99.9_us", "max_us",  "write_amplification"};
constexpr const char* kLatencies[] = {"mean", "p50", "p99", "p99.9", "max"};

std::string shown(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

/// Of the first controller; empty where the media counts nothing, or nothing was written.
std::string amplification(const nlohmann::json& report) {
    nlohmann::json media = report.at("media");
    if (media.is_array()) media = media.front();
    if (media.is_null() || media.at("bytes_written") == 0) return {};
    return shown(media.at("write_amplification").get<double>(), 2);
}

/// A value in a comma-separated list. [RFC 4180]
std::string quoted(const std::string& value) {
    if (value.find_first_of(",\"\n") == std::string::npos) return value;
    std::string text = "\"";
    for (const char c : value) text += c == '"' ? "\"\"" : std::string{c};
    return text + '"';
}

}  // namespace

SweepTable::SweepTable(const SweepPlan& plan) : plan_(plan) {
    Row head;
    for (const SweepAxis& axis : plan.axes()) head.push_back(axis.name);
    head.insert(head.end(), {"job", "op"});
    head.insert(head.end(), std::begin(kFigures), std::end(kFigures));
    rows_.push_back(std::move(head));
}

void SweepTable::add(std::size_t point, const nlohmann::json& report) {
    for (const auto& job : report.at("jobs"))
        for (const auto& [op, figures] : job.at("io").items()) {
            if (!figures.is_object()) continue;
            Row row = plan_.values(point);
            row.push_back(job.at("name").get<std::string>());
            row.push_back(op);
            row.push_back(shown(figures.at("iops").get<double>(), 0));
            row.push_back(shown(figures.at("bytes_per_s").get<double>() / (1 << 20), 1));
            for (const char* name : kLatencies)
                row.push_back(shown(figures.at("latency_ps").at(name).get<double>() / 1e6, 2));
            row.push_back(amplification(report));
            rows_.push_back(std::move(row));
        }
}

void SweepTable::add_failed(std::size_t point, const std::string& why) {
    Row row = plan_.values(point);
    row.push_back(why);
    row.resize(rows_.front().size());
    rows_.push_back(std::move(row));
}

std::size_t SweepTable::column(std::string_view figure) const {
    const auto* found = std::find(std::begin(kFigures), std::end(kFigures), figure);
    return plan_.axes().size() + kWordsBehindAxes +
           static_cast<std::size_t>(found - std::begin(kFigures));
}

std::vector<const SweepTable::Row*> SweepTable::with_figures() const {
    std::vector<const Row*> rows;
    const std::size_t iops = column("IOPS");
    for (std::size_t i = 1; i < rows_.size(); ++i)
        if (!rows_[i][iops].empty()) rows.push_back(&rows_[i]);
    return rows;
}

std::string SweepTable::text() const {
    util::TextTable table(plan_.axes().size() + kWordsBehindAxes);
    for (const Row& row : rows_) table.add(row);
    return table.text();
}

std::string SweepTable::csv() const {
    std::string text;
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i != row.size(); ++i) text += (i == 0 ? "" : ",") + quoted(row[i]);
        text += "\n";
    }
    return text;
}

}  // namespace nvme_vp
