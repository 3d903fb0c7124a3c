// SPDX-License-Identifier: Apache-2.0
#include "models/util/sc_time_ps.h"
#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {
namespace {

class ServeTime : public ServeTest {
protected:
    ServeTime() : ServeTest({}, ServePace::kAsap) {}
};

// Simulated time used to begin anew at 0 then, and the server to spin.
TEST_F(ServeTime, ThatCannotGoOnEndsTheServer) {
    sc_core::sc_spawn([] {
        const util::TimePs hundred_days = 100 * 86'400 * util::kPsPerS;
        for (;;) sc_core::wait(util::ScTimePs().to_sc(hundred_days));
    });
    ASSERT_EQ(server.bridge().listen(), "");
    loop.run();
    EXPECT_TRUE(loop.time_is_up());
    EXPECT_EQ(util::ScTimePs().now(), 200 * 86'400 * util::kPsPerS);
}

}  // namespace
}  // namespace platform::vfio_user::test
