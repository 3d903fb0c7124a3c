// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/observe/vcd_document.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

namespace nvme::test {

namespace {

/// A simple identifier of IEEE 1364.
bool is_identifier(const std::string& word) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !word.empty() && letter(word[0]) && std::all_of(word.begin(), word.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9');
    });
}

/// Words up to $end.
std::vector<std::string> section(std::istream& in) {
    std::vector<std::string> words;
    for (std::string word; in >> word && word != "$end";) words.push_back(word);
    return words;
}

}  // namespace

std::uint64_t VcdDocument::Signal::at(std::uint64_t time) const {
    std::uint64_t value = 0;
    for (const Change& c : changes)
        if (c.time <= time) value = c.value;
    return value;
}

std::uint64_t VcdDocument::Signal::first(std::uint64_t value, std::uint64_t from) const {
    for (const Change& c : changes)
        if (c.time >= from && c.value == value) return c.time;
    return std::numeric_limits<std::uint64_t>::max();
}

std::vector<std::uint64_t> VcdDocument::Signal::times() const {
    std::vector<std::uint64_t> out;
    for (const Change& c : changes) out.push_back(c.time);
    return out;
}

VcdDocument::VcdDocument(const std::string& path) {
    std::ifstream in(path);
    if (!in) {
        problems.push_back(path + " cannot be read");
        return;
    }
    read_declarations(in);
    read_changes(in);
}

const VcdDocument::Signal& VcdDocument::operator[](const std::string& name) {
    const auto it = signals.find(name);
    if (it != signals.end()) return it->second;
    problems.push_back("no signal " + name);
    return signals[name];
}

void VcdDocument::read_declarations(std::istream& in) {
    std::vector<std::string> scopes;
    for (std::string word; in >> word;) {
        const auto words = section(in);
        if (word == "$enddefinitions") {
            if (!scopes.empty()) problems.push_back("scope " + scopes.back() + " is not closed");
            return;
        }
        if (word == "$timescale") {
            for (const auto& w : words) timescale += w;
        } else if (word == "$scope" && words.size() == 2) {
            if (!is_identifier(words[1])) problems.push_back("scope " + words[1]);
            scopes.push_back(words[1]);
        } else if (word == "$upscope" && !scopes.empty()) {
            scopes.pop_back();
        } else if (word == "$var" && (words.size() == 4 || words.size() == 5)) {
            if (!is_identifier(words[3])) problems.push_back("name " + words[3]);
            if (words.size() == 5 && words[4][0] != '[') problems.push_back("range " + words[4]);
            std::string name;
            for (const auto& s : scopes) name += s + ".";
            name += words[3];
            if (!names_.emplace(words[2], name).second) problems.push_back("code used twice");
            if (signals.count(name) != 0) problems.push_back(name + " is declared twice");
            Signal& signal = signals[name];
            signal.type = words[0];
            signal.width = static_cast<unsigned>(std::stoul(words[1]));
        } else if (word != "$date" && word != "$version" && word != "$comment") {
            problems.push_back("unexpected declaration " + word);
        }
    }
    problems.push_back("$enddefinitions is missing");
}

void VcdDocument::read_changes(std::istream& in) {
    bool initial = false;
    for (std::string word; in >> word;) {
        if (word == "$comment") {
            (void)section(in);
        } else if (word == "$dumpvars") {
            initial = true;
        } else if (word == "$end") {
            initial = false;
        } else if (word[0] == '#') {
            const std::uint64_t time = std::stoull(word.substr(1));
            if (time < end) problems.push_back("time goes back to " + word);
            end = time;
        } else if (word[0] == 'b') {
            std::string id;
            in >> id;
            change(id, word.substr(1), initial);
        } else if (word[0] == '0' || word[0] == '1' || word[0] == 'z') {
            change(word.substr(1), word.substr(0, 1), initial);
        } else {
            problems.push_back("unexpected " + word);
        }
    }
}

void VcdDocument::change(const std::string& id, const std::string& bits, bool initial) {
    const auto name = names_.find(id);
    if (name == names_.end()) {
        problems.push_back("change of undeclared " + id);
        return;
    }
    const bool driven = bits != "z";
    if (bits.empty() || (driven && bits.find_first_not_of("01") != std::string::npos)) {
        problems.push_back("value " + bits + " of " + name->second);
        return;
    }
    Signal& signal = signals[name->second];
    if (bits.size() > signal.width) problems.push_back(name->second + " is too wide");
    if (initial && signal.type == "event") problems.push_back("initial event " + name->second);
    signal.changes.push_back({end, driven ? std::stoull(bits, nullptr, 2) : kHighZ});
}

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace nvme::test
