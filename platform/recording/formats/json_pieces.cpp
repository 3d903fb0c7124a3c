// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/formats/json_pieces.h"

#include <utility>

namespace platform {

int JsonPieces::get() {
    ++at_;
    return stream_.get();
}

JsonPieces::Step JsonPieces::damaged(const char* problem) {
    ended_ = true;
    problem_ = problem;
    return Step::kDamage;
}

JsonPieces::Step JsonPieces::next(Piece& piece) {
    while (!ended_) {
        piece.at = at_;
        const int c = get();
        if (c == std::char_traits<char>::eof()) return damaged("the file ends within its object");
        if (c <= ' ') continue;
        if (depth_ == 0) {
            if (c != '{') return damaged("is no JSON object");
            depth_ = 1;
            continue;
        }
        if (c == ']' && depth_ == 2) {
            depth_ = 1;
            continue;
        }
        if (c == '[' && depth_ == 1) {
            depth_ = 2;
            continue;
        }
        piece.name = name_;
        piece.text = static_cast<char>(c);
        if (c == '"' && !read_string(piece.text))
            return damaged("a string is too long, or has no end");
        if ((c == '{' || c == '[') && !read_nested(piece.text))
            return damaged("an object is too long, or has no end");
        if (depth_ == 2) {
            if (c == '{') return Step::kObject;
        } else if (c == '"') {
            name_ = piece.text.substr(1, piece.text.size() - 2);
        } else if (c == ',' || c == '}') {
            ended_ = c == '}';
            piece.text = std::exchange(scalar_, {});
            if (!piece.text.empty()) return Step::kValue;
        } else if (c != '{' && c != ':' && scalar_.size() < kLongestValue) {
            scalar_ += static_cast<char>(c);
        }
    }
    return Step::kEnd;
}

bool JsonPieces::read_string(std::string& text) {
    for (bool escaped = false; text.size() < kLongestPiece;) {
        const int c = get();
        if (c == std::char_traits<char>::eof()) return false;
        text += static_cast<char>(c);
        if (c == '"' && !escaped) return true;
        escaped = c == '\\' && !escaped;
    }
    return false;
}

bool JsonPieces::read_nested(std::string& text) {
    for (unsigned open = 1; open != 0;) {
        const int c = get();
        if (c == std::char_traits<char>::eof() || text.size() >= kLongestPiece) return false;
        text += static_cast<char>(c);
        if (c == '"' && !read_string(text)) return false;
        if (c == '{' || c == '[') ++open;
        if (c == '}' || c == ']') --open;
    }
    return true;
}

}  // namespace platform
