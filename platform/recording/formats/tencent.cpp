// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

constexpr std::uint64_t kSector = 512;

/// Traces of Tencent's cloud block storage, 2018: Timestamp,Offset,Size,IOType,VolumeID, in
/// seconds and sectors. All requests of a second have the same time.
/// [SNIA IOTTA repository, trace 28064, README]
class TencentReader final : public LineReader {
public:
    using LineReader::LineReader;

private:
    static constexpr std::string_view kColumns = "Timestamp,Offset,Size,IOType,VolumeID";

    Line understand(std::string_view line, Recorded& recorded) override {
        if (is_header(line, kColumns)) return Line::kNothing;
        const Columns columns(line, ',');
        if (columns.size() != 5) return wrong_columns(columns.size(), kColumns);
        if (columns[3] != "0" && columns[3] != "1")
            return wrong("IOType = " + quoted(columns[3]), "0 (read) or 1 (write)");
        recorded.op = columns[3] == "0" ? Op::kRead : Op::kWrite;
        std::uint64_t id = 0;
        if (!decimal(columns[0], "Timestamp", 9, recorded.time_ns) ||
            !number(columns[1], "Offset", kSector, recorded.offset) ||
            !number(columns[2], "Size", kSector, recorded.length) ||
            !number(columns[4], "VolumeID", 1, id))
            return Line::kDamage;
        const std::optional<std::uint32_t> found = device(columns[4]);
        recorded.device = found.value_or(0);
        return found ? Line::kRequest : Line::kDamage;
    }
};

}  // namespace

RecordingFormat tencent_format() {
    return {"tencent", "traces of Tencent's cloud block storage", nullptr, open_as<TencentReader>};
}

}  // namespace platform
