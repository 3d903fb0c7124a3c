// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

/// Block traces of Alibaba Cloud, 2020: device_id,opcode,offset,length,timestamp, in bytes and
/// microseconds. [github.com/alibaba/block-traces README]
class AlibabaReader final : public LineReader {
public:
    using LineReader::LineReader;

private:
    static constexpr std::string_view kColumns = "device_id,opcode,offset,length,timestamp";

    Line understand(std::string_view line, Recorded& recorded) override {
        if (is_header(line, kColumns)) return Line::kNothing;
        const Columns columns(line, ',');
        if (columns.size() != 5) return wrong_columns(columns.size(), kColumns);
        if (columns[1] != "R" && columns[1] != "W")
            return wrong("opcode = " + quoted(columns[1]), "R or W");
        recorded.op = columns[1] == "R" ? Op::kRead : Op::kWrite;
        std::uint64_t id = 0;
        if (!number(columns[0], "device_id", 1, id) ||
            !number(columns[2], "offset", 1, recorded.offset) ||
            !number(columns[3], "length", 1, recorded.length) ||
            !number(columns[4], "timestamp", 1000, recorded.time_ns))
            return Line::kDamage;
        const std::optional<std::uint32_t> found = device(columns[0]);
        recorded.device = found.value_or(0);
        return found ? Line::kRequest : Line::kDamage;
    }
};

}  // namespace

RecordingFormat alibaba_format() {
    return {"alibaba", "block traces of Alibaba Cloud", nullptr, open_as<AlibabaReader>};
}

}  // namespace platform
