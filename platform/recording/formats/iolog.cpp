// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/iolog.h"

#include <string>

#include "platform/recording/formats/formats.h"

namespace platform {

namespace {

constexpr std::string_view kFirstWords = "fio version ";

/// fio's own log (iolog.h says what its versions are). A file of the log is a device, whether or
/// not anything is asked of it, so that the first one added is always the first.
class FioLogReader final : public RecordingReader {
public:
    explicit FioLogReader(std::istream& stream) : log_(stream) {}
    [[nodiscard]] std::optional<std::uint64_t> begin_ns() const override { return 0; }

private:
    Step read(Recorded& recorded) override {
        const std::uint64_t without = log_.lines_without_request();
        const std::optional<TraceRequest> request = log_.next();
        for (std::uint64_t i = without; i < log_.lines_without_request(); ++i)
            leave_out("sync_file_range: makes no request, it flushes no disk");
        for (std::size_t i = devices().size(); i < log_.file_count(); ++i)
            (void)device(log_.file(i));
        if (log_.error()) {
            recorded.place = log_.error()->line;
            damaged(log_.error()->problem, log_.error()->allowed);
            log_.go_on();
            return Step::kDamage;
        }
        if (!request) return Step::kEnd;
        recorded.op = request->op;
        recorded.time_ns = request->not_before / util::kPsPerNs;
        recorded.offset = request->offset;
        recorded.length = request->length;
        recorded.device = request->file;
        recorded.place = request->line;
        return Step::kRequest;
    }

    IologReader log_;
};

int score(std::string_view head) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (head.substr(0, kByteOrderMark.size()) == kByteOrderMark)
        head.remove_prefix(kByteOrderMark.size());
    return head.substr(0, kFirstWords.size()) == kFirstWords ? 100 : 0;
}

}  // namespace

RecordingFormat iolog_format() {
    return {"iolog", "I/O logs of fio, versions 2 and 3", score, open_as<FioLogReader>};
}

}  // namespace platform
