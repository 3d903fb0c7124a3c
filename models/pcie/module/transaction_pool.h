// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <tlm>

#include "models/pcie/dma_extension.h"

namespace pcie {

/// Requests of a function or of the device behind it. Several processes may be inside one at a
/// time: a blocking target suspends its caller. Each has a payload of its own, kept for reuse.
class TransactionPool {
public:
    struct Transaction {
        tlm::tlm_generic_payload payload;
        DmaExtension extension;
        Transaction() { payload.set_extension(&extension); }
        ~Transaction() { payload.clear_extension(&extension); }
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;

        void set(tlm::tlm_command command, std::uint64_t address, unsigned char* data,
                 unsigned length) {
            payload.set_command(command);
            payload.set_address(address);
            payload.set_data_ptr(data);
            payload.set_data_length(length);
            payload.set_streaming_width(length);
            payload.set_byte_enable_ptr(nullptr);
            payload.set_byte_enable_length(0);
            payload.set_dmi_allowed(false);
            payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        }
    };
    using Handle = std::unique_ptr<Transaction>;

    [[nodiscard]] Handle take() {
        if (free_.empty()) return std::make_unique<Transaction>();
        Handle one = std::move(free_.back());
        free_.pop_back();
        return one;
    }
    void give_back(Handle one) { free_.push_back(std::move(one)); }

private:
    std::vector<Handle> free_;
};

}  // namespace pcie
