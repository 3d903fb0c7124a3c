// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <string>
#include <utility>

#include "platform/recording/formats/block_event.h"
#include "platform/recording/formats/formats.h"

namespace platform {

namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kLastSector = ~std::uint64_t{0} / kSector;
constexpr std::size_t kHeader = 48;
constexpr std::uint32_t kMagic = 0x656174;  // above the version
constexpr std::uint32_t kVersion = 7;

/// Categories, in the upper half of an action.
enum Category : std::uint32_t {
    kRead = 1u << 16,
    kWrite = 1u << 17,
    kFlush = 1u << 18,
    kPassed = 1u << 25,
    kNotify = 1u << 26,
    kDiscard = 1u << 29
};

/// The letters of the actions that matter; the action itself is the low byte, as bit 8 says only
/// that there is a control group.
constexpr std::pair<std::uint32_t, char> kLetters[] = {{1, 'Q'}, {7, 'D'}, {8, 'C'}};

/// `struct blk_io_trace`, as the machine had it that recorded it.
struct RawEvent {
    std::uint64_t time = 0, sector = 0;
    std::uint32_t magic = 0, bytes = 0, action = 0, pid = 0, device = 0, cpu = 0;
    std::uint16_t payload = 0;
    std::uint64_t at = 0;  ///< byte in the file
};

/// The bytes of an event, in the order of the machine that recorded them.
class Bytes {
public:
    [[nodiscard]] char* data() { return bytes_.data(); }
    [[nodiscard]] RawEvent decode(bool big_endian) const {
        RawEvent event;
        event.magic = get<std::uint32_t>(0, big_endian);
        event.time = get<std::uint64_t>(8, big_endian);
        event.sector = get<std::uint64_t>(16, big_endian);
        event.bytes = get<std::uint32_t>(24, big_endian);
        event.action = get<std::uint32_t>(28, big_endian);
        event.pid = get<std::uint32_t>(32, big_endian);
        event.device = get<std::uint32_t>(36, big_endian);
        event.cpu = get<std::uint32_t>(40, big_endian);
        event.payload = get<std::uint16_t>(46, big_endian);
        return event;
    }

private:
    template <typename T>
    [[nodiscard]] T get(std::size_t at, bool big_endian) const {
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) {
            const std::size_t from = big_endian ? at + i : at + sizeof(T) - 1 - i;
            value = static_cast<T>(value << 8 | static_cast<unsigned char>(bytes_[from]));
        }
        return value;
    }

    std::array<char, kHeader> bytes_{};
};

BlockEvent block_event_of(const RawEvent& raw) {
    BlockEvent event;
    for (const auto& [action, letter] : kLetters)
        if ((raw.action & 0xff) == action) event.action = letter;
    if ((raw.action & kDiscard) != 0)
        event.op = Op::kTrim;
    else if ((raw.action & kWrite) != 0)
        event.op = Op::kWrite;
    else if ((raw.action & kRead) != 0)
        event.op = Op::kRead;
    event.preflush = (raw.action & kFlush) != 0;
    event.passed = (raw.action & kPassed) != 0;
    event.bytes = raw.bytes;
    return event;
}

/// One of the files; events in it follow one another in time.
struct Part {
    std::istream* stream = nullptr;
    std::uint64_t at = 0;  // bytes read
    bool ended = false;
    bool big_endian = false;
    std::optional<RawEvent> next;
};

/// What blktrace writes: a file for each processor, read together in the order of time, or one that
/// `blkparse -d` has joined. Both byte orders. [Linux 6.12 include/uapi/linux/blktrace_api.h]
class BlktraceReader final : public RecordingReader {
public:
    BlktraceReader(const RecordingInput& input, BlockAction action) : action_(action) {
        for (std::size_t i = 0; i < input.size(); ++i) {
            parts_.emplace_back().stream = &input.stream(i);
            names_.push_back(input.name(i));
        }
    }
    [[nodiscard]] std::string place_of(const Recorded& recorded) const override {
        const std::string& name = names_[recorded.part];
        return ": byte " + std::to_string(recorded.place) + (name.empty() ? "" : " of " + name);
    }

private:
    Step read(Recorded& recorded) override;
    /// Nothing: makes no request.
    [[nodiscard]] std::optional<Step> understand(const RawEvent& event, Recorded& recorded);
    /// False: damage, after which the part has ended.
    [[nodiscard]] bool fill(Part& part);
    [[nodiscard]] bool broken(Part& part, std::string problem, std::string allowed);
    [[nodiscard]] Part* earliest();

    const BlockAction action_;
    std::vector<Part> parts_;
    std::vector<std::string> names_;
};

bool BlktraceReader::broken(Part& part, std::string problem, std::string allowed) {
    part.ended = true;
    damaged(std::move(problem), std::move(allowed));
    return false;
}

bool BlktraceReader::fill(Part& part) {
    Bytes bytes;
    part.stream->read(bytes.data(), kHeader);
    const auto got = static_cast<std::size_t>(part.stream->gcount());
    if (part.stream->bad()) return broken(part, "cannot be read: the file is damaged", "");
    if (got == 0) {
        part.ended = true;
        return true;
    }
    if (got < kHeader) return broken(part, "the file ends within an event", "");
    if (part.at == 0) part.big_endian = bytes.decode(true).magic >> 8 == kMagic;
    RawEvent event = bytes.decode(part.big_endian);
    if (event.magic >> 8 != kMagic)
        return broken(part, "no event of blktrace begins here",
                      "65617400h in the upper bytes of its first word");
    if ((event.magic & 0xff) != kVersion)
        return broken(part, "version " + std::to_string(event.magic & 0xff) + " of blktrace",
                      "version " + std::to_string(kVersion));
    event.at = part.at;
    part.stream->ignore(event.payload);
    if (static_cast<std::uint64_t>(part.stream->gcount()) != event.payload)
        return broken(part, "the file ends within an event", "");
    part.at += kHeader + event.payload;
    part.next = event;
    return true;
}

Part* BlktraceReader::earliest() {
    Part* first = nullptr;
    for (Part& part : parts_)
        if (part.next && (first == nullptr || part.next->time < first->next->time)) first = &part;
    return first;
}

RecordingReader::Step BlktraceReader::read(Recorded& recorded) {
    for (;;) {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            Part& part = parts_[i];
            if (part.next || part.ended) continue;
            recorded.part = static_cast<std::uint32_t>(i);
            recorded.place = part.at;
            if (!fill(part)) return Step::kDamage;
        }
        Part* part = earliest();
        if (part == nullptr) return Step::kEnd;
        const RawEvent event = *std::exchange(part->next, std::nullopt);
        recorded = {};
        recorded.part = static_cast<std::uint32_t>(part - parts_.data());
        if (const std::optional<Step> step = understand(event, recorded)) return *step;
    }
}

std::optional<RecordingReader::Step> BlktraceReader::understand(const RawEvent& event,
                                                                Recorded& recorded) {
    recorded.place = event.at;
    if ((event.action & kNotify) != 0) {
        leave_out("a message of blktrace");
        return std::nullopt;
    }
    const std::optional<std::uint32_t> found =
        device(std::to_string(event.device >> 20) + "," + std::to_string(event.device & 0xfffff));
    if (!found) return Step::kDamage;
    if (event.sector > kLastSector)
        return damaged("sector " + std::to_string(event.sector) + " is of no disk",
                       "0 to " + std::to_string(kLastSector));
    recorded.time_ns = event.time;
    recorded.offset = event.sector * kSector;
    recorded.device = *found;
    recorded.cpu = event.cpu;
    recorded.process = event.pid;
    const BlockMeaning meaning = meaning_of(block_event_of(event), action_, recorded);
    switch (meaning) {
        case BlockMeaning::kCompletion:
            return Step::kCompletion;
        case BlockMeaning::kFlushAndRequest:
            is_followed_by(recorded);
            recorded = flush_before(recorded);
            return Step::kRequest;
        case BlockMeaning::kRequest:
            return Step::kRequest;
        default:
            leave_out(reason_of(meaning));
            return std::nullopt;
    }
}

int score(std::string_view head) {
    Bytes bytes;
    if (head.size() < sizeof(std::uint32_t)) return 0;
    std::memcpy(bytes.data(), head.data(), sizeof(std::uint32_t));
    const bool good =
        bytes.decode(false).magic >> 8 == kMagic || bytes.decode(true).magic >> 8 == kMagic;
    return good ? 100 : 0;
}

}  // namespace

RecordingFormat blktrace_format() {
    return {"blktrace", "the files of blktrace, binary", score,
            [](const RecordingInput& input,
               const FormatOptions& options) -> std::unique_ptr<RecordingReader> {
                return std::make_unique<BlktraceReader>(input, options.action);
            }};
}

}  // namespace platform
