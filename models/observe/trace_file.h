// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>

namespace observe {

/// The file behind a trace. A write error does not stop the simulation: it is kept until somebody
/// asks, and what comes later is dropped.
class TraceFile {
public:
    /// Replaces the file. Throws std::runtime_error when it cannot be opened.
    explicit TraceFile(const std::string& path);

    void write(const void* bytes, std::size_t count);
    /// Others see what was written.
    void flush();
    /// Later writes are dropped. Returns what went wrong with the file since it was opened, empty
    /// when it is complete. A second call returns the same.
    [[nodiscard]] std::string close();

private:
    struct Closer {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    void fail();

    const std::string path_;
    std::unique_ptr<std::FILE, Closer> file_;
    std::string error_;
};

}  // namespace observe
