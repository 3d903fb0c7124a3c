// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/light.h"

#include <cstring>
#include <utility>

namespace bench {

Light::Light(const sc_core::sc_module_name& name, platform::Memory& memory, std::size_t media_bytes)
    : sc_module(name), memory_(memory), media_(media_bytes, std::byte{0x5a}) {
    SC_THREAD(device);
}

void Light::serve_one() {
    random_ = random_ * 6364136223846793005ull + 1442695040888963407ull;
    const std::uint64_t place = load_.random ? random_ >> 33 : served_;
    std::byte* from = media_.data() + place % (media_.size() / load_.bytes) * load_.bytes;
    std::byte* to = memory_.data(0x100'0000 + served_ % buffers_ * load_.bytes, load_.bytes);
    if (load_.write) std::swap(from, to);
    std::memcpy(to, from, load_.bytes);
}

void Light::device() {
    for (;;) {
        wait(work_);
        wait(1, sc_core::SC_NS);
        serve_one();
        ++served_;
        done_.notify(sc_core::SC_ZERO_TIME);
    }
}

void Light::run(const Load& load, std::uint64_t commands, unsigned buffers) {
    load_ = load;
    buffers_ = buffers;
    for (std::uint64_t i = 0; i < commands; ++i) {
        work_.notify(sc_core::SC_ZERO_TIME);
        wait(done_);
    }
}

}  // namespace bench
