// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <memory>

#include <boost/icl/interval_set.hpp>

#include "models/media/store/block_store.h"
#include "platform/session/session_event.h"

namespace platform {

/// Tells what a store held before the session, as far as the session reads it: what was written
/// since needs no telling. Does not pass on which sectors hold no data: a recording has only bytes,
/// and its replay has to be the same device.
class RecordingStore final : public media::BlockStore {
public:
    /// `found` is called with content that is not all zero; its `at` is left open.
    using Found = std::function<void(MediaContent)>;
    RecordingStore(std::unique_ptr<media::BlockStore> store, std::uint32_t ns, Found found);

    [[nodiscard]] std::uint64_t size() const override { return store_->size(); }
    [[nodiscard]] bool read_only() const override { return store_->read_only(); }
    [[nodiscard]] media::IoStatus read(std::uint64_t offset, void* dst,
                                       std::size_t length) override;
    [[nodiscard]] media::IoStatus write(std::uint64_t offset, const void* src,
                                        std::size_t length) override;
    [[nodiscard]] media::IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override;
    [[nodiscard]] media::IoStatus flush() override { return store_->flush(); }
    [[nodiscard]] media::IoStatus resize(std::uint64_t new_size) override;

private:
    using Ranges = boost::icl::interval_set<std::uint64_t>;
    using Range = Ranges::interval_type;

    void tell(std::uint64_t first, std::uint64_t end);

    const std::unique_ptr<media::BlockStore> store_;
    const std::uint32_t ns_;  // its place in the recording
    const Found found_;
    Ranges known_;  // told, or changed by the session
};

}  // namespace platform
