// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/trace_input.h"

#include <algorithm>
#include <istream>
#include <streambuf>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace analysis {
namespace {

constexpr const char* kTrace =
    "# nvme-tlm event trace, format 2: <time in ps> <event> <key>=<value>...\n"
    "5 interrupt vector=1 address=0xfee00000\n"
    "7 interrupt vector=2 address=0xfee00000\n";

/// A file of which so many bytes come at a time.
class InPieces final : public std::streambuf {
public:
    InPieces(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}

protected:
    int_type underflow() override {
        if (at_ == text_.size()) return traits_type::eof();
        const std::size_t count = std::min(piece_, text_.size() - at_);
        char* const begin = text_.data() + at_;
        setg(begin, begin, begin + count);
        at_ += count;
        return traits_type::to_int_type(*begin);
    }

private:
    std::string text_;
    const std::size_t piece_;
    std::size_t at_ = 0;
};

ReadResult read_in_pieces(const std::string& text, std::size_t piece, Analyser& to) {
    InPieces pieces(text, piece);
    std::istream file(&pieces);
    return read_trace_of(file, to);
}

TEST(TraceInput, OfAFileThatGrowsWaitsForItsBegin) {
    for (const std::size_t piece : {1, 3, 22, 39, 40, 41, 1000}) {
        Analyser analyser;
        const ReadResult result = read_in_pieces(kTrace, piece, analyser);
        EXPECT_EQ(result.refused, "") << piece;
        EXPECT_EQ(analyser.finish().events, 2u) << piece;
    }
}

TEST(TraceInput, RefusesWhatCannotBecomeATrace) {
    Analyser analyser;
    const std::string no_trace =
        "is no event trace: must be what nvme-vp --trace, --trace_binary or --vcd writes";
    for (const char* text : {"", "# nv", "nonsense", "# nvme-tlm binary event trace, format 9\n"})
        EXPECT_EQ(read_in_pieces(text, 3, analyser).refused, no_trace) << text;
    EXPECT_EQ(read_in_pieces("$timescale 1ps $end", 3, analyser).refused,
              "is a waveform, which holds signals, not events");
}

}  // namespace
}  // namespace analysis
