// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/driver_types.h"

#include <ostream>

namespace platform {

const char* name_of(DriverError error) {
    switch (error) {
        case DriverError::kNone:
            return "none";
        case DriverError::kNoDevice:
            return "no device";
        case DriverError::kUnsupported:
            return "unsupported";
        case DriverError::kNoResources:
            return "no resources";
        case DriverError::kBadArgument:
            return "bad argument";
        case DriverError::kNoSuchQueue:
            return "no such queue";
        case DriverError::kQueueFull:
            return "queue full";
        case DriverError::kTimedOut:
            return "timed out";
        case DriverError::kAborted:
            return "aborted by reset or queue deletion";
        case DriverError::kFatalStatus:
            return "controller fatal status";
        case DriverError::kCommandFailed:
            return "command failed";
    }
    return "unknown";
}

Completion Completion::failed(DriverError why) {
    Completion completion;
    completion.error = why;
    return completion;
}

Completion Completion::from(const spec::CompletionEntry& entry) {
    using Status = spec::CompletionStatus;
    const Status status = Status::from(entry.status);
    Completion completion;
    completion.status =
        static_cast<spec::StatusCode>(status.get<Status::Sct>() << 8 | status.get<Status::Sc>());
    completion.do_not_retry = status.get<Status::Dnr>();
    completion.more = status.get<Status::M>();
    completion.retry_delay = static_cast<std::uint8_t>(status.get<Status::Crd>());
    completion.sqid = entry.sqid;
    completion.cid = entry.cid;
    completion.sqhd = entry.sqhd;
    completion.dw0 = entry.dw0;
    completion.dw1 = entry.dw1;
    return completion;
}

std::ostream& operator<<(std::ostream& out, DriverError error) {
    return out << name_of(error);
}

std::ostream& operator<<(std::ostream& out, const Completion& completion) {
    if (completion.error != DriverError::kNone) return out << completion.error;
    out << spec::status_name(completion.status);
    return completion.do_not_retry ? out << " (do not retry)" : out;
}

}  // namespace platform
