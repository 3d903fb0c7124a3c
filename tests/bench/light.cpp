// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/light.h"

#include <algorithm>
#include <cstring>

namespace bench {

Light::Light(const sc_core::sc_module_name& name, platform::Memory& memory,
             std::size_t source_bytes)
    : sc_module(name), memory_(memory), source_(source_bytes), buffer_(4096, 0x5a) {
    for (std::size_t at = 0; at < source_bytes; at += buffer_.size())
        (void)source_.write(at, buffer_.data(), buffer_.size());
    bar0.register_b_transport(this, &Light::bar0_transport);
    doorbell.bind(bar0);
    SC_THREAD(device);
}

void Light::bar0_transport(tlm::tlm_generic_payload& tx, sc_core::sc_time&) {
    std::uint32_t count = 0;
    std::memcpy(&count, tx.get_data_ptr(), sizeof count);
    rung_ += count;
    work_.notify(sc_core::SC_ZERO_TIME);
    tx.set_response_status(tlm::TLM_OK_RESPONSE);
}

void Light::transfer(std::uint64_t gpa, std::uint32_t bytes) {
    tx_.set_command(tlm::TLM_WRITE_COMMAND);
    tx_.set_address(gpa);
    tx_.set_data_ptr(buffer_.data());
    tx_.set_data_length(bytes);
    tx_.set_streaming_width(bytes);
    tx_.set_byte_enable_ptr(nullptr);
    tx_.set_dmi_allowed(false);
    tx_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    sc_core::sc_time delay;
    dma->b_transport(tx_, delay);
}

void Light::serve_one() {
    wakes_owed_ += load_.activations;
    for (; wakes_owed_ >= 1; wakes_owed_ -= 1) wait(1, sc_core::SC_NS);
    random_ = random_ * 6364136223846793005ull + 1442695040888963407ull;
    const std::uint64_t place = load_.random ? random_ >> 33 : served_;
    const std::uint64_t from = place % (source_.size() / load_.data_bytes) * load_.data_bytes;
    const std::uint64_t to = 0x100'0000 + served_ % depth_ * load_.data_bytes;
    for (std::uint32_t at = 0; at < load_.data_bytes; at += 4096) {
        const std::uint32_t n = std::min(4096u, load_.data_bytes - at);
        void* direct = buffer_.data();
        if (load_.data_direct) direct = memory_.data(to + at, n);
        (void)source_.read(from + at, direct, n);
        if (!load_.data_direct) transfer(to + at, n);
    }
    transactions_owed_ += load_.transactions;
    for (; transactions_owed_ >= 1; transactions_owed_ -= 1) transfer(0x1000, 16);
    direct_owed_ += load_.direct;
    for (; direct_owed_ >= 1; direct_owed_ -= 1)
        std::memcpy(memory_.data(0x2000, 64), buffer_.data(), 64);
    ++served_;
}

void Light::device() {
    for (;;) {
        while (served_ == rung_) wait(work_);
        serve_one();
        done_.notify(sc_core::SC_ZERO_TIME);
    }
}

void Light::run(const Load& load, std::uint64_t commands, unsigned depth) {
    load_ = load;
    depth_ = depth;
    const std::uint64_t end = served_ + commands;
    double wakes = 0, rings = 0;
    while (served_ < end) {
        // One round stands for `depth` commands: as many doorbells and wake-ups as they cost.
        const auto batch = static_cast<std::uint32_t>(std::min<std::uint64_t>(depth, end - rung_));
        rings += load.doorbells * batch;
        std::uint32_t announced = batch;
        for (; rings >= 1; rings -= 1) {
            tlm::tlm_generic_payload tx;
            tx.set_command(tlm::TLM_WRITE_COMMAND);
            tx.set_data_ptr(reinterpret_cast<unsigned char*>(&announced));
            tx.set_data_length(4);
            tx.set_streaming_width(4);
            sc_core::sc_time delay;
            doorbell->b_transport(tx, delay);
            announced = 0;
        }
        rung_ += announced;  // when a batch owes less than one doorbell
        work_.notify(sc_core::SC_ZERO_TIME);
        wakes += load.host_wakes * batch;
        for (; wakes >= 1 && served_ < rung_; wakes -= 1) wait(done_);
        while (served_ < rung_) wait(done_);
    }
}

}  // namespace bench
