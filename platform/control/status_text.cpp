// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "models/util/time_text.h"
#include "platform/control/device_status.h"
#include "platform/control/status_words.h"

namespace platform {

namespace {

using nvme::CompletionQueueStatus;
using nvme::ControllerStatus;
using nvme::SubmissionQueueStatus;

std::string hex(std::uint64_t value, int digits) {
    char text[24];
    std::snprintf(text, sizeof text, "%0*llXh", digits, static_cast<unsigned long long>(value));
    return text;
}

std::string count(std::size_t number, const char* what) {
    return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string place(std::uint32_t size, std::uint16_t head, std::uint16_t tail) {
    return std::to_string(size) + " entries, head " + std::to_string(head) + ", tail " +
           std::to_string(tail);
}

std::string registers(const DeviceStatus& status) {
    const ControllerStatus& s = status.controller;
    std::string text =
        "  CC " + hex(s.cc.raw, 8) + ", CSTS " + hex(s.csts.raw, 8) + ": " + state_words(s) + "\n";
    text += "  AQA " + hex(s.aqa.raw, 8) + ", ASQ " + hex(s.asq, 1) + ", ACQ " + hex(s.acq, 1) +
            ", INTMS " + hex(s.interrupt_mask, 1) + "\n";
    text += "  Command " + hex(status.command, 4) + ": Memory Space Enable is " +
            (status.memory_enabled ? "1" : "0") + ", Bus Master Enable is " +
            (status.bus_master ? "1" : "0") + (status.d0 ? "" : ", not in D0") + "\n";
    return text;
}

std::string text_of(const SubmissionQueueStatus& q, const DeviceStatus& status) {
    std::string text = "  SQ " + std::to_string(q.id) + ": " + place(q.size, q.head, q.tail) +
                       ", CQ " + std::to_string(q.cqid) + ", " + std::to_string(q.in_flight) +
                       " in flight";
    if (q.announced != 0) text += ", " + std::to_string(q.announced) + " not fetched";
    const std::string why = fetch_wait_text(q.waits, status);
    return text + (why.empty() ? "" : "\n    SQ " + std::to_string(q.id) + " waits: " + why) + "\n";
}

std::string text_of(const CompletionQueueStatus& q, util::TimePs now) {
    std::string text = "  CQ " + std::to_string(q.id) + ": " + place(q.size, q.head, q.tail) +
                       ", " + std::to_string(q.used) + " not acknowledged, ";
    text += q.interrupts ? "vector " + std::to_string(q.vector) : "no interrupts";
    if (q.stopped) text += ", stopped";
    if (q.full && q.waiting == 0) text += ", full";
    if (q.since_ps)
        text += "\n    CQ " + std::to_string(q.id) + (q.full ? " is full: " : ": ") +
                count(q.waiting, "completion") + " waiting since " + util::time_text(*q.since_ps) +
                ", for " + util::time_text(now - *q.since_ps);
    return text + "\n";
}

std::string vectors(const DeviceStatus& s) {
    if (s.vectors == 0) return "";
    std::string text = "  MSI-X " + std::string(s.msix_enabled ? "enabled" : "disabled") +
                       (s.function_masked ? ", all masked" : "") + ", " +
                       count(s.vectors, "vector");
    text += ", masked: " + (s.masked.empty() ? "none" : ranges(s.masked));
    return text + ", pending: " + (s.pending.empty() ? "none" : ranges(s.pending)) + "\n";
}

std::string events_and_power(const ControllerStatus& s) {
    std::string text = "  " + count(s.event_requests, "Asynchronous Event Request") +
                       " outstanding, " + count(s.events, "event") + " waiting for one\n";
    if (s.keep_alive_ps)
        text += "  Keep Alive Timer expires in " +
                util::time_text(*s.keep_alive_ps - std::min(*s.keep_alive_ps, s.now_ps)) + "\n";
    text += "  power state " + std::to_string(s.power_state) +
            (s.non_operational ? ", non-operational" : "") + "\n";
    text += "  health: " + std::to_string(s.kelvin) + " K, spare " +
            std::to_string(s.available_spare) + " %, used " + std::to_string(s.percentage_used) +
            " %, Critical Warning " + hex(s.critical_warning, 2) + "\n";
    return text;
}

std::string text_of(const nvme::NamespaceStatus& ns) {
    std::string text = "  namespace " + std::to_string(ns.nsid) + ": " + std::to_string(ns.blocks) +
                       " blocks of " + std::to_string(ns.block_bytes) + " bytes" +
                       (ns.read_only ? ", read-only" : "") + ", ";
    text += reservation_words(ns.reservation) + std::string("\n");
    for (const nvme::RegistrantStatus& each : ns.registrants)
        text += "    host " + host_words(each) + ", key " + hex(each.key, 1) +
                (each.holder ? ", holds it" : "") + "\n";
    return text;
}

}  // namespace

std::string status_text(const DeviceStatus& status) {
    const ControllerStatus& s = status.controller;
    std::string text = status.name + " at " + util::time_text(s.now_ps) + "\n" + registers(status);
    for (const SubmissionQueueStatus& queue : s.submission_queues) text += text_of(queue, status);
    for (const CompletionQueueStatus& queue : s.completion_queues) text += text_of(queue, s.now_ps);
    text += vectors(status) + events_and_power(s);
    for (const nvme::NamespaceStatus& ns : s.namespaces) text += text_of(ns);
    for (const faults::RuleResult& rule : status.faults)
        text += "  fault " + faults::describe(rule) + (rule.enabled ? "" : ", off") + "\n";
    return text;
}

}  // namespace platform
