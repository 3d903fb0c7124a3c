// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_views.h"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>

#include "models/observe/vcd/vcd_trace.h"
#include "tests/unit/observe/vcd_fixture.h"

namespace observe {
namespace {

using nvme::test::read_file;

/// The signals that a save file names, with their ranges.
std::vector<std::string> shown(const std::string& save_file) {
    std::vector<std::string> names;
    std::istringstream text(save_file);
    for (std::string line; std::getline(text, line);)
        if (line.rfind("+{", 0) == 0) names.push_back(line.substr(line.find("} ") + 2));
    return names;
}

/// As traces/views has it.
VcdView general_view(VcdWriter& writer) {
    VcdOptions options;
    options.slots = 8;
    options.channels = 8;
    options.dies = 32;
    const VcdTrace trace(writer, options);
    VcdView view = view_of(writer);
    view.file.clear();
    view.stem = "nvme";
    view.length = util::from_ms(2);  // a bring-up
    return view;
}

TEST_F(VcdTest, ViewNamesSignalsThatExistWithTheirRanges) {
    VcdWriter writer(path);
    const VcdTrace trace(writer);
    std::set<std::string> declared;
    for (const VcdDeclaration& d : writer.declarations())
        declared.insert(d.width > 1 ? d.name + "[" + std::to_string(d.width - 1) + ":0]" : d.name);
    const auto names = shown(gtkwave_save_file(view_of(writer)));
    EXPECT_GT(names.size(), 400u);
    for (const std::string& name : names) EXPECT_EQ(declared.count(name), 1u) << name;
}

TEST_F(VcdTest, ViewHasNothingThatWasNotChosen) {
    VcdWriter writer(path);
    VcdOptions options;
    options.signals = VcdSelection("link");
    const VcdTrace trace(writer, options);
    EXPECT_EQ(shown(gtkwave_save_file(view_of(writer))),
              (std::vector<std::string>{"nvme0.link.up[15:0]", "nvme0.link.down[15:0]",
                                        "nvme0.link.tags[16:0]"}));
}

TEST_F(VcdTest, ViewHasTheQueuesThatWereChosenAndTheSignalsOfThePlatform) {
    VcdWriter writer(path);
    VcdOptions options;
    options.signals = VcdSelection("queues.3.in_flight");
    const VcdTrace trace(writer, options);
    (void)writer.declare("cpu.irq", 1);
    (void)writer.declare("cpu.pc", 32);
    EXPECT_EQ(
        shown(gtkwave_save_file(view_of(writer))),
        (std::vector<std::string>{"nvme0.queues.io3.in_flight[15:0]", "cpu.irq", "cpu.pc[31:0]"}));
}

TEST_F(VcdTest, ViewBeginsWhereThereIsSomethingToSee) {
    VcdWriter writer(path);
    VcdTrace trace(writer);
    trace.record(CommandFetched{util::from_us(1), 0, {}});
    trace.record(CommandFetched{util::from_us(700), 1, {}});
    trace.record(CommandFetched{util::from_us(730), 1, {}});
    writer.advance(util::from_us(2000));
    const VcdView view = view_of(writer);
    EXPECT_EQ(view.begin, util::from_us(699));
    EXPECT_EQ(view.length, util::from_us(32));
    EXPECT_NE(gtkwave_save_file(view).find("[timestart] 699000000\n"), std::string::npos);
}

TEST_F(VcdTest, ViewOfAChosenTimeShowsAllOfIt) {
    VcdWindow window;
    window.from = util::from_us(700);
    window.to = util::from_us(1700);
    VcdWriter writer(path, window);
    VcdTrace trace(writer);
    trace.record(CommandFetched{util::from_us(900), 1, {}});
    writer.advance(util::from_us(2000));
    EXPECT_EQ(view_of(writer).begin, window.from);
    EXPECT_EQ(view_of(writer).length, util::from_us(1000));
}

TEST_F(VcdTest, ViewOfAFileWithATriggerShowsIt) {
    VcdWindow window;
    window.triggered = true;
    VcdWriter writer(path, window);
    VcdOptions options;
    options.trigger = VcdTrigger("fault");
    VcdTrace trace(writer, options);
    trace.record(CommandFetched{util::from_us(1), 1, {}});
    trace.record(FaultInjected{util::from_us(800), "r", "a"});
    writer.advance(util::from_us(2000));
    EXPECT_EQ(view_of(writer).begin, util::from_us(750));
}

// GTKWave showed the start of the simulation, where nothing happens.
TEST_F(VcdTest, ViewIsNotBeyondTheEnd) {
    VcdWriter writer(path);
    VcdTrace trace(writer);
    trace.record(CommandFetched{util::from_us(990), 1, {}});
    trace.record(CommandFetched{util::from_us(1000), 1, {}});
    const VcdView view = view_of(writer);
    EXPECT_EQ(view.begin, util::from_us(989));
    EXPECT_LT(view.begin + view.length / 4 * 5, util::from_us(1000));
    VcdWriter empty(path);
    EXPECT_EQ(view_of(empty).begin, 0u);
}

TEST(VcdFilters, NameOpcodesApartAndWhatAStatusMeans) {
    std::map<std::string, std::string> filters;
    for (const VcdFilter& filter : vcd_filters())
        filters[filter.name] = "\n" + gtkwave_filter(filter);
    for (const auto& [name, line] : {std::pair{"admin_opcode", "06 Identify"},
                                     {"io_opcode", "02 Read"},
                                     {"status", "080 LBA Out of Range"},
                                     {"state", "2 ready"},
                                     {"step", "4 media"},
                                     {"die", "2 program"},
                                     {"power", "0A PS10"},
                                     {"event_type", "1 SMART / Health"}})
        EXPECT_NE(filters[name].find("\n" + std::string(line) + "\n"), std::string::npos) << name;
}

// NVME_TLM_UPDATE_GOLDEN=1 writes them anew.
TEST_F(VcdTest, GeneralViewsAreThoseOfTheRepository) {
    VcdWriter writer(path);
    const VcdView view = general_view(writer);
    const std::string folder = NVME_TLM_SOURCE_DIR "/traces/views/";
    if (std::getenv("NVME_TLM_UPDATE_GOLDEN") != nullptr) {
        std::filesystem::create_directory(folder);
        ASSERT_EQ(write_vcd_view(folder, view), "");
    }
    EXPECT_EQ(read_file(folder + "nvme.gtkw"), gtkwave_save_file(view));
    EXPECT_EQ(read_file(folder + "nvme.sucl"), surfer_command_file(view));
    for (const VcdFilter& filter : vcd_filters()) {
        const std::string filters = folder + "nvme.filters/";
        EXPECT_EQ(read_file(filters + filter.name + ".txt"), gtkwave_filter(filter));
        EXPECT_EQ(read_file(filters + "surfer/nvme_" + filter.name + ".txt"),
                  surfer_mapping(filter));
    }
}

TEST(VcdView, ThatCannotBeWrittenSaysSo) {
    VcdView view;
    view.stem = "x";
    EXPECT_NE(write_vcd_view("/no/such/folder/", view), "");
}

}  // namespace
}  // namespace observe
