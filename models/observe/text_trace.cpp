// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_trace.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace observe {

namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
constexpr std::size_t kLongestLine = 512;

}  // namespace

TextTrace::TextTrace(const std::string& path, Detail detail)
    : path_(path), detail_(detail), file_(std::fopen(path.c_str(), "wb")), buffer_(kHeader) {
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

void TextTrace::end_line() {
    buffer_.append(1, '\n');
    if (buffer_.size() >= kBufferBytes) flush();
}

}  // namespace observe
