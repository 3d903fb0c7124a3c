// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint64_t kReadFlag = 1;
constexpr std::uint64_t kMostFlags = 0xffff'ffff;

/// DiskSim's ASCII format: time of arrival in milliseconds, device, block, number of blocks, flags
/// in hexadecimal. Blocks are sectors; of the flags, bit 0 is a read. [DiskSim 4.0 Reference
/// Manual, input workload: traces, default format]
class DisksimReader final : public LineReader {
public:
    using LineReader::LineReader;

private:
    Line understand(std::string_view line, Recorded& recorded) override {
        const Columns columns(line, ' ');
        if (columns.size() != 5)
            return wrong_columns(columns.size(), "milliseconds device block blocks flags");
        std::uint64_t number_of_device = 0;
        if (!decimal(columns[0], "time", 6, recorded.time_ns) ||
            !number(columns[1], "device", 1, number_of_device) ||
            !number(columns[2], "block", kSector, recorded.offset) ||
            !number(columns[3], "blocks", kSector, recorded.length))
            return Line::kDamage;
        std::string_view digits = columns[4];
        if (digits.substr(0, 2) == "0x") digits.remove_prefix(2);
        const std::optional<std::uint64_t> flags = whole_number(digits, 16);
        if (!flags || *flags > kMostFlags)
            return wrong("flags = " + quoted(columns[4]), "0 to ffffffff, hexadecimal");
        recorded.op = (*flags & kReadFlag) != 0 ? Op::kRead : Op::kWrite;
        const std::optional<std::uint32_t> found = device(columns[1]);
        recorded.device = found.value_or(0);
        return found ? Line::kRequest : Line::kDamage;
    }
};

}  // namespace

RecordingFormat disksim_format() {
    return {"disksim", "ASCII traces of DiskSim", nullptr, open_as<DisksimReader>};
}

}  // namespace platform
