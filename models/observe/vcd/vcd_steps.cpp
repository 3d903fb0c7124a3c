// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_steps.h"

#include "models/nvme/spec/opcodes.h"

namespace observe {

namespace {

struct Row {
    std::string_view next;
    VcdStep until;
};
// Steps that run after their addresses were fetched are decoding, as "start" is.
constexpr Row kRows[] = {
    {"read.send", VcdStep::kMedia},    {"read.passed", VcdStep::kData},
    {"write.place", VcdStep::kData},   {"write.passed", VcdStep::kData},
    {"flush.end", VcdStep::kMedia},    {"compare.fetch", VcdStep::kMedia},
    {"compare.data", VcdStep::kData},  {"compare.passed", VcdStep::kData},
    {"verify.check", VcdStep::kMedia}, {"verify.passed", VcdStep::kData},
    {"copy.write", VcdStep::kMedia},   {"copy.passed", VcdStep::kData},
    {"fused.fetch", VcdStep::kMedia},  {"fused.apply", VcdStep::kData},
    {"fused.passed", VcdStep::kData},  {"end", VcdStep::kCompletion},
};

}  // namespace

VcdStep vcd_step_before(std::string_view next, std::uint8_t opcode) {
    if (next == "start") return VcdStep::kDecode;
    if (next == "post")  // the data of a read are on their way, those of a write on the media
        return nvme::spec::data_transfer(opcode) == nvme::spec::DataTransfer::kControllerToHost
                   ? VcdStep::kData
                   : VcdStep::kMedia;
    for (const Row& row : kRows)
        if (row.next == next) return row.until;
    return VcdStep::kDecode;
}

}  // namespace observe
