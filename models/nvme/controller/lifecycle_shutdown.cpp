// SPDX-License-Identifier: Apache-2.0
// What CC.SHN asks for.
#include <algorithm>

#include "models/nvme/controller/lifecycle.h"

namespace nvme {
using spec::Csts;
using spec::Shn;
using spec::Shst;
using spec::StatusCode;
using util::from_ns;
using util::later;
using util::TimePs;

// [NVMe-Base-2.0 3.6 Shutdown Processing]: stop taking commands, let those in execution end, make
// the cache durable when the host gave the time for it, report.
void Lifecycle::begin_shutdown(Shn kind, TimePs at) {
    controller_.fetching = false;
    controller_.keep_alive.stop();
    shutdown_ = Shutdown::kDraining;
    shutdown_normal_ = kind == Shn::kNormal;
    shutdown_until_ = later(at, from_ns(controller_.params.shutdown_time_ns));
    set_csts(registers_.csts().with<Csts::Shst>(Shst::kOccurring));
    wake(at);
    // Aborts of commands that are not fetched any more are to be answered.
    queues_.for_each_cq([&](std::uint16_t cqid, IoWorker&) {
        shared_.wake({Process::Kind::kIo, cqid}, shared_.now());
    });
}

bool Lifecycle::step_shutdown(TimePs now) {
    switch (shutdown_) {
        case Shutdown::kDraining: {
            if (state_ != State::kReady && state_ != State::kDisabled && state_ != State::kRefused)
                return false;
            // The last command wakes us. Without Bus Master Enable, or behind a gate that a fatal
            // error closed, none can ever end.
            if ((!queues_.idle() || admin_.executing() != 0) && !shared_.stalled()) return false;
            if (shutdown_normal_)
                shutdown_until_ = std::max(shutdown_until_, controller_.subsystem.begin_flush(now));
            shutdown_ = Shutdown::kFlushing;
            return true;
        }
        case Shutdown::kFlushing:
            if (now < shutdown_until_) return false;
            if (shutdown_normal_)
                for ([[maybe_unused]] const auto nsid : controller_.subsystem.complete_caches())
                    controller_.errors.add({},
                                           {StatusCode::kWriteFault, "flush at shutdown failed"});
            shutdown_ = Shutdown::kComplete;
            set_csts(registers_.csts().with<Csts::Shst>(Shst::kComplete));
            return true;
        case Shutdown::kNone:
        case Shutdown::kComplete:
            return false;
    }
    return false;
}

}  // namespace nvme
