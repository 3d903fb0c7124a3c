// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/media/nand/wear_params.h"
#include "models/util/params.h"

namespace media {

/// Bits in a cell, less 1. The pages of a word line are read and programmed with times of their
/// own.
enum class Cell : std::uint8_t { kSlc, kMlc, kTlc, kQlc };

/// What a read may interrupt.
enum class Suspend : std::uint8_t { kNone, kErase, kAll };

/// NAND flash behind channels: how much there is, and how long it takes. The defaults are those of
/// TLC of about 2020: see docs/timing.md.
struct NandParams {
    std::uint32_t channels = 8;
    std::uint32_t packages = 2;  ///< on a channel
    std::uint32_t dies = 2;      ///< in a package
    std::uint32_t planes = 4;    ///< of a die
    std::uint32_t blocks = 0;    ///< of a plane; 0: as many as the namespaces need
    std::uint32_t pages = 768;   ///< of a block
    std::uint32_t page_bytes = 16'384;
    std::uint32_t spare_bytes =
        1'952;  ///< of a page, beside page_bytes: they cross the channel, too
    Cell cell = Cell::kTlc;
    // Of the pages of a word line; 0: as the one before.
    std::uint64_t read_lsb_ns = 45'000, read_csb_ns = 0, read_msb_ns = 0, read_top_ns = 0;
    std::uint64_t program_lsb_ns = 600'000, program_csb_ns = 0, program_msb_ns = 0,
                  program_top_ns = 0;
    std::uint64_t erase_ns = 3'500'000;
    std::uint32_t channel_mts = 1'200;
    std::uint64_t command_ns = 200;
    std::uint64_t ecc_ns = 1'000;
    std::uint64_t slc_read_ns = 25'000, slc_program_ns = 150'000;
    Suspend suspend = Suspend::kAll;
    std::uint64_t suspend_ns = 10'000;
    std::uint32_t suspend_limit = 16;
    bool cache_operations = true;
    bool plane_reads = false;
    WearParams wear;

    /// Calls v(ParamInfo, field) for each that a user may set.
    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        visit_geometry(p, v);
        visit_times(p, v);
        WearParams::visit(p.wear, v);
    }

private:
    template <typename Self, typename Visitor>
    static void visit_geometry(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"nand_channels", "channels", "nand: channels", 1, 64}, p.channels);
        v(I{"nand_packages", "packages", "nand: packages of a channel", 1, 16}, p.packages);
        v(I{"nand_dies", "dies", "nand: dies of a package", 1, 16}, p.dies);
        v(I{"nand_planes", "planes", "nand: planes of a die", 1, 16}, p.planes);
        v(I{"nand_blocks", "blocks",
            "nand: blocks of a plane; 0: as many as the namespaces need, with "
            "ftl_over_provisioning",
            0, 1u << 20},
          p.blocks);
        v(I{"nand_pages", "pages", "nand: pages of a block", 1, 65536}, p.pages);
        v(I{"nand_page_bytes", "bytes", "nand: data of a page, a power of 2", 512, 65536},
          p.page_bytes);
        v(I{"nand_spare_bytes", "bytes",
            "nand: spare bytes of a page, which cross the channel with its data", 0, 16384},
          p.spare_bytes);
        v(I{"nand_cell", "", "nand: bits of a cell: 1, 2, 3, 4"}, p.cell);
    }
    template <typename Self, typename Visitor>
    static void visit_times(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        using util::kMostNs;
        v(I{"nand_read_lsb_ns", "ns",
            "nand: read of a page into its register (tR), first page of a "
            "word line",
            0, kMostNs},
          p.read_lsb_ns);
        v(I{"nand_read_csb_ns", "ns", "nand: the same, center page of tlc and qlc; 0: as lsb", 0,
            kMostNs},
          p.read_csb_ns);
        v(I{"nand_read_msb_ns", "ns", "nand: the same, msb page; 0: as the one before", 0, kMostNs},
          p.read_msb_ns);
        v(I{"nand_read_top_ns", "ns", "nand: the same, top page of qlc; 0: as msb", 0, kMostNs},
          p.read_top_ns);
        v(I{"nand_program_lsb_ns", "ns",
            "nand: program of a page (tPROG), in all planes at once, first page of a word line", 0,
            kMostNs},
          p.program_lsb_ns);
        v(I{"nand_program_csb_ns", "ns", "nand: the same, center page of tlc and qlc; 0: as lsb", 0,
            kMostNs},
          p.program_csb_ns);
        v(I{"nand_program_msb_ns", "ns", "nand: the same, msb page; 0: as the one before", 0,
            kMostNs},
          p.program_msb_ns);
        v(I{"nand_program_top_ns", "ns", "nand: the same, top page of qlc; 0: as msb", 0, kMostNs},
          p.program_top_ns);
        v(I{"nand_erase_ns", "ns", "nand: erase of a block (tBERS), in all planes at once", 0,
            kMostNs},
          p.erase_ns);
        v(I{"nand_slc_read_ns", "ns", "nand: read of a page of the region ftl_slc_bytes", 0,
            kMostNs},
          p.slc_read_ns);
        v(I{"nand_slc_program_ns", "ns", "nand: program of a page of the region ftl_slc_bytes", 0,
            kMostNs},
          p.slc_program_ns);
        v(I{"nand_channel_mts", "MT/s", "nand: transfers of a byte on a channel", 1, 10'000},
          p.channel_mts);
        v(I{"nand_command_ns", "ns", "nand: command and address of an operation on the channel", 0,
            kMostNs},
          p.command_ns);
        v(I{"nand_ecc_ns", "ns", "nand: decoding of what was read", 0, kMostNs}, p.ecc_ns);
        v(I{"nand_suspend", "", "nand: what a read interrupts: nothing, erases, programs too"},
          p.suspend);
        v(I{"nand_suspend_ns", "ns", "nand: until a suspended die reads", 0, kMostNs},
          p.suspend_ns);
        v(I{"nand_suspend_limit", "reads",
            "nand: reads that pass or suspend a program or erase; then they wait for its end", 0,
            1'000'000},
          p.suspend_limit);
        v(I{"nand_cache_operations", "",
            "nand: data cross the channel while the die does the next operation"},
          p.cache_operations);
        v(I{"nand_plane_reads", "", "nand: the planes of a die read independently"}, p.plane_reads);
    }
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const NandParams& params);

/// All together.
inline constexpr std::uint64_t kMostDies = 4096;

[[nodiscard]] constexpr std::uint32_t bits_of(Cell cell) {
    return static_cast<std::uint32_t>(cell) + 1;
}
[[nodiscard]] constexpr std::uint64_t dies_of(const NandParams& p) {
    return std::uint64_t{p.channels} * p.packages * p.dies;
}

}  // namespace media

template <>
struct util::EnumNames<media::Cell> {
    static constexpr std::array<std::string_view, 4> names{"slc", "mlc", "tlc", "qlc"};
};
template <>
struct util::EnumNames<media::Suspend> {
    static constexpr std::array<std::string_view, 3> names{"none", "erase", "all"};
};
