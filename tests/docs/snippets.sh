#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the C++ of every document: snippets.sh <source folder> <work folder> <compiler> [options]
#
# What a ```cpp block on a page has to be:
#   - It begins with the #include lines of everything that it uses, and then is the body of a function;
#     local classes are possible.
#   - A block without #include continues the one before it on its page, in a scope inside of that one's:
#     it may use its names, or give them to something else.
# Nothing else is added: what a reader copies together compiles.
set -u
source=$1 work=$2
shift 2

rm -rf "$work"
mkdir -p "$work"
cd "$source" || exit 1
find . -name '*.md' ! -path './build/*' ! -path './.git/*' | sort | while read -r page; do
    awk -v page="${page#./}" -v work="$work" '
        function end_unit() {
            for (; depth > 0; --depth) print "}" > unit
            if (unit != "") close(unit)
            unit = ""
        }
        function open_scope() {
            print(depth == 0 ? "[[maybe_unused]] static void snippet() {" : "{") > unit
            printf "#line %d \"%s\"\n", FNR, page > unit
            ++depth
        }
        /^```/ && inside {
            if (!opened) open_scope()
            inside = 0
            next
        }
        /^```(cpp|c\+\+|cc|cxx)/ { inside = 1; opened = 0; first = 1; next }
        !inside { next }
        first && /^#include/ {
            end_unit()
            name = page
            gsub(/[\/.]/, "_", name)
            unit = work "/" name "_" FNR ".cpp"
            printf "#line %d \"%s\"\n", FNR, page > unit
        }
        first && unit == "" {
            unit = work "/none.cpp"
            printf "#line %d \"%s\"\n#error it has no #include, and there is none to continue\n",
                   FNR, page > unit
        }
        { first = 0 }
        !opened && !/^#include/ && !/^$/ { open_scope(); opened = 1 }
        { print > unit }
        END { end_unit() }' "$page"
done

failed=0 units=0
for unit in "$work"/*.cpp; do
    [ -e "$unit" ] || { echo "no snippet found"; exit 1; }
    units=$((units + 1))
    "$@" -fsyntax-only "$unit" || failed=1
done
echo "$units units"
exit $failed
