// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/story.h"

#include <algorithm>
#include <cmath>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/status.h"
#include "traces/analysis/words.h"

namespace analysis {
using util::TimePs;

namespace {

/// A story that nobody reads to its end.
constexpr std::size_t kMostLines = 200;

void tell(Story& story, TimePs ps, std::string text) {
    if (story.lines.size() < kMostLines) story.lines.push_back({ps, std::move(text)});
}

/// "in 12 us", of what lies ahead.
std::string ahead(TimePs now, TimePs at) {
    return at == util::kNever ? "when something has ended"
                              : "in " + in_time(at - std::min(now, at));
}

}  // namespace

std::vector<std::size_t> slowest_of(const Analysis& analysis, std::size_t most) {
    const std::vector<Command>& commands = analysis.commands;
    std::vector<std::size_t> found;
    const auto slower = [&](std::size_t a, std::size_t b) {
        const TimePs x = commands[a].latency_ps();
        const TimePs y = commands[b].latency_ps();
        return x != y ? x > y : a < b;
    };
    for (std::size_t i = 0; i < commands.size() && most != 0; ++i) {
        if (!commands[i].is_io() || !commands[i].completed()) continue;
        if (found.size() == most) {
            if (!slower(i, found.back())) continue;
            found.pop_back();
        }
        found.insert(std::upper_bound(found.begin(), found.end(), i, slower), i);
    }
    return found;
}

std::string describe(const Command& command) {
    std::string text(nvme::spec::command_name(command.sqid, command.opcode));
    if (command.is_io()) text += " of namespace " + std::to_string(command.nsid);
    if (command.blocks != 0)
        text +=
            ", " + std::to_string(command.blocks) + " blocks at " + std::to_string(command.slba);
    return text + ", command " + std::to_string(command.cid) + " of queue " +
           std::to_string(command.sqid);
}

Storyteller::Storyteller(const Analysis& analysis, std::size_t most) : analysis_(analysis) {
    for (const std::size_t i : slowest_of(analysis, most)) {
        const Command& command = analysis.commands[i];
        by_command_.emplace(std::uint32_t{command.sqid} << 16 | command.cid, stories_.size());
        stories_.push_back({i, {}});
    }
}

Story* Storyteller::story_of(std::uint32_t sqid, std::uint32_t cid, TimePs ps) {
    if (sqid > 0xffff || cid > 0xffff) return nullptr;
    const auto [begin, end] = by_command_.equal_range(sqid << 16 | cid);
    for (auto it = begin; it != end; ++it) {
        const Command& command = analysis_.commands[stories_[it->second].index];
        if (ps >= command.fetched_ps && ps <= command.end_ps) return &stories_[it->second];
    }
    return nullptr;
}

void Storyteller::hear(const observe::CommandStepped& e) {
    Story* const story = story_of(e.sqid, e.cid, e.ps);
    if (story == nullptr) return;
    if (media_.ps == e.ps && media_.bytes != 0)
        tell(*story, e.ps,
             "the media: " + std::string(observe::word_of(media_.use)) + " of " +
                 std::to_string(media_.bytes) + " bytes begins " + ahead(e.ps, media_.begin) +
                 ", ends " + ahead(e.ps, media_.end));
    media_ = {};
    const std::string at = ahead(e.ps, e.at);
    if (e.next == "start")
        tell(*story, e.ps, "decoded " + at);
    else if (e.next == "post")
        tell(*story, e.ps, "the completion entry is there " + at);
    else
        tell(*story, e.ps, "waits: " + std::string(e.next) + " " + at);
}

void Storyteller::hear(const observe::CommandRefused& e) {
    if (Story* const story = story_of(e.sqid, e.cid, e.ps))
        tell(*story, e.ps,
             std::string("refused: ") + nvme::spec::status_name(e.status) + ": " +
                 std::string(e.reason));
}

void Storyteller::hear(const observe::DmaAccess& e) {
    if (e.kind == observe::DmaKind::kCompletionEntry) return;
    if (Story* const story = story_of(e.qid, e.cid, e.ps))
        tell(*story, e.ps,
             std::to_string(e.len) + " bytes " + (e.to_host ? "to" : "from") + " the host (" +
                 std::string(observe::word_of(e.kind)) + ") are through " + ahead(e.ps, e.done) +
                 (e.ok ? "" : ": refused"));
}

void Storyteller::hear(const observe::MediaAccess& e) {
    if (e.use != observe::MediaUse::kDestage) media_ = e;
}

void Storyteller::hear(const observe::MediaBlock& e) {
    for (Story& story : stories_) {
        const Command& command = analysis_.commands[story.index];
        if (e.ps >= command.fetched_ps && e.ps <= command.end_ps)
            tell(story, e.ps,
                 "meanwhile: block " + std::to_string(e.block) + " of die " +
                     std::to_string(e.die) + " " + std::string(observe::word_of(e.cause)) +
                     ", over " + ahead(e.ps, e.done));
    }
}

void Storyteller::hear(const observe::FaultInjected& e) {
    if (Story* const story = story_of(e.sqid, e.cid, e.ps))
        tell(*story, e.ps, "fault " + std::string(e.rule) + ": " + std::string(e.action));
}

/// What the analysis knows of how it began and ended.
void Storyteller::tell_ends(Story& story) const {
    const Command& command = analysis_.commands[story.index];
    std::vector<StoryLine> lines;
    if (command.stage(Stage::kDoorbell) >= 0)
        lines.push_back({command.begin_ps, "the host rings the doorbell"});
    lines.push_back({command.fetched_ps, "fetched: " + describe(command)});
    lines.insert(lines.end(), story.lines.begin(), story.lines.end());
    const auto status = static_cast<nvme::spec::StatusCode>(command.status);
    lines.push_back({command.end_ps, std::string("completion posted: ") +
                                         nvme::spec::status_name(status) + ", after " +
                                         in_time(command.latency_ps())});
    const float interrupt = command.stage(Stage::kInterrupt);
    const float host = command.stage(Stage::kHost);
    const auto later = [&](float ns) {
        return command.end_ps + static_cast<TimePs>(std::llround(static_cast<double>(ns) * 1e3));
    };
    if (interrupt > 0) lines.push_back({later(interrupt), "an interrupt leaves"});
    if (host >= 0)
        lines.push_back({later(std::max(interrupt, 0.0f) + host), "the host has taken the entry"});
    story.lines = std::move(lines);
}

std::vector<Story> Storyteller::finish() {
    for (Story& story : stories_) tell_ends(story);
    return std::move(stories_);
}

}  // namespace analysis
