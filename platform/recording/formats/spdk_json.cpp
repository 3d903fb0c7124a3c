// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "models/util/wide.h"
#include "platform/recording/formats/formats.h"
#include "platform/recording/formats/json_pieces.h"
#include "platform/recording/formats/spdk_request.h"
#include "platform/recording/text_values.h"

namespace platform {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLargest = std::numeric_limits<std::uint64_t>::max();

/// What `spdk_trace -j` writes of the group bdev: a member tsc_rate, a list tpoints that says which
/// number and which arguments an event has, and a list entries.
/// [SPDK 26.09-pre app/trace/trace.cpp, print_tpoint_definitions, print_event_json]
class SpdkJsonReader final : public RecordingReader {
public:
    SpdkJsonReader(std::istream& stream, std::uint32_t block_bytes)
        : pieces_(stream), block_bytes_(block_bytes) {}
    [[nodiscard]] std::string place_of(const Recorded& recorded) const override {
        return ": byte " + std::to_string(recorded.place);
    }

private:
    Step read(Recorded& recorded) override;
    void learn(const Json& tpoint);
    /// Nothing: makes no request.
    [[nodiscard]] std::optional<Step> read_entry(const Json& entry, Recorded& recorded);
    [[nodiscard]] std::optional<Step> read_start(const Json& entry, Recorded& recorded);
    /// False, with damage: there is no such number, or it is too large.
    [[nodiscard]] bool number(const Json& object, const char* key, std::uint64_t& value);
    [[nodiscard]] bool argument(const Json& entry, std::size_t i, const char* name,
                                std::uint64_t& value);
    [[nodiscard]] bool to_bytes(std::uint64_t blocks, std::uint64_t& bytes);

    JsonPieces pieces_;
    const std::uint32_t block_bytes_;
    std::uint64_t ticks_per_s_ = 0;
    std::optional<std::uint64_t> start_, done_;  // numbers of the events
    std::size_t type_ = 0, offset_ = 2;          // where BDEV_IO_START has them
    std::optional<std::size_t> length_;          // in older versions
};

RecordingReader::Step SpdkJsonReader::read(Recorded& recorded) {
    JsonPieces::Piece piece;
    for (;;) {
        const JsonPieces::Step step = pieces_.next(piece);
        recorded = {};
        recorded.place = piece.at;
        if (step == JsonPieces::Step::kEnd) return Step::kEnd;
        if (step == JsonPieces::Step::kDamage)
            return damaged(pieces_.problem(), "what spdk_trace -j writes");
        if (step == JsonPieces::Step::kValue) {
            if (piece.name == "tsc_rate") ticks_per_s_ = whole_number(piece.text).value_or(0);
            continue;
        }
        const Json object = Json::parse(piece.text, nullptr, false);
        if (object.is_discarded()) return damaged("is no JSON object", "");
        if (piece.name == "tpoints") learn(object);
        if (piece.name != "entries") continue;
        if (const std::optional<Step> found = read_entry(object, recorded)) return *found;
    }
}

void SpdkJsonReader::learn(const Json& tpoint) {
    const auto name = tpoint.find("name"), id = tpoint.find("id"), args = tpoint.find("args");
    if (name == tpoint.end() || id == tpoint.end() || !id->is_number_unsigned()) return;
    if (*name == kSpdkDone) done_ = id->get<std::uint64_t>();
    if (*name != kSpdkStart) return;
    start_ = id->get<std::uint64_t>();
    if (args == tpoint.end() || !args->is_array()) return;
    for (std::size_t i = 0; i < args->size(); ++i) {
        const Json& argument = (*args)[i];
        const Json& called = argument.is_object() ? argument.value("name", Json()) : argument;
        if (called == "type") type_ = i;
        if (called == "offset") offset_ = i;
        if (called == "len") length_ = i;
    }
}

std::optional<RecordingReader::Step> SpdkJsonReader::read_entry(const Json& entry,
                                                                Recorded& recorded) {
    std::uint64_t tpoint = 0, ticks = 0, cpu = 0;
    if (!number(entry, "tpoint", tpoint)) return Step::kDamage;
    const bool starts = start_ && tpoint == *start_;
    if (!starts && !(done_ && tpoint == *done_)) {
        leave_out("another event");
        return std::nullopt;
    }
    if (ticks_per_s_ == 0) return damaged("tsc_rate is missing, or 0", "ticks a second");
    if (!number(entry, "tsc", ticks) || !number(entry, "lcore", cpu)) return Step::kDamage;
    const util::UInt128 ns = util::UInt128{ticks} * 1'000'000'000 / ticks_per_s_;
    recorded.time_ns = static_cast<std::uint64_t>(std::min<util::UInt128>(ns, kLargest));
    recorded.cpu = static_cast<std::uint32_t>(cpu);
    if (const auto object = entry.find("object"); object != entry.end() && object->is_object())
        if (const auto value = object->find("value");
            value != object->end() && value->is_number_unsigned())
            recorded.key = value->get<std::uint64_t>();
    return starts ? read_start(entry, recorded) : Step::kCompletion;
}

std::optional<RecordingReader::Step> SpdkJsonReader::read_start(const Json& entry,
                                                                Recorded& recorded) {
    std::uint64_t type = 0, offset = 0, blocks = 0;
    if (!argument(entry, type_, "type", type)) return Step::kDamage;
    const std::optional<Op> op = spdk_op(type);
    if (!op) {
        leave_out(kSpdkOther);
        return std::nullopt;
    }
    recorded.op = *op;
    const auto owner = entry.find("owner");
    const bool named = owner != entry.end() && owner->is_string();
    const std::optional<std::uint32_t> found =
        device(named ? owner->get_ref<const std::string&>() : std::string{"bdev"});
    if (!found) return Step::kDamage;
    recorded.device = *found;
    if (*op == Op::kFlush) return Step::kRequest;
    // What is 0 is not written.
    const bool has_length =
        length_ ? argument(entry, *length_, "len", blocks)
                : entry.find("size") == entry.end() || number(entry, "size", blocks);
    if (!has_length || !argument(entry, offset_, "offset", offset) ||
        !to_bytes(offset, recorded.offset) || !to_bytes(blocks, recorded.length))
        return Step::kDamage;
    return Step::kRequest;
}

bool SpdkJsonReader::number(const Json& object, const char* key, std::uint64_t& value) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_number_unsigned()) {
        value = found->get<std::uint64_t>();
        return true;
    }
    damaged(std::string{key} + " is missing, or no number", "0 to 2^64 - 1");
    return false;
}

bool SpdkJsonReader::argument(const Json& entry, std::size_t i, const char* name,
                              std::uint64_t& value) {
    const auto args = entry.find("args");
    if (args != entry.end() && args->is_array() && i < args->size() &&
        (*args)[i].is_number_unsigned()) {
        value = (*args)[i].get<std::uint64_t>();
        return true;
    }
    damaged("the argument " + std::string{name} + " is missing, or no number", "0 to 2^64 - 1");
    return false;
}

bool SpdkJsonReader::to_bytes(std::uint64_t blocks, std::uint64_t& bytes) {
    if (blocks <= kLargest / block_bytes_) {
        bytes = blocks * block_bytes_;
        return true;
    }
    damaged("block " + std::to_string(blocks) + " is of no disk",
            "0 to " + std::to_string(kLargest / block_bytes_));
    return false;
}

int score(std::string_view head) {
    const bool is_object = !without_blanks(head.substr(0, 256)).empty() &&
                           without_blanks(head.substr(0, 256)).front() == '{';
    return is_object && head.find("\"tsc_rate\"") != std::string_view::npos ? 100 : 0;
}

}  // namespace

RecordingFormat spdk_json_format() {
    return {"spdk_json", "the same, as spdk_trace -j writes them", score,
            [](const RecordingInput& input,
               const FormatOptions& options) -> std::unique_ptr<RecordingReader> {
                return std::make_unique<SpdkJsonReader>(input.first(), options.block_bytes);
            }};
}

}  // namespace platform
