// SPDX-License-Identifier: Apache-2.0
#include "sc_main/uml_guests.h"

#include <algorithm>

namespace nvme_vp {

namespace {

using platform::for_guest;

}  // namespace

int GuestEnds::code() const {
    const auto first = std::find_if(codes.begin(), codes.end(), [](int code) { return code != 0; });
    return first == codes.end() ? 0 : *first;
}

std::string UmlGuests::start(const platform::ProgramConfig& config) {
    const platform::RunOptions& run = config.run;
    const std::vector<unsigned> controllers = platform::controllers_of_guests(config.system);
    for (unsigned number = 0; number < controllers.size(); ++number) {
        all_.push_back(std::make_unique<Guest>());
        const bool prefixed = controllers.size() > 1 && run.console == "-";
        if (std::string wrong = all_.back()->console.open(
                for_guest(run.console, number),
                prefixed ? "[" + std::to_string(number) + "] " : std::string{});
            !wrong.empty())
            return wrong;
    }
    for (unsigned number = 0; number < controllers.size(); ++number) {
        Guest& guest = *all_[number];
        const platform::uml::GuestOptions options{for_guest(run.kernel, number),
                                                  for_guest(run.initrd, number),
                                                  for_guest(run.append, number),
                                                  controllers[number],
                                                  {},
                                                  number};
        if (std::string wrong = guest.process.start(options); !wrong.empty()) return wrong;
        guest.console.follow(guest.process.console_path());
    }
    return {};
}

void UmlGuests::pass_on_soon() {
    for (const auto& guest : all_) guest->console.pass_on_soon();
}

GuestEnds UmlGuests::end(const platform::uml::Calendar& calendar, const std::string& wrong) {
    GuestEnds ends;
    if (!wrong.empty()) ends.problems.push_back(wrong);
    for (std::size_t number = 0; number < all_.size(); ++number) {
        Guest& guest = *all_[number];
        platform::uml::GuestProcess::End end;
        if (calendar.guest_has_ended(number))
            end = guest.process.wait();
        else
            ends.all_ended = false;
        guest.process.kill();
        guest.console.pass_on();
        ends.codes.push_back(end.code);
        if (end.problem.empty()) continue;
        if (all_.size() > 1) end.problem.insert(0, "guest " + std::to_string(number) + ": ");
        ends.problems.push_back(end.problem);
    }
    return ends;
}

std::string UmlGuests::close_consoles() {
    std::string wrong;
    for (const auto& guest : all_)
        if (const std::string mine = guest->console.close(); wrong.empty()) wrong = mine;
    return wrong;
}

}  // namespace nvme_vp
