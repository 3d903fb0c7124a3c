// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/expression.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "models/nvme/spec/command_formats.h"
#include "traces/analysis/expression_fields.h"

namespace analysis {

struct Expression::Node {
    enum class Kind : unsigned char { kAnd, kOr, kNot, kCompare, kOpcodeName };
    enum class Op : unsigned char { kEqual, kUnequal, kLess, kLessEqual, kGreater, kGreaterEqual };

    Kind kind = Kind::kCompare;
    Op op = Op::kUnequal;
    const ExpressionField* field = nullptr;
    double number = 0;
    std::string name;  ///< of an opcode
    std::shared_ptr<const Node> left, right;
};

namespace {

using Node = Expression::Node;
using Op = Node::Op;
using Kind = ExpressionField::Kind;
using Tree = std::shared_ptr<const Node>;

/// Parentheses and exclamation marks in each other: more would take the stack.
constexpr int kDeepest = 100;

bool same_name(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_opcode_name(std::string_view name) {
    for (unsigned opcode = 0; opcode < 256; ++opcode)
        for (const bool admin : {true, false})
            if (same_name(
                    nvme::spec::command_name(admin ? 0 : 1, static_cast<std::uint8_t>(opcode)),
                    name))
                return true;
    return false;
}

bool in_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Tree parse() {
        Tree tree = either();
        skip_blanks();
        if (problem_.empty() && at_ != text_.size()) wrong(at_, "expected && or ||");
        return problem_.empty() ? tree : nullptr;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    Tree either() {
        return chain("||", Node::Kind::kOr, [this] { return both(); });
    }
    Tree both() {
        return chain("&&", Node::Kind::kAnd, [this] { return term(); });
    }

    template <typename Part>
    Tree chain(std::string_view between, Node::Kind kind, Part part) {
        Tree left = part();
        while (problem_.empty() && take(between)) {
            auto node = std::make_shared<Node>();
            node->kind = kind;
            node->left = std::move(left);
            node->right = part();
            left = std::move(node);
        }
        return left;
    }

    Tree term() {
        skip_blanks();
        const bool negated = at_ < text_.size() && text_[at_] == '!' && !next_is("!=");
        if (!negated && !next_is("(")) return comparison();
        if (++depth_ > kDeepest) return wrong(at_, "is nested too deeply");
        ++at_;
        Tree inner = negated ? term() : either();
        --depth_;
        if (!problem_.empty()) return nullptr;
        if (!negated) return take(")") ? inner : wrong(at_, "expected )");
        auto node = std::make_shared<Node>();
        node->kind = Node::Kind::kNot;
        node->left = std::move(inner);
        return node;
    }

    Tree comparison() {
        skip_blanks();
        const std::size_t begin = at_;
        const std::string_view name = word();
        if (name.empty()) return wrong(begin, "expected a field, ! or (");
        auto node = std::make_shared<Node>();
        node->field = find_field(name);
        if (node->field == nullptr)
            return wrong(
                begin, "\"" + std::string(name) + "\" is no field: must be " + expression_names());
        if (node->field->kind == Kind::kFlag) return node;  // unequal to 0
        if (!take_operator(node->op)) return wrong(at_, "expected ==, !=, <, <=, > or >=");
        if (!take_value(*node)) return nullptr;
        return node;
    }

    bool take_operator(Op& op) {
        constexpr std::pair<std::string_view, Op> kOps[] = {
            {"==", Op::kEqual},        {"!=", Op::kUnequal}, {"<=", Op::kLessEqual},
            {">=", Op::kGreaterEqual}, {"<", Op::kLess},     {">", Op::kGreater}};
        for (const auto& [sign, value] : kOps)
            if (take(sign)) {
                op = value;
                return true;
            }
        return false;
    }

    bool take_value(Node& node) {
        skip_blanks();
        const std::size_t begin = at_;
        if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
            const std::size_t end = text_.find(text_[at_], at_ + 1);
            if (end == text_.npos) return fail(begin, "the quote has no end");
            node.name = text_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
        } else {
            const std::string_view value = word();
            if (value.empty()) return fail(begin, "expected a value");
            if (std::isdigit(static_cast<unsigned char>(value[0])) != 0)
                return take_number(node, value, begin);
            node.name = value;
        }
        if (node.field->kind != Kind::kOpcode)
            return fail(begin, std::string(node.field->name) + " is compared with a number");
        if (node.op != Op::kEqual && node.op != Op::kUnequal)
            return fail(begin, "a name is compared by == or !=");
        if (!is_opcode_name(node.name)) return fail(begin, "\"" + node.name + "\" is no command");
        node.kind = Node::Kind::kOpcodeName;
        return true;
    }

    bool take_number(Node& node, std::string_view value, std::size_t begin) {
        const char* const end = value.data() + value.size();
        std::from_chars_result result{};
        if (value.substr(0, 2) == "0x") {
            std::uint64_t number = 0;
            result = std::from_chars(value.data() + 2, end, number, 16);
            node.number = static_cast<double>(number);
        } else {
            result = std::from_chars(value.data(), end, node.number);
        }
        if (result.ec != std::errc{}) return fail(begin, "is no number");
        const std::string_view unit(result.ptr, static_cast<std::size_t>(end - result.ptr));
        const std::size_t column = begin + value.size() - unit.size();
        const bool time = node.field->kind == Kind::kTime;
        constexpr std::pair<std::string_view, double> kTimes[] = {
            {"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
        constexpr std::pair<std::string_view, double> kCounts[] = {
            {"", 1}, {"k", 1024}, {"K", 1024}, {"m", 1 << 20}, {"M", 1 << 20}, {"G", 1 << 30}};
        const auto scale = [&](const auto& units) {
            for (const auto& [name, factor] : units)
                if (name == unit) {
                    node.number *= factor;
                    return true;
                }
            return false;
        };
        if (time ? scale(kTimes) : scale(kCounts)) return true;
        return fail(column, time ? std::string(node.field->name) +
                                       " is a time, and needs a unit: ns, us, ms or s"
                                 : "\"" + std::string(unit) + "\" is no unit: must be K, M or G");
    }

    void skip_blanks() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0)
            ++at_;
    }
    bool next_is(std::string_view sign) const { return text_.substr(at_, sign.size()) == sign; }
    bool take(std::string_view sign) {
        skip_blanks();
        if (!next_is(sign)) return false;
        at_ += sign.size();
        return true;
    }
    std::string_view word() {
        const std::size_t begin = at_;
        while (at_ < text_.size() && in_word(text_[at_])) ++at_;
        return text_.substr(begin, at_ - begin);
    }
    bool fail(std::size_t at, const std::string& what) {
        (void)wrong(at, what);
        return false;
    }
    /// Always null, so that it can be returned.
    Tree wrong(std::size_t at, const std::string& what) {
        if (problem_.empty()) problem_ = "column " + std::to_string(at + 1) + ": " + what;
        return nullptr;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::string problem_;
};

bool compare(Op op, double a, double b) {
    switch (op) {
        case Op::kEqual:
            return a == b;
        case Op::kUnequal:
            return a != b;
        case Op::kLess:
            return a < b;
        case Op::kLessEqual:
            return a <= b;
        case Op::kGreater:
            return a > b;
        case Op::kGreaterEqual:
            return a >= b;
    }
    return false;
}

bool true_of(const Node& node, const Command& command) {
    switch (node.kind) {
        case Node::Kind::kAnd:
            return true_of(*node.left, command) && true_of(*node.right, command);
        case Node::Kind::kOr:
            return true_of(*node.left, command) || true_of(*node.right, command);
        case Node::Kind::kNot:
            return !true_of(*node.left, command);
        case Node::Kind::kOpcodeName:
            return (node.op == Op::kEqual) ==
                   same_name(nvme::spec::command_name(command.sqid, command.opcode), node.name);
        case Node::Kind::kCompare:
            break;
    }
    const std::optional<double> value = node.field->value(command);
    return value && compare(node.op, *value, node.number);
}

}  // namespace

std::shared_ptr<const Expression> Expression::parse(std::string_view text, std::string& problem) {
    Parser parser(text);
    Tree tree = parser.parse();
    problem = parser.problem();
    return tree == nullptr ? nullptr : std::make_shared<const Expression>(std::move(tree));
}

bool Expression::holds(const Command& command) const {
    return true_of(*root_, command);
}

}  // namespace analysis
