// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "models/media/store/block_store.h"
#include "models/media/store/faulty_store.h"
#include "models/media/volume.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/subsystem/block_format.h"
#include "models/nvme/subsystem/reservations.h"

namespace nvme {

/// What a namespace is, apart from its bytes.
struct NamespaceConfig {
    std::uint32_t nsid = 1;        ///< 1 to NN
    std::uint32_t lba_size = 512;  ///< bytes, of one of kBlockFormats
    std::optional<std::array<std::uint8_t, 8>> eui64;
    std::optional<std::array<std::uint8_t, 16>> uuid;
};

/// A namespace of the NVM command set: geometry, identifiers, and its store behind a volatile
/// write cache. Commands in flight share ownership, so that they finish on a removed namespace.
class Namespace {
public:
    Namespace(const NamespaceConfig& config, const std::array<std::uint8_t, 16>& nguid,
              std::unique_ptr<media::BlockStore> store, std::size_t cache_bytes,
              media::MediaTiming& timing);

    [[nodiscard]] std::uint32_t nsid() const { return config_.nsid; }
    [[nodiscard]] const NamespaceConfig& config() const { return config_; }
    [[nodiscard]] const std::array<std::uint8_t, 16>& nguid() const { return nguid_; }
    /// Write protected, by its store or because all media is read-only.
    [[nodiscard]] bool read_only() const { return media_read_only_ || store_.read_only(); }
    void set_media_read_only(bool read_only) { media_read_only_ = read_only; }
    [[nodiscard]] const BlockFormat& format() const { return format_; }
    /// The I/O command set that its commands belong to.
    [[nodiscard]] spec::Csi csi() const { return spec::Csi::kNvm; }
    /// Whether blocks that hold no data can be told from others.
    [[nodiscard]] bool knows_written() const { return store_.knows_written(); }
    /// NSZE: whole logical blocks; a rest of the store that fills none is not addressable.
    [[nodiscard]] std::uint64_t blocks() const { return blocks_; }
    /// blocks() computed anew after the store changed its size.
    void refresh_size() { blocks_ = format_.to_blocks(store_.size()); }

    /// True when [slba, slba + blocks) lies inside, without overflow whatever the host passed.
    [[nodiscard]] bool contains(std::uint64_t slba, std::uint64_t count) const {
        return count <= blocks_ && slba <= blocks_ - count;
    }
    /// For commands: bytes and time.
    [[nodiscard]] media::Volume& media() { return volume_; }
    /// For what takes no simulated time: the bytes alone.
    [[nodiscard]] media::WriteCache& data() { return volume_.data(); }
    /// Moves what the write cache holds to the store. What is write protected keeps nothing there.
    [[nodiscard]] media::IoStatus flush() {
        return read_only() ? media::IoStatus::kOk : data().flush();
    }
    void set_faults(media::MediaFaults* faults) { store_.set_faults(faults); }
    [[nodiscard]] Reservations& reservations() { return reservations_; }

    /// Commands of preempted hosts that were inside a DMA when they were to be aborted: the command
    /// that preempted them completes after them.
    void abort_begins() { ++aborting_; }
    void abort_ended() { --aborting_; }
    [[nodiscard]] bool aborting() const { return aborting_ != 0; }

private:
    NamespaceConfig config_;
    BlockFormat format_;
    std::array<std::uint8_t, 16> nguid_;
    media::FaultyStore store_;
    media::Volume volume_;
    std::uint64_t blocks_ = 0;
    Reservations reservations_;
    unsigned aborting_ = 0;
    bool media_read_only_ = false;
};

}  // namespace nvme
