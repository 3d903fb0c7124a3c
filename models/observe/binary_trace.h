// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "models/observe/binary_format.h"
#include "models/observe/trace.h"
#include "models/observe/trace_detail.h"
#include "models/observe/trace_file.h"

namespace observe {

/// Writes the events of one controller to a file of about 55 bytes a command, in a twelfth of the
/// space and a sixth of the time of a TextTrace: of each event only what was not to be expected
/// after the last one of its kind. docs/traces.md holds the format; read_binary_trace() reads it
/// back. The same run gives the same bytes.
class BinaryTrace final : public EveryEvent<BinaryTrace> {
public:
    using Detail = TraceDetail;

    /// Replaces the file. Throws std::runtime_error when it cannot be opened.
    explicit BinaryTrace(const std::string& path, Detail detail = Detail::kCommands);
    ~BinaryTrace() override;
    BinaryTrace(const BinaryTrace&) = delete;
    BinaryTrace& operator=(const BinaryTrace&) = delete;

    /// As TextTrace::close(). A file that was not closed says to its reader that it was cut off.
    [[nodiscard]] std::string close();
    /// Others see all events up to now in the file: ends a block, so that the bytes of a run depend
    /// on when it is called.
    void flush();

    [[nodiscard]] bool wants_details() const override { return detail_ == Detail::kAll; }

    template <typename E>
    void every(const E& e) {
        if (std::is_same_v<E, DataBuffer> && detail_ != Detail::kAll) return;
        begin_record();
        Collect collect(*this);
        E::fields(e, collect);
        record_values(binary::kIndexOf<E>, e.ps);
    }

private:
    /// Visitor of an event's fields: takes their values.
    class Collect : public WithoutNotes {
    public:
        explicit Collect(BinaryTrace& trace) : trace_(trace) {}

        template <typename T>
        void dec(std::string_view, T value) {
            put(static_cast<std::uint64_t>(value));
        }
        template <typename T>
        void hex(std::string_view, T value) {
            put(static_cast<std::uint64_t>(value));
        }
        template <typename T>
        void hex_or_none(std::string_view, T value) {
            put(static_cast<std::uint64_t>(value));
        }
        void id_or_none(std::string_view, std::uint32_t value) { put(value); }
        template <typename W>
        void word(std::string_view, W value) {
            put(static_cast<std::uint64_t>(value));
        }
        void either(std::string_view, bool flag, std::string_view, std::string_view) {
            put(flag ? 1 : 0);
        }
        void token(std::string_view, std::string_view value) { put(trace_.number_of(value)); }
        void text(std::string_view, std::string_view value) { put(trace_.number_of(value)); }

    private:
        void put(std::uint64_t value) { trace_.values_[count_++] = value; }

        BinaryTrace& trace_;
        std::size_t count_ = 0;
    };

    void begin_record();
    void record_values(std::size_t event, util::TimePs ps);
    /// Of a string in this block, from 0; writes it down when it is new.
    [[nodiscard]] std::uint64_t number_of(std::string_view text);
    void write_header();
    void write_block();
    void begin_block();

    const Detail detail_;
    TraceFile file_;
    std::vector<binary::Order> orders_;                    // by event
    std::vector<std::unique_ptr<binary::Memory>> memory_;  // by event
    binary::Values values_{};                              // of the event that is being recorded
    std::vector<std::string> strings_;                     // of this block
    std::vector<unsigned char> block_;
    std::size_t size_ = 0;       // bytes of records in block_
    std::uint64_t number_ = 0;   // of the block, from 1
    util::TimePs last_ps_ = 0;   // of the record before
    util::TimePs block_ps_ = 0;  // what the first record counts from
    bool closed_ = false;
};

}  // namespace observe
