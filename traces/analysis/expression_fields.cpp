// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/expression_fields.h"

#include <algorithm>
#include <iterator>

#include "traces/analysis/expression.h"

namespace analysis {

namespace {

using Kind = ExpressionField::Kind;
using Value = std::optional<double>;

template <typename T>
Value number(T value) {
    return static_cast<double>(value);
}
template <Stage S>
Value stage(const Command& c) {
    return c.stage(S) < 0 ? Value{} : number(c.stage(S));
}

// clang-format off
constexpr ExpressionField kFields[] = {
    // name        kind           value                                                      what it is
    {"opcode",     Kind::kOpcode, [](const Command& c) { return number(c.opcode); },         "a number, or a name as in \"Read\""},
    {"queue",      Kind::kNumber, [](const Command& c) { return number(c.sqid); },           "its submission queue; 0 is the admin queue"},
    {"cid",        Kind::kNumber, [](const Command& c) { return number(c.cid); },            "its identifier"},
    {"nsid",       Kind::kNumber, [](const Command& c) { return number(c.nsid); },           "its namespace"},
    {"slba",       Kind::kNumber, [](const Command& c) { return c.blocks == 0 ? Value{} : number(c.slba); }, "its first logical block"},
    {"blocks",     Kind::kNumber, [](const Command& c) { return number(c.blocks); },         "how many"},
    {"bytes",      Kind::kNumber, [](const Command& c) { return number(c.bytes); },          "of its data"},
    {"status",     Kind::kNumber, [](const Command& c) { return c.completed() ? number(c.status) : Value{}; }, "SCT << 8 | SC"},
    {"error",      Kind::kFlag,   [](const Command& c) { return number(c.completed() && c.status != 0); }, "it was completed with an error"},
    {"completed",  Kind::kFlag,   [](const Command& c) { return number(c.completed()); },    "it was completed at all"},
    {"latency",    Kind::kTime,   [](const Command& c) { return c.completed() ? number(to_ns(c.latency_ps())) : Value{}; }, "from the fetch to the completion"},
    {"fetched",    Kind::kTime,   [](const Command& c) { return number(to_ns(c.fetched_ps)); }, "when, in simulated time"},
    {"ended",      Kind::kTime,   [](const Command& c) { return c.completed() ? number(to_ns(c.end_ps)) : Value{}; }, "when its completion was posted"},
    {"doorbell",   Kind::kTime,   &stage<Stage::kDoorbell>,                                  "doorbell until fetch"},
    {"fetch",      Kind::kTime,   &stage<Stage::kFetch>,                                     "until the entry has arrived"},
    {"decode",     Kind::kTime,   &stage<Stage::kDecode>,                                    "until the first step"},
    {"media",      Kind::kTime,   &stage<Stage::kMedia>,                                     "waits for the media"},
    {"data",       Kind::kTime,   &stage<Stage::kData>,                                      "data on the link, and what lies between"},
    {"completion", Kind::kTime,   &stage<Stage::kCompletion>,                                "until the entry is posted"},
    {"interrupt",  Kind::kTime,   &stage<Stage::kInterrupt>,                                 "until the interrupt leaves"},
    {"host",       Kind::kTime,   &stage<Stage::kHost>,                                      "until the host has taken the entry"},
};
// clang-format on

}  // namespace

const ExpressionField* find_field(std::string_view name) {
    const auto* const found = std::find_if(std::begin(kFields), std::end(kFields),
                                           [&](const auto& field) { return field.name == name; });
    return found == std::end(kFields) ? nullptr : found;
}

std::string expression_fields() {
    std::string text;
    for (const ExpressionField& field : kFields) {
        text.append("  ").append(field.name).append(12 - field.name.size(), ' ');
        text.append(field.doc).append(field.kind == Kind::kTime ? "; a time\n" : "\n");
    }
    return text;
}

std::string expression_names() {
    std::string text;
    for (const ExpressionField& field : kFields)
        text.append(text.empty() ? "" : ", ").append(field.name);
    return text;
}

}  // namespace analysis
