// SPDX-License-Identifier: Apache-2.0
// What nvme-vp uml takes for a kernel. The last word of its command line says what it does wrong.
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/uml/fake_calendar.h"
#include "tests/sim/uml/fake_device.h"

namespace {

using namespace platform::uml;
using test::connect_to;
using test::send_bytes;
using Calendar = test::FakeCalendar;

constexpr std::uint64_t kNever = ~0ull >> 1;

void say(std::string_view text) {
    if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) ::_exit(1);
}

[[noreturn]] void sleep_for_ever() {
    for (;;) ::pause();
}

Calendar started() {
    Calendar calendar;
    calendar.ask(CalendarOp::kStart, 1);
    return calendar;
}

/// Something at the device's socket.
void tell_device(const void* data, std::size_t bytes) {
    const int device = connect_to("nv0");
    send_bytes(device, data, bytes);
    sleep_for_ever();
}

/// Accesses at random, many of which mean something to the device; time passes between them.
void access_anything() {
    Calendar calendar = started();
    test::FakeDevice device(calendar);
    std::mt19937_64 random(1);
    const auto any = [&](std::uint64_t below) { return random() % below; };
    device.access({PcidevOp::kCfgWrite, 0, 0, 2, 4}, {6, 0, 0, 0, 0, 0, 0, 0}, 0);
    std::uint64_t now = 0;
    for (int i = 0; i < 5000; ++i) {
        PcidevHeader header;
        header.op = static_cast<PcidevOp>(1 + any(5));
        header.bar = static_cast<std::uint8_t>(any(2) != 0 ? 0 : any(6));
        header.size = static_cast<std::uint32_t>(any(4) != 0 ? 4 : 1 + any(300));
        constexpr std::uint64_t kSome[]{0, 0x14, 0x1000, 0x1004, 0x1008, 0x10, 0xb0, 0xffc, 0xfffc};
        header.address = any(3) != 0   ? kSome[any(std::size(kSome))]
                         : any(2) != 0 ? any(0x12000)
                                       : random();
        const bool config = header.op == PcidevOp::kCfgRead || header.op == PcidevOp::kCfgWrite;
        if (config) header.size = 1u << any(4);
        std::vector<std::uint8_t> data(header.op == PcidevOp::kCfgWrite ? 8 : header.size);
        for (std::uint8_t& byte : data)
            byte = static_cast<std::uint8_t>(any(3) != 0 ? any(4) : any(256));
        const bool write = header.op != PcidevOp::kCfgRead && header.op != PcidevOp::kMmioRead;
        device.access(header, write ? data : std::vector<std::uint8_t>{}, write ? 0 : 512);
        if (any(10) != 0) continue;
        now += any(1'000'000);
        calendar.ask(CalendarOp::kRequest, now);
        calendar.wait_for_run();
    }
    say("all said\n");
}

/// Its queue of commands at random.
void break_queue() {
    Calendar calendar = started();
    test::FakeDevice device(calendar);
    std::mt19937_64 random(1);
    for (std::uint64_t at = 0; at < test::FakeDevice::kBytes; at += 8)
        device.put_anywhere(at, random());
    device.tell(VhostRequest::kVringKick, VringState{0, 0});
}

/// Says which interrupts come when, for the first millisecond.
void listen() {
    Calendar calendar = started();
    test::FakeDevice device(calendar);
    device.offer_places(2);
    for (std::uint64_t now = 0; now < 1'000'000; now = calendar.ask(CalendarOp::kGet)) {
        device.sleep_until(1'000'000);
        std::string text = std::to_string(calendar.ask(CalendarOp::kGet)) + ":";
        for (const InterruptMessage& message : device.take_interrupts())
            text += " " + std::to_string(message[0]) + "/" +
                    std::to_string(message[0] == 7 ? message[16] : message[8]);
        say(text + "\n");
    }
}

/// One access of each kind, and what is answered.
void touch() {
    Calendar calendar = started();
    test::FakeDevice device(calendar);
    device.access({PcidevOp::kCfgWrite, 0, 0, 8, 0x10}, {1, 2, 3, 4, 5, 6, 7, 8}, 0);
    device.access({PcidevOp::kMmioWrite, 4, 0, 4, 0x20}, {9, 9, 9, 9}, 0);
    device.access({PcidevOp::kMmioMemset, 0, 0, 6, 0x1002}, {7}, 0);
    device.access({PcidevOp::kMmioRead, 0, 0, 8, 0x30}, {}, 8);
    say("read " + std::to_string(device.answer(0)) + "\n");
    device.access({PcidevOp::kMmioRead, 2, 0, 8, 0x30}, {}, 8);
    say("nothing " + std::to_string(device.answer(7)) + "\n");
    device.sleep_until(1'000'000);
}

/// Touches its device at each of some moments, which are those of other guests, too.
void touch_often() {
    Calendar calendar = started();
    test::FakeDevice device(calendar);
    for (std::uint64_t ns = 1000; ns <= 3000; ns += 1000) {
        device.sleep_until(ns);
        device.access({PcidevOp::kCfgWrite, 0, 0, 4, 0x10}, {1, 0, 0, 0, 0, 0, 0, 0}, 0);
    }
}

/// Says how far it may go by itself whenever it runs.
void say_windows() {
    Calendar calendar = started();
    for (const std::uint64_t ns : {1000, 2000, 5000}) {
        calendar.ask(CalendarOp::kRequest, ns);
        calendar.ask(CalendarOp::kWait);
        for (CalendarMessage message; message.op != CalendarOp::kRun;) {
            message = calendar.receive();
            if (message.op == CalendarOp::kFreeUntil) say(std::to_string(message.time) + "\n");
        }
    }
}

void wait_once(std::uint64_t ns) {
    Calendar calendar = started();
    calendar.ask(CalendarOp::kRequest, ns);
    calendar.wait_for_run();
}

[[noreturn]] void end_init(const char* code) {
    say(std::string{"Kernel panic - not syncing: Attempted to kill init! exitcode="} + code + "\n");
    ::abort();
}

/// What a driver does when the first command of a pair is not completed first.
enum class OnWrongOrder { kNothing, kEnd, kEndByNumber, kPanic, kHang };

void meet_wrong_order(OnWrongOrder on_wrong_order, Calendar& calendar, std::uint64_t number) {
    if (on_wrong_order == OnWrongOrder::kNothing) return;
    say("command " + std::to_string(number) + " is not the first one\n");
    if (on_wrong_order == OnWrongOrder::kEnd) end_init("0x00000300");
    if (on_wrong_order == OnWrongOrder::kEndByNumber)
        end_init(number < 16 ? "0x00000300" : "0x00000400");
    if (on_wrong_order == OnWrongOrder::kPanic) {
        say("Kernel panic - not syncing: a command is lost\nCPU: 0\n");
        ::abort();
    }
    calendar.ask(CalendarOp::kRequest, kNever);
    calendar.wait_for_run();
}

/// A driver that sends pairs of commands. One with a bug trusts that the first of a pair is
/// completed first, as it is by a device that nobody disturbs.
void send_pairs(OnWrongOrder on_wrong_order) {
    constexpr std::uint64_t kQueue = 0x39000, kEntries = 0x3a000, kData = 0x3b000;
    constexpr std::uint64_t kSq0Tail = 0x1000, kCq0Head = 0x1004;
    Calendar calendar = started();
    test::FakeDevice device(calendar);
    const auto write = [&](std::uint64_t address, std::uint64_t value, std::uint32_t bytes) {
        std::vector<std::uint8_t> data(bytes);
        std::memcpy(data.data(), &value, bytes);
        device.access({PcidevOp::kMmioWrite, 0, 0, bytes, address}, data, 0);
    };
    device.access({PcidevOp::kCfgWrite, 0, 0, 2, 4}, {6, 0, 0, 0, 0, 0, 0, 0}, 0);
    write(0x24, 0x001f001f, 4);                          // AQA
    write(0x28, test::FakeDevice::kBase + kQueue, 8);    // ASQ
    write(0x30, test::FakeDevice::kBase + kEntries, 8);  // ACQ
    write(0x14, 0x00460001, 4);                          // CC
    std::uint64_t now = 500'000'000;
    device.sleep_until(now);
    for (std::uint64_t number = 0; number != 30; number += 2) {
        for (std::uint64_t cid = number; cid != number + 2; ++cid) {
            const std::uint64_t entry = kQueue + 64 * cid;
            device.put_anywhere(entry, 0x06 | cid << 16);  // Identify Controller
            device.put_anywhere(entry + 24, test::FakeDevice::kBase + kData + cid % 2 * 0x1000);
            device.put_anywhere(entry + 40, 1);
        }
        write(kSq0Tail, number + 2, 4);
        device.sleep_until(now += 10'000'000);
        const std::uint64_t first = device.get_anywhere(kEntries + 16 * number + 8);
        write(kCq0Head, number + 2, 4);
        if ((first >> 32 & 0xffff) != number) meet_wrong_order(on_wrong_order, calendar, number);
    }
    say("all is done\n");
}

using Deed = void (*)();
const std::map<std::string_view, Deed> kDeeds{
    {"good", [] { say("all is well\n"); }},
    {"silent", [] { sleep_for_ever(); }},
    {"spins",
     [] {
         started();
         sleep_for_ever();
     }},
    {"aborts", [] { ::abort(); }},
    {"panics",
     [] {
         started();
         say("Kernel panic - not syncing: no root\nCPU: 0\n");
         ::abort();
     }},
    {"init_exits",
     [] {
         started();
         end_init("0x00000500");
     }},
    {"no_start", [] { Calendar().ask(CalendarOp::kGet); }},
    {"unknown_op", [] { started().ask(static_cast<CalendarOp>(99)); }},
    {"answers_nothing", [] { started().ask(CalendarOp::kAck); }},
    {"into_the_past",
     [] {
         Calendar calendar = started();
         calendar.ask(CalendarOp::kRequest, 1000);
         calendar.wait_for_run();
         calendar.ask(CalendarOp::kRequest, 10);
     }},
    {"runs_ahead", [] { started().ask(CalendarOp::kUpdate, 5'000'000'000); }},
    {"half",
     [] {
         send_bytes(connect_to("cal"), "abc", 3);
         sleep_for_ever();
     }},
    {"no_message",
     [] {
         const Calendar calendar = started();
         const std::vector<std::uint8_t> nonsense(4096, 0xee);
         tell_device(nonsense.data(), nonsense.size());
     }},
    {"unknown_request",
     [] {
         Calendar calendar = started();
         const std::uint32_t request[]{77, 1, 0};
         tell_device(request, sizeof request);
     }},
    {"ticks",
     [] {
         Calendar calendar = started();
         for (std::uint64_t ns = 1'000'000;; ns += 1'000'000) {
             calendar.ask(CalendarOp::kRequest, ns);
             calendar.wait_for_run();
             if (calendar.ask(CalendarOp::kGet) != ns) ::abort();
         }
     }},
    {"for_ever", [] { wait_once(kNever); }},
    // Two guests: one that goes down, and one that goes on after that.
    {"pair0",
     [] {
         wait_once(2000);
         say("0 goes on\n");
     }},
    {"pair1",
     [] {
         wait_once(1000);
         say("Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000500\n");
         ::abort();
     }},
    {"crash0", [] { wait_once(2000); }},
    {"crash1",
     [] {
         started();
         say("Kernel panic - not syncing: no root\n");
         ::abort();
     }},
    {"nonsense0", [] { wait_once(2000); }},
    {"nonsense1", [] { started().ask(static_cast<CalendarOp>(99)); }},
    {"anything", access_anything},
    {"listens", listen},
    {"touches", touch},
    {"touches_often", touch_often},
    {"says_windows", say_windows},
    {"waits_until_4000", [] { wait_once(4000); }},
    {"trusts_order", [] { send_pairs(OnWrongOrder::kEnd); }},
    {"trusts_nothing", [] { send_pairs(OnWrongOrder::kNothing); }},
    {"ends_by_number", [] { send_pairs(OnWrongOrder::kEndByNumber); }},
    {"panics_later", [] { send_pairs(OnWrongOrder::kPanic); }},
    {"hangs", [] { send_pairs(OnWrongOrder::kHang); }},
    {"ends_with_2",
     [] {
         started();
         end_init("0x00000200");
     }},
    {"bad_queue", break_queue},
    {"much",
     [] {
         started();
         const std::string line(1000, 'x');
         for (int i = 0; i < 1000; ++i) say(line);
     }},
};

}  // namespace

int main(int argc, char** argv) {
    const auto deed = kDeeds.find(argv[argc - 1]);
    if (deed == kDeeds.end()) return 99;
    deed->second();
    return 0;
}
