// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/background/background.h"
#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/spec/self_test.h"

namespace nvme::admin {
using spec::SelfTestCode;
using spec::SelfTestResult;
using spec::StatusCode;

// It completes when the test has begun, or has ended: what becomes of the test is in the log.
// [NVMe-Base-2.0 5.9 Device Self-test command, Command Processing]
Result<Next> device_self_test(AdminContext& ctx, AdminCommand& cmd) {
    using C = spec::DeviceSelfTestCdw10;
    SelfTest& test = ctx.background.self_test;
    const auto code = C::from(cmd.sqe.cdw10).get<C::Stc>();
    if (code == SelfTestCode::kAbort) {
        test.stop(SelfTestResult::kAbortedByCommand);
        return complete_now(ctx);
    }
    if (code != SelfTestCode::kShort && code != SelfTestCode::kExtended)
        return CommandError{StatusCode::kInvalidField, "STC is not supported",
                            static_cast<std::uint64_t>(code), true, C::at<C::Stc>()};
    if (test.running())
        return CommandError{StatusCode::kDeviceSelfTestInProgress, "a self-test is in progress",
                            cmd.sqe.cdw10, false, C::at<C::Stc>()};
    const std::uint32_t nsid = cmd.sqe.nsid;
    if (nsid != 0 && nsid != spec::kNsidBroadcast)
        if (const auto ns = ctx.state.subsystem.active(nsid); !ns) return ns.error();
    test.start(code, nsid);
    return complete_now(ctx);
}

}  // namespace nvme::admin
