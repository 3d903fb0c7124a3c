// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_header.h"

#include <cstddef>
#include <map>
#include <string_view>

#include "models/observe/vcd/vcd_names.h"

namespace observe {

namespace {

struct Scope {
    std::vector<std::pair<std::string, std::size_t>> scopes;  // name, index
    std::vector<std::pair<std::string, std::size_t>> signals;
};

class Tree {
public:
    void add(std::string_view path, std::size_t signal) {
        std::size_t scope = 0;
        for (std::size_t dot; (dot = path.find('.')) != path.npos; path.remove_prefix(dot + 1))
            scope = child(scope, std::string(path.substr(0, dot)));
        scopes_[scope].signals.emplace_back(path, signal);
    }
    void append(std::string& out, const std::vector<VcdDeclaration>& declarations,
                std::size_t scope = 0) const {
        for (const auto& [name, index] : scopes_[scope].signals) {
            const unsigned width = declarations[index].width;
            out += "$var " + std::string(width == 0 ? "event" : "wire") + " " +
                   std::to_string(width == 0 ? 1 : width) + " " + vcd_code(index) + " " + name;
            if (width > 1) out += " [" + std::to_string(width - 1) + ":0]";
            out += " $end\n";
        }
        for (const auto& [name, index] : scopes_[scope].scopes) {
            out += "$scope module " + name + " $end\n";
            append(out, declarations, index);
            out += "$upscope $end\n";
        }
    }

private:
    std::size_t child(std::size_t parent, const std::string& name) {
        const auto [it, is_new] = known_.try_emplace({parent, name}, scopes_.size());
        if (is_new) {
            scopes_[parent].scopes.emplace_back(name, scopes_.size());
            scopes_.emplace_back();
        }
        return it->second;
    }

    std::vector<Scope> scopes_ = std::vector<Scope>(1);
    std::map<std::pair<std::size_t, std::string>, std::size_t> known_;
};

}  // namespace

void append_vcd_header(std::string& out, const std::vector<VcdDeclaration>& declarations) {
    out += "$version nvme-tlm $end\n$timescale 1 ps $end\n";
    Tree tree;
    for (std::size_t i = 0; i < declarations.size(); ++i) tree.add(declarations[i].name, i);
    tree.append(out, declarations);
    out += "$enddefinitions $end\n";
}

}  // namespace observe
