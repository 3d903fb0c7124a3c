// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/formats/block_event.h"

#include <algorithm>

#include "models/util/mix64.h"

namespace platform {

namespace {

/// Events of one request begin at the same sector. A flush has none.
std::uint64_t key_of(const Recorded& recorded) {
    const std::uint64_t place = recorded.length == 0 ? ~std::uint64_t{0} : recorded.offset;
    return std::max<std::uint64_t>(util::mix64(util::mix64(recorded.device) ^ place), 1);
}

}  // namespace

bool matters(char action, BlockAction chosen) {
    return action == 'C' || action == (chosen == BlockAction::kQueue ? 'Q' : 'D');
}

BlockMeaning meaning_of(const BlockEvent& event, BlockAction chosen, Recorded& recorded) {
    if (!matters(event.action, chosen)) return BlockMeaning::kOther;
    if (event.passed) return BlockMeaning::kPassed;
    if (event.bytes == 0 && event.preflush) {
        recorded.op = Op::kFlush;
        recorded.offset = recorded.length = 0;
    } else if (event.op) {
        recorded.op = *event.op;
        recorded.length = event.bytes;
    } else {
        return BlockMeaning::kNoData;
    }
    recorded.key = key_of(recorded);
    if (event.action == 'C') return BlockMeaning::kCompletion;
    return event.preflush && event.bytes != 0 ? BlockMeaning::kFlushAndRequest
                                              : BlockMeaning::kRequest;
}

Recorded flush_before(Recorded request) {
    request.op = Op::kFlush;
    request.offset = request.length = request.key = 0;
    return request;
}

std::string_view reason_of(BlockMeaning meaning) {
    switch (meaning) {
        case BlockMeaning::kOther:
            return "another action";
        case BlockMeaning::kNoData:
            return "a request without data";
        case BlockMeaning::kPassed:
            return "a command that was passed through";
        default:
            return {};
    }
}

}  // namespace platform
