// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "models/observe/text_line.h"
#include "models/observe/trace.h"

namespace observe {

/// Writes each event down as a TextTrace does.
class Lines final : public EveryEvent<Lines> {
public:
    template <typename E>
    void every(const E& e) {
        begin_text_line(text, e.ps, E::kName);
        E::fields(e, TextFields(text));
        text += '\n';
    }
    std::string text;
};

/// Visitor: gives each field a value of its own.
class Filler : public WithoutNotes {
public:
    template <typename T>
    void dec(std::string_view, T& field) {
        field = static_cast<T>(random());
    }
    template <typename T>
    void hex(std::string_view, T& field) {
        field = static_cast<T>(random());
    }
    template <typename T>
    void hex_or_none(std::string_view key, T& field) {
        if (random() % 2 != 0) hex(key, field);
    }
    void id_or_none(std::string_view, std::uint32_t& field) {
        field = random() % 2 != 0 ? static_cast<std::uint32_t>(random() % 65536) : kNoId;
    }
    template <typename E>
    void word(std::string_view, E& field) {
        do field = static_cast<E>(random() % 8);
        while (word_of(field).empty());
    }
    void either(std::string_view, bool& flag, std::string_view, std::string_view) {
        flag = random() % 2 != 0;
    }
    void token(std::string_view, std::string_view& field) { field = "a.token-1"; }
    void text(std::string_view, std::string_view& field) { field = "blanks, = and \\ in it"; }

private:
    std::uint64_t random() { return random_(); }
    std::mt19937_64 random_{20};
};

/// Twenty of every event.
template <typename... E>
void record_some(EventTypes<E...>, TraceSink& sink) {
    Filler fill;
    const auto one = [&](auto event) {
        for (int i = 0; i < 20; ++i) {
            event = {};
            event.ps = 1000u + static_cast<unsigned>(i);
            event.fields(event, fill);
            sink.record(event);
        }
    };
    (one(E{}), ...);
}

}  // namespace observe
