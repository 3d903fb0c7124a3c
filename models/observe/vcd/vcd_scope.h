// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "models/observe/vcd/vcd_selection.h"
#include "models/observe/vcd/vcd_writer.h"

namespace observe {

/// Where signals are declared: a place in the hierarchy of a file, and which of them are wanted.
class VcdScope {
public:
    VcdScope(VcdWriter& writer, const VcdSelection& selection, const std::string& controller)
        : writer_(writer), selection_(selection), controller_(controller) {}

    /// VcdSignal::kNone: it is not wanted.
    [[nodiscard]] VcdSignal wire(const std::string& name, unsigned width) const {
        return wants(name) ? writer_.declare(controller_ + "." + prefix_ + name, width)
                           : VcdSignal::kNone;
    }
    [[nodiscard]] VcdSignal event(const std::string& name) const {
        return wants(name) ? writer_.declare_event(controller_ + "." + prefix_ + name)
                           : VcdSignal::kNone;
    }
    [[nodiscard]] VcdScope inside(const std::string& name) const {
        VcdScope scope = *this;
        scope.prefix_ += name + ".";
        return scope;
    }
    [[nodiscard]] VcdWriter& writer() const { return writer_; }

private:
    [[nodiscard]] bool wants(const std::string& name) const {
        return selection_.has(controller_, prefix_ + name);
    }

    VcdWriter& writer_;
    const VcdSelection& selection_;
    const std::string controller_;
    std::string prefix_;
};

}  // namespace observe
