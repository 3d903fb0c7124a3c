// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <memory>
#include <string>

namespace observe {

/// A file that is written piece by piece. A write error does not stop the simulation: whoever owns
/// the file asks close().
class VcdOutput {
public:
    /// Replaces the file. Throws std::runtime_error when its name does not end in ".vcd" or it
    /// cannot be opened.
    explicit VcdOutput(const std::string& path);

    /// What is to be written; flush_if_full() after each piece.
    [[nodiscard]] std::string& text() { return text_; }
    void flush_if_full() {
        if (text_.size() >= kBufferBytes) flush();
    }
    /// Empty, or what went wrong since the file was opened.
    [[nodiscard]] std::string close();
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    static constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void flush();
    void fail(int error);

    const std::string path_;
    std::unique_ptr<std::FILE, Closer> file_;
    std::string text_, problem_;
};

}  // namespace observe
