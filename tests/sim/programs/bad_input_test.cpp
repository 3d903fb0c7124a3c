// SPDX-License-Identifier: Apache-2.0
// What a user can give by mistake to everything that reads a user's text. Each is refused with exit
// code 2, in lines that say where, and in a time that nobody notices.
#include <algorithm>
#include <tuple>

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

std::string repeated(const std::string& text, unsigned times) {
    std::string all;
    for (unsigned i = 0; i < times; ++i) all += text;
    return all;
}

class BadInput : public ProgramTest {
protected:
    /// Runs the program; it has to refuse. A minute is for the slowest machine: what hung did so
    /// for good.
    std::string refused(const std::string& arguments) {
        const Outcome run = shell("timeout 60 " + shell_word(NVME_VP) + " " + arguments);
        EXPECT_EQ(run.code, 2) << arguments << "\n" << run.out.substr(0, 500);
        EXPECT_EQ(run.out, "") << arguments;
        for (const char c : run.err) {
            const bool good = c == '\n' || (c >= ' ' && c <= '~');
            EXPECT_TRUE(good) << arguments << ": byte " << int{c} << " on a terminal";
            if (!good) break;
        }
        EXPECT_LT(run.err.size(), 30'000u) << arguments;
        return run.err;
    }
    /// What is said of a file with this content, as the argument `option`.
    std::string said_of(const std::string& option, const std::string& content) {
        write("input", content);
        return refused(option + " input");
    }
    static constexpr const char* kReaders[] = {"run --config", "run --job", "replay"};
};

TEST_F(BadInput, AFileThatIsNoneIsNamedWithTheReason) {
    write("empty", "");
    ASSERT_EQ(shell("mkfifo fifo && mkdir folder").code, 0);
    for (const std::string reader : kReaders) {
        EXPECT_TRUE(has(refused(reader + " empty"), "nvme-vp: empty: is empty\n")) << reader;
        EXPECT_TRUE(has(refused(reader + " missing"),
                        "nvme-vp: missing: cannot be read: No such file or directory\n"));
        EXPECT_TRUE(
            has(refused(reader + " folder"), "nvme-vp: folder: cannot be read: Is a directory\n"));
        EXPECT_TRUE(has(refused(reader + " fifo"), "nvme-vp: fifo: is "));
        EXPECT_TRUE(has(refused(reader + " /dev/zero"), "nvme-vp: /dev/zero: "));
        EXPECT_TRUE(has(refused(reader + " /dev/null"), "nvme-vp: /dev/null: is "));
    }
    EXPECT_TRUE(has(refused("run --config ''"), "nvme-vp: \"\": cannot be read"));
}

TEST_F(BadInput, ATextThatNeverEndsIsNotReadToItsEnd) {
    ASSERT_EQ(shell("head -c 70000000 /dev/zero | tr '\\0' '[' > long").code, 0);
    for (const std::string reader : {"run --config", "run --job"})
        EXPECT_TRUE(has(refused(reader + " long"), "long: is longer than 64 MiB"));
    EXPECT_TRUE(has(refused("replay long"), "long:1: is longer than 4095 characters"));
    ASSERT_EQ(shell("{ echo 'nvme-tlm session 1'; cat long; } > session").code, 0);
    EXPECT_TRUE(has(refused("replay session"), "session:2: is missing, or too long"));
}

TEST_F(BadInput, APipeThatSomebodyWritesToIsAGoodConfiguration) {
    const Outcome run = shell("echo '{\"depth\": 7}' | " + shell_word(NVME_VP) +
                              " run --config /dev/stdin --dump-config");
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(nlohmann::json::parse(run.out)["depth"], 7);
}

TEST_F(BadInput, AMistakeInAConfigurationIsSaidInOneLineWithItsPlace) {
    const std::string deep = repeated("[", 100'000);
    const struct {
        std::string text, said;
    } cases[] = {
        {"{\"depth\": 1e400}", "input: /depth = 1e400: is too large for a number"},
        {"{\"controller\": {\"mdts\": -1e999}}", "input: /controller/mdts = -1e999: is too large"},
        {"{\"depth\": -1}", "input: /depth = -1: must be an integer, 1 to 65534"},
        {"{\"depth\": 2.5}", "input: /depth = 2.5: must be an integer"},
        {"{\"depth\": 99999999999999999999}", "input: /depth = 1e+20: must be an integer"},
        {"{\"depth\": NaN}", "input: parse error at line 1"},
        {"{\"depth\": \"1e9\"}", "input: /depth = \"1e9\": 'e9' is not a unit; must be an integer"},
        {"{\"depth\": \"\"}", "input: /depth = \"\": a value is missing"},
        {"{\"depth\": null}", "input: /depth = null: must be an integer"},
        {"{\"depth\": 1, \"depth\": 2}", "input: /depth: the key stands twice"},
        {"{\"controller\": {\"mdts\": 1, \"mdts\": 1}}", "input: /controller/mdts: the key"},
        {"{\"namespaces\": [\"ram:1M\", {\"size\": 1, \"size\": 1}]}",
         "input: /namespaces/1/size: the key stands twice"},
        {"{\"depth\": 7", "input: parse error at line 1"},
        {"{\"depth\": 7} x", "input: parse error at line 1"},
        {"7", "input: must be an object in braces, not 7"},
        {deep, "levels"},
        {deep + repeated("]", 100'000), "levels"},
        {"{\"job\": " + deep + repeated("]", 100'000) + "}", "input: /job/0/0/"},
        {repeated("{\"a\":", 100'000), "levels"},
        {std::string("{\"depth\": 7}\0", 13), "input: line 1 has a null byte: must be text"},
        {"{\"a\nb\": 1}", "input: parse error at line 2"},
        {"{\"a\\nb\\u001b[31m\": 1}", "input: /a?b?[31m: no such key"},
        {"{\"job\": \"\xff\"}", "ill-formed UTF-8"},
        {"{\"" + std::string(200'000, 'k') + "\": 1}", "kkk..."},
        {"{\"job\": \"" + std::string(200'000, 'j'), "jjj..."},
        {"\xff\xfe{\0}\0", "input: "},
        {"{\"namespaces\": [\"ram:513\"]}", "size = 513: must be a multiple of the logical block"},
        {"{\"namespaces\": [\"ram:64Q\"]}", "ram = \"64Q\": 'q' is not a unit"},
        {"{\"events\": " + repeated("[", 60) + repeated("]", 60) + "}", "input: /events/0 = "},
    };
    for (const auto& c : cases) {
        const std::string said = said_of("run --config", c.text);
        const std::string wanted =
            c.said == "levels" ? "at most 64 objects and lists deep" : c.said;
        EXPECT_TRUE(has(said, wanted)) << c.text.substr(0, 60);
        EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;  // and "Try: --help"
    }
}

TEST_F(BadInput, AByteOrderMarkAndTheLineEndsOfOtherSystemsAreNoMistakes) {
    const std::string mark = "\xef\xbb\xbf";
    write("c.json", mark + "{\r\n\"depth\": 3\r\n}\r\n");
    write("j.fio", mark + "[a]\r\nrw=read\r\nbs=4k\r\nnumber_ios=1\r\n");
    write("l.iolog", mark + "fio version 2 iolog\r\na add\r\na open\r\na read 0 4096\r\n");
    ASSERT_EQ(shell("{ printf '\\357\\273\\277'; cat " +
                    shell_word(project("traces/linux-6.12-probe.session")) + "; } > s.session")
                  .code,
              0);
    EXPECT_EQ(nvme_vp({"run", "--config", "c.json", "--job", "j.fio"}).code, 0);
    for (const char* log : {"l.iolog", "s.session"}) {
        const Outcome run = nvme_vp({"replay", log});
        EXPECT_EQ(run.code, 0) << log << run.err;
    }
}

TEST_F(BadInput, AMistakeInAJobFileIsSaidWithItsLine) {
    const std::string job = "[a]\nrw=read\n";
    const struct {
        std::string text, said;
    } cases[] = {
        {"x", "input:1: x: stands before the first [section]"},
        {"# nothing\n", "input:1: there is no job section"},
        {"[a", "input:1: [a: is not a section header"},
        {job + "iodepth=-1\n", "input:3: iodepth=-1: is not a number"},
        {job + "iodepth=1.5\n", "input:3: iodepth=1.5: '.5' is not a unit"},
        {job + "iodepth=1e400\n", "input:3: iodepth=1e400: 'e400' is not a unit"},
        {job + "iodepth=nan\n", "input:3: iodepth=nan: is not a number"},
        {job + "iodepth=0\n", "input:3: iodepth=0: is out of range"},
        {job + "size=99999999999999999999\n", "is larger than 2^64 - 1"},
        {job + "runtime=214d\n", "input:3: runtime=214d: is larger than 213 days"},
        {job + "runtime=\n", "input:3: runtime: needs a value"},
        {job + "bs=4k\nbs=4x\n", "input:4: bs=4x"},
        {job + std::string("na\0me=1\n", 8), "input: line 3 has a null byte: must be text"},
        {job + "bl\xff=1\n", "input:3: unknown or unsupported key 'bl?'"},
        {job + std::string(200'000, 'k') + "=1\n", "input:3: unknown or unsupported key 'kkk"},
        {job + "iodepth=" + std::string(200'000, '9') + "\n", "is larger than 2^64 - 1"},
        {"[\x1b[31m\xff]\nrw=read\nbs=100\n", "bs=100 is no multiple"},
        {"\xff\xfe[\n", "input:1: "},
    };
    for (const auto& c : cases)
        EXPECT_TRUE(has(said_of("run --job", c.text), c.said)) << c.text.substr(0, 60);
    EXPECT_TRUE(has(said_of("run --job", "[a]\n" + repeated("bad=1\n", 20'000)),
                    "nvme-vp: ... and 19980 more\n"));
}

TEST_F(BadInput, AMistakeInALogIsSaidWithItsLine) {
    const std::string log = "fio version 3 iolog\n0 a add\n0 a open\n";
    const struct {
        std::string text, said;
    } cases[] = {
        {"fio version 9 iolog\n", "input:1: the log begins with 'fio version 9 iolog'"},
        {std::string(5000, 'x'), "input:1: is longer than 4095 characters"},
        {log + std::string(5000, 'x'), "input:4: is longer than 4095 characters"},
        {log + std::string("0 a re\0ad 0 512\n", 16), "input:4: has a null byte"},
        {log + "-1 a read 0 512\n", "input:4: '-1' is no time in microseconds"},
        {log + "1.5 a read 0 512\n", "input:4: '1.5' is no time"},
        {log + "99999999999999999999 a read 0 512\n", "is no time in microseconds"},
        {log + "0 a read -512 512\n", "is no offset and length"},
        {log + "0 a read 0 1e400\n", "is no offset and length"},
        {log + "0 a read 0 \xff\n", "input:4: '0' '?' is no offset and length"},
        {log + "0 a read 0", "input:4: has 4 words"},
        {log, "input: has no requests"},
        {std::string("\0\0\0\0", 4), "input:1: "},
        {"nvme-tlm session 9\n", "input:1: \"nvme-tlm session 9\": must be"},
        {"nvme-tlm session 1\n", "input:2: is missing"},
        {"nvme-tlm session 1\n{\n", "input:2: parse error"},
        {"nvme-tlm session 1\n[]\n", "input:2: must be a JSON object"},
        {"nvme-tlm session 1\n{\"configuration\": " + repeated("[", 100'000) + "\n",
         "at most 64 objects and lists deep"},
        {"nvme-tlm session 1\n{\"configuration\": {\"depth\": 1, \"depth\": 2}, \"namespaces\": []}"
         "\n",
         "input:2: /configuration/depth: the key stands twice"},
        {"nvme-tlm session 1\n{\"configuration\": {}, \"namespaces\": 7}\n",
         "input:2: /namespaces = 7: must be a list"},
        {"nvme-tlm session 1\n{\"configuration\": {}, \"namespaces\": []}\n",
         "has no events: no client came while it was recorded"},
        {"nvme-tlm session 1\n{\"configuration\": {}, \"namespaces\": []}\n\xff\x1b\n",
         "input:3: \"??\" is no time in picoseconds"},
        {"nvme-tlm session 1\n{\"configuration\": {}, \"namespaces\": []}\n" +
             std::string(200'000, '9') + "\n",
         "is no time in picoseconds"},
    };
    for (const auto& c : cases)
        EXPECT_TRUE(has(said_of("replay", c.text), c.said)) << c.text.substr(0, 60);
}

TEST_F(BadInput, AValueOnTheCommandLineIsRefusedWithWhatIsAllowed) {
    const struct {
        std::string arguments, said;
    } cases[] = {
        {"--depth ''", "--depth = \"\": a value is missing; must be an integer, 1 to 65534"},
        {"--depth 1e400", "--depth = \"1e400\": 'e400' is not a unit; must be an integer"},
        {"--depth -1", "--depth"},
        {"--depth=-1", "--depth = \"-1\": is not a number; must be an integer, 1 to 65534"},
        {"--depth nan", "--depth = \"nan\": is not a number"},
        {"--depth 0x", "--depth = \"0x\": 'x' is not a unit"},
        {"--depth 65535", "--depth = \"65535\": must be 1 to 65534"},
        {"--depth \"$(printf '\\377\\033')\"", "--depth = "},
        {"--pace fast", "--pace = \"fast\": must be recorded, asap, realtime or eager"},
        {"--lint maybe", "--lint = \"maybe\": must be true or false"},
        {"--copy 1:", "copy = \"1:\": must be FROM:TO"},
        {"--set mdts=1.5", "--set mdts = \"1.5\": '.5' is not a unit; must be an integer, 1 to 10"},
        {"--set mdts", "--set mdts: must be NAME=VALUE"},
        {"--set \"$(printf '\\377')=1\"", "--set ?: the controller has no such parameter"},
        {"--namespace ram:513",
         "ram:513: size = 513: must be a multiple of the logical block, 512"},
        {"--namespace ram:4608,lba=4096", "must be a multiple of the logical block, 4096"},
        {"--namespace file:x,size=513", "must be a multiple of the logical block"},
        {"--namespace ram:64Q", "ram:64Q: ram = \"64Q\": 'q' is not a unit; must be an integer"},
        {"--namespace ram:", "ram = \"\": a value is missing"},
        {"--namespace ram:-1", "ram = \"-1\": is not a number"},
        {"--namespace ram:1e400", "'e400' is not a unit"},
        {"--namespace ram:99999999999p", "is larger than 2^64 - 1"},
        {"--namespace ''", "expected ram:SIZE, file:PATH or null:SIZE"},
        {"--namespace null:", "--namespace null:: null = \"\""},
        {"--namespace null:1", "size = 1: must be at least one logical block"},
        {"--namespace null:1M,ro", "cannot be written"},
        {"--namespace ram:1M,lba=", "lba = \"\": a value is missing"},
        {"--namespace file:/", "/: "},
    };
    for (const auto& c : cases) EXPECT_TRUE(has(refused("run " + c.arguments), c.said)) << c.said;
}

TEST_F(BadInput, OfManyMistakesTheFirstAreShownAndTheOthersCounted) {
    write("c.json", "{\"namespaces\": [" + repeated("\"rom:1\",", 2999) + "\"rom:1\"]}");
    const std::string said = refused("run --config c.json");
    EXPECT_TRUE(has(said, {"/namespaces/0 = ", "/namespaces/19 = ", "nvme-vp: ... and 2980 more\n",
                           "nvme-vp: 3000 problems\n"}));
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 23);
}

// The reader used to look through the whole list at the end of each of its entries: 22 seconds.
TEST_F(BadInput, AListThatIsTooLongIsRefusedForItsLength) {
    for (const auto& [key, entry, most] :
         {std::tuple{"faults", R"({"action": "drop"})", "1024"},
          {"namespaces", R"("ram:1M")", "65536"},
          {"events", R"({"action": "remove", "nsid": 1})", "65536"},
          {"subsystems", "{}", "16"}}) {
        write("c.json", "{\"" + std::string{key} + "\": [" +
                            repeated(std::string{entry} + ",", 99'999) + entry + "]}");
        EXPECT_TRUE(has(refused("run --config c.json"),
                        "nvme-vp: c.json: /" + std::string{key} +
                            ": has 100000 entries, must be at most " + most + "\n"));
    }
}

TEST_F(BadInput, ATextThatJsonCannotHoldIsNotDumped) {
    EXPECT_TRUE(has(refused("run --dump-config --job \"$(printf '\\377')\""), "not UTF-8"));
}

}  // namespace
}  // namespace nvme_vp::test
