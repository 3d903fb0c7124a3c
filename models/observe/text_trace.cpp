// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_trace.h"

namespace observe {

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kLongestLine = 512;

}  // namespace

TextTrace::TextTrace(const std::string& path, Detail detail)
    : detail_(detail), file_(path), buffer_(kHeader) {
    buffer_.reserve(kBufferBytes + kLongestLine);
}

TextTrace::~TextTrace() {
    (void)close();
}

void TextTrace::write_buffer() {
    file_.write(buffer_.data(), buffer_.size());
    buffer_.clear();
}

void TextTrace::flush() {
    write_buffer();
    file_.flush();
}

std::string TextTrace::close() {
    write_buffer();
    return file_.close();
}

void TextTrace::end_line() {
    buffer_.append(1, '\n');
    if (buffer_.size() >= kBufferBytes) write_buffer();
}

}  // namespace observe
