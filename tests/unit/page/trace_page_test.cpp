// SPDX-License-Identifier: Apache-2.0
#include "traces/page/trace_page.h"

#include <gtest/gtest.h>

#include <cctype>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

namespace traces {
namespace {

const std::string kOpening = "<script type=\"application/json\" id=\"report\">";

// What a browser takes for the report: up to the first end of a script, whatever the case.
std::string report_in(const std::string& page) {
    const std::size_t begin = page.find(kOpening);
    if (begin == std::string::npos) return "no report";
    std::string lower = page.substr(begin + kOpening.size());
    const std::string rest = lower;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return rest.substr(0, lower.find("</script"));
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

// The same page without its comment and its report: what is left is ours and the library's.
std::string code_of(const std::string& page) {
    const std::size_t licence = page.find("-->");
    return page.substr(licence == std::string::npos ? 0 : licence + 3);
}

TEST(TracePage, HoldsTheReportAsItIs) {
    const std::string report = R"({"format":1,"meta":{"file":"run.trace"},"commands":{"count":0}})";
    EXPECT_EQ(report_in(trace_page(report)), report);
}

TEST(TracePage, NoTextOfATraceEndsTheReport) {
    const nlohmann::json hostile = {
        {"format", 1},
        {"meta",
         {{"file", "</script><script>alert(1)</script>"},
          {"note", "</SCRIPT ><img src=x onerror=alert(1)>"}}},
        {"limits", "<!-- <script> -->"},
        {"opcodes", {{"io", {{"2", "]]></script/"}}}}},
    };
    const std::string page = trace_page(hostile.dump());
    const std::string inside = report_in(page);
    EXPECT_EQ(inside.find('<'), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(inside), hostile);
    EXPECT_EQ(count(page, "<script"), count(trace_page("{}"), "<script"));
}

TEST(TracePage, WhatIsNotJsonCannotEndTheReportEither) {
    for (const std::string text :
         {"", "<", "</script>", "<<", "a<b</script><", "\x00\xff<", "@own_script@"}) {
        const std::string inside = report_in(trace_page(text));
        EXPECT_EQ(inside.find('<'), std::string::npos) << text;
        EXPECT_EQ(count(inside, "\\u003c"), count(text, "<")) << text;
    }
}

TEST(TracePage, IsOneFile) {
    const std::string page = code_of(trace_page("{}"));
    EXPECT_FALSE(std::regex_search(
        page, std::regex("<(script|img|iframe|link|object|embed)[^>]* (src|href)=\"(?!data:)")));
    EXPECT_EQ(page.find("@import"), std::string::npos);
    EXPECT_EQ(page.find("url("), std::string::npos);
    EXPECT_EQ(page.find("sourceMappingURL"), std::string::npos);
    EXPECT_EQ(page.find("@own_script@"), std::string::npos);
    EXPECT_EQ(page.find("@library_script@"), std::string::npos);
    EXPECT_NE(page.find("Dygraph"), std::string::npos);
    EXPECT_NE(page.find("nvmeTracePage"), std::string::npos);
}

// The address of the library's licence is in its first comment; nothing else looks like an address.
TEST(TracePage, LoadsNothingFromAnywhere) {
    const std::string page = code_of(trace_page("{}"));
    EXPECT_EQ(count(page, "http://"), 0u);
    EXPECT_EQ(count(page, "https://"), count(page, "@license https://"));
    for (const char* call :
         {"XMLHttpRequest(", "fetch(", "WebSocket(", "importScripts", "sendBeacon"})
        EXPECT_EQ(page.find(call, page.find("\"use strict\";\n//")), std::string::npos) << call;
    EXPECT_NE(page.find("content=\"default-src 'none';"), std::string::npos);
}

TEST(TracePage, NamesTheLibrarysLicence) {
    const std::string page = trace_page("{}");
    EXPECT_NE(page.find("dygraphs is MIT-licen"), std::string::npos);
    EXPECT_NE(page.find("Permission is hereby granted"), std::string::npos);
    EXPECT_EQ(page.compare(0, 15, "<!DOCTYPE html>"), 0);
}

// Own code never makes HTML of a text, so a name cannot be an element.
TEST(TracePage, OwnCodeWritesNoHtml) {
    const std::string page = trace_page("{}");
    const std::string own = page.substr(page.find("\"use strict\";\n//"));
    for (const char* way : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write",
                            "eval(", "new Function"})
        EXPECT_EQ(own.find(way), std::string::npos) << way;
}

}  // namespace
}  // namespace traces
