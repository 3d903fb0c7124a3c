// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_trace.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/registers.h"

namespace observe {

namespace {

using nvme::spec::AsyncEventDw0;
using nvme::spec::Cc;
using nvme::spec::Csts;

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kLongestLine = 512;

std::string_view opcode_name(std::uint16_t sqid, std::uint8_t opcode) {
    const auto* format = nvme::spec::format_of(sqid, opcode);
    if (format != nullptr) return format->name;
    const auto first =
        sqid == 0 ? nvme::spec::kFirstVendorAdminOpcode : nvme::spec::kFirstVendorIoOpcode;
    return opcode >= first ? "Vendor Specific" : "Unsupported";
}

const char* queue_kind(bool completion) {
    return completion ? "cq" : "sq";
}

}  // namespace

/// Builds one line at the end of the buffer. Numbers are written without the locale.
class TextTrace::Line {
public:
    Line(TextTrace& trace, util::TimePs ps, std::string_view event)
        : trace_(trace), out_(trace.buffer_) {
        digits(ps, 10);
        out_.append(1, ' ').append(event);
    }
    ~Line() { trace_.finish_line(); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    Line& dec(std::string_view key, std::uint64_t value) {
        start(key);
        digits(value, 10);
        return *this;
    }
    Line& hex(std::string_view key, std::uint64_t value) {
        start(key).append("0x");
        digits(value, 16);
        return *this;
    }
    Line& word(std::string_view key, std::string_view value) {
        start(key).append(value);
        return *this;
    }
    Line& text(std::string_view key, std::string_view value) {
        start(key).append(1, '"').append(value).append(1, '"');
        return *this;
    }

private:
    std::string& start(std::string_view key) {
        return out_.append(1, ' ').append(key).append(1, '=');
    }
    void digits(std::uint64_t value, int base) {
        char text[20];
        const auto end = std::to_chars(text, text + sizeof(text), value, base).ptr;
        out_.append(text, end);
    }

    TextTrace& trace_;
    std::string& out_;
};

TextTrace::TextTrace(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "wb")), buffer_(kHeader) {
    if (!file_) throw std::runtime_error(path + ": " + std::strerror(errno));
    buffer_.reserve(kBufferBytes + kLongestLine);
}

TextTrace::~TextTrace() {
    (void)close();
}

void TextTrace::fail(const char* what) {
    if (error_.empty()) error_ = path_ + ": " + what;
}

void TextTrace::flush() {
    if (file_ && error_.empty() &&
        std::fwrite(buffer_.data(), 1, buffer_.size(), file_.get()) != buffer_.size())
        fail(std::strerror(errno));
    buffer_.clear();
}

std::string TextTrace::close() {
    if (!file_) return error_;
    flush();
    if (std::fclose(file_.release()) != 0) fail(std::strerror(errno));
    return error_;
}

void TextTrace::finish_line() {
    buffer_.append(1, '\n');
    if (buffer_.size() >= kBufferBytes) flush();
}

void TextTrace::record(const RegisterWrite& e) {
    Line(*this, e.ps, "register").hex("offset", e.offset).dec("size", e.size).hex("value", e.value);
}

void TextTrace::record(const AccessRefused& e) {
    Line(*this, e.ps, "bad_access")
        .hex("offset", e.offset)
        .dec("size", e.size)
        .word("access", e.write ? "write" : "read")
        .word("why", e.why == AccessRefusal::kMemorySpace ? "memory_space" : "undefined");
}

void TextTrace::record(const Doorbell& e) {
    Line(*this, e.ps, "doorbell")
        .word("queue", queue_kind(e.completion))
        .dec("qid", e.qid)
        .dec("value", e.value)
        .dec("accepted", e.accepted);
}

void TextTrace::record(const QueueChange& e) {
    if (!e.completion && e.qid < levels_.size()) levels_[e.qid] = {};
    Line(*this, e.ps, "queue")
        .word("queue", queue_kind(e.completion))
        .dec("qid", e.qid)
        .word("change", e.created ? "created" : "deleted")
        .dec("size", e.size);
}

void TextTrace::record(const CommandFetched& e) {
    Line line(*this, e.ps, "fetch");
    line.dec("sqid", e.sqid).dec("cid", e.cid).hex("opcode", e.opcode);
    line.text("name", opcode_name(e.sqid, e.opcode)).hex("nsid", e.nsid);
    if (e.sqid == 0)
        line.hex("cdw10", e.slba & 0xffff'ffff).hex("cdw11", e.slba >> 32);
    else
        line.dec("slba", e.slba);
    line.hex("cdw12", e.cdw12);
}

void TextTrace::record(const CommandRefused& e) {
    Line(*this, e.ps, "refuse")
        .dec("sqid", e.sqid)
        .dec("cid", e.cid)
        .hex("opcode", e.opcode)
        .hex("status", static_cast<std::uint16_t>(e.status))
        .text("reason", e.reason)
        .hex("value", e.value);
}

void TextTrace::record(const CommandCompleted& e) {
    Line(*this, e.ps, "complete")
        .dec("sqid", e.sqid)
        .dec("cqid", e.cqid)
        .dec("cid", e.cid)
        .hex("opcode", e.opcode)
        .text("name", opcode_name(e.sqid, e.opcode))
        .hex("status", static_cast<std::uint16_t>(e.status))
        .text("meaning", nvme::spec::status_name(e.status))
        .hex("dw0", e.dw0)
        .dec("fetched", e.fetched_ps);
}

void TextTrace::record(const Interrupt& e) {
    Line(*this, e.ps, "interrupt").dec("vector", e.vector);
}

void TextTrace::record(const StateChange& e) {
    const Cc cc = Cc::from(e.cc);
    const Csts csts = Csts::from(e.csts);
    Line(*this, e.ps, "state")
        .hex("cc", e.cc)
        .hex("csts", e.csts)
        .dec("en", cc.get<Cc::En>())
        .dec("shn", static_cast<std::uint8_t>(cc.get<Cc::Shn>()))
        .dec("rdy", csts.get<Csts::Rdy>())
        .dec("cfs", csts.get<Csts::Cfs>())
        .dec("shst", static_cast<std::uint8_t>(csts.get<Csts::Shst>()));
    if (!csts.get<Csts::Rdy>()) levels_.clear();  // the queues are gone, and with them their levels
}

void TextTrace::record(const AsyncEvent& e) {
    const auto dw0 = AsyncEventDw0::from(e.dw0);
    Line(*this, e.ps, "event")
        .hex("type", static_cast<std::uint8_t>(dw0.get<AsyncEventDw0::EventType>()))
        .hex("info", dw0.get<AsyncEventDw0::EventInfo>())
        .hex("log", dw0.get<AsyncEventDw0::LogPageId>());
}

void TextTrace::record(const NamespaceChange& e) {
    Line(*this, e.ps, "namespace").dec("nsid", e.nsid).dec("blocks", e.blocks);
}

void TextTrace::record(const QueueLevels& e) {
    if (repeats(e)) return;
    Line(*this, e.ps, "levels")
        .dec("sqid", e.sqid)
        .dec("sq_head", e.sq_head)
        .dec("sq_tail", e.sq_tail)
        .dec("cqid", e.cqid)
        .dec("cq_head", e.cq_head)
        .dec("cq_tail", e.cq_tail)
        .dec("in_flight", e.in_flight)
        .dec("waiting", e.waiting);
}

void TextTrace::record(const PowerTransition& e) {
    constexpr std::string_view kCauses[] = {"host", "io", "idle", "reset"};
    Line(*this, e.ps, "power")
        .dec("from", e.from)
        .dec("to", e.to)
        .word("cause", kCauses[static_cast<std::size_t>(e.cause)])
        .dec("settled", e.settled_ps);
}

void TextTrace::record(const HealthLevels& e) {
    Line(*this, e.ps, "health")
        .hex("warning", e.critical_warning)
        .dec("temperature", e.kelvin)
        .dec("spare", e.available_spare)
        .dec("used", e.percentage_used);
}

void TextTrace::record(const LintFinding& e) {
    const LintRuleInfo& rule = lint_rule(e.rule);
    Line line(*this, e.ps, "lint");
    line.word("rule", rule.id);
    if (e.qid != LintFinding::kNone) line.dec("qid", e.qid);
    if (e.cid != LintFinding::kNone) line.dec("cid", e.cid);
    line.hex("value", e.value).text("says", rule.says);
    line.word("document", rule.document).text("section", rule.section);
}

void TextTrace::record(const FaultInjected& e) {
    Line line(*this, e.ps, "fault");
    line.word("rule", e.rule).word("action", e.action);
    if (e.of_command) line.dec("sqid", e.sqid).dec("cid", e.cid);
}

bool TextTrace::repeats(const QueueLevels& e) {
    if (e.sqid >= levels_.size()) levels_.resize(e.sqid + 1u);
    QueueLevels& last = levels_[e.sqid];
    const bool same = last.sq_head == e.sq_head && last.sq_tail == e.sq_tail &&
                      last.cq_head == e.cq_head && last.cq_tail == e.cq_tail &&
                      last.in_flight == e.in_flight && last.waiting == e.waiting;
    last = e;
    return same;
}

}  // namespace observe
