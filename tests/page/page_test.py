# SPDX-License-Identifier: Apache-2.0
"""The page in a browser. Started by run.sh; what is expected is computed from the report, not by the page."""
import array
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import xml.dom.minidom

from browser import Browser

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.TemporaryDirectory(prefix="pages-")
TYPES = {"sqid": "H", "cid": "H", "opcode": "B", "status": "H", "begin_ns": "d", "end_ns": "d"}
SHIFT = 8
HOOK = "window.nvmeTracePage."


def page_of(report_text, name):
    path = os.path.join(FOLDER.name, name + ".html")
    with open(path, "wb") as file:
        subprocess.run([MAKE_PAGE], input=report_text, stdout=file, check=True)
    return path


def made_report(*options):
    return subprocess.run([sys.executable, os.path.join(HERE, "make_report.py"), *options], stdout=subprocess.PIPE,
                          check=True).stdout


class OnePage(unittest.TestCase):
    """A browser with a page of a few thousand commands, opened anew for each test."""

    @classmethod
    def setUpClass(cls):
        text = made_report("--commands", "6000")
        cls.path = page_of(text, "usual")
        report = json.loads(text)
        cls.column = {name: array.array(kind, base64.b64decode(report["commands"][name]))
                      for name, kind in TYPES.items()}
        cls.column["doorbell"] = array.array("f", base64.b64decode(report["commands"]["stage_ns"][0]))
        cls.count = report["commands"]["count"]
        cls.end = report["meta"]["end_ns"]
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def setUp(self):
        self.browser.open(self.path)

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])
        self.assertTrue(all(url.startswith(("file://", "data:")) for url in self.browser.requests()))

    def hook(self, call):
        return self.browser.run(HOOK + call)

    def window(self):
        return self.hook("window()")

    def width(self):
        begin, end = self.window()
        return end - begin

    def latency(self, i):
        return self.column["end_ns"][i] - (self.column["begin_ns"][i] + max(self.column["doorbell"][i], 0))

    def box(self, selector):
        place = f"document.querySelector('{selector}').getBoundingClientRect()"
        return self.browser.run(f"(b => [b.x, b.y, b.width, b.height])({place})")

    def text(self, selector):
        return self.browser.run(f"document.querySelector('{selector}').textContent")

    def on_timeline(self):
        x, y, width, height = self.box("#gantt")
        return x + width / 2, y + height / 2


class Time(OnePage):
    def test_wheel_zooms_at_the_pointer_down_to_nanoseconds(self):
        x, y = self.on_timeline()
        gutter, (_, _, width, _) = 132, self.box("#gantt")
        part = (x - gutter) / (width - gutter)
        begin, end = self.window()
        under = begin + part * (end - begin)
        for _ in range(80):
            self.browser.mouse("mouseWheel", x, y, deltaX=0, deltaY=-200)
        begin, end = self.window()
        self.assertLess(end - begin, 10)
        self.assertAlmostEqual(begin + part * (end - begin), under, delta=10)
        for _ in range(100):
            self.browser.mouse("mouseWheel", x, y, deltaX=0, deltaY=200)
        self.assertGreaterEqual(self.width(), self.end)

    def test_dragging_pans_and_shift_chooses_a_span(self):
        self.hook(f"setWindow({self.end * .4}, {self.end * .6})")
        x, y = self.on_timeline()
        before = self.window()
        self.browser.drag(x, y, x - 200, y)
        after = self.window()
        self.assertGreater(after[0], before[0])
        self.assertAlmostEqual(after[1] - after[0], before[1] - before[0], delta=1)
        self.browser.drag(x, y, x + 100, y, modifiers=SHIFT)
        self.assertLess(self.width(), (after[1] - after[0]) * .2)

    def test_keys_move_and_backspace_returns(self):
        whole = self.width()
        self.browser.key("w")
        zoomed = self.window()
        self.assertLess(zoomed[1] - zoomed[0], whole)
        time.sleep(.7)
        self.browser.key("d")
        self.assertGreater(self.window()[0], zoomed[0])
        self.browser.key("Backspace")
        self.assertEqual(self.window(), zoomed)
        self.browser.key("0")
        self.assertEqual(self.width(), whole)

    def test_the_strip_of_the_whole_run_chooses_a_window(self):
        x, y, width, height = self.box("#overview")
        self.browser.drag(x + width * .4, y + height / 2, x + width * .5, y + height / 2)
        self.assertLess(self.width(), self.end * .2)

    def test_plots_follow_the_window(self):
        self.hook("tab(1)")
        ticks = "[...document.querySelectorAll('#series .dygraph-axis-label-x')].map(e => e.textContent).join()"
        before = self.browser.run(ticks)
        self.hook(f"setWindow({self.end * .5}, {self.end * .51})")
        self.assertNotEqual(self.browser.run(ticks), before)
        self.assertEqual(self.browser.run("document.querySelectorAll('#series canvas').length"), 10)


class Commands(OnePage):
    def slowest(self):
        known = [i for i in range(self.count) if self.column["end_ns"][i] >= 0]
        return sorted(known, key=lambda i: -self.latency(i))

    def test_hover_tells_the_command_and_a_click_all_of_it(self):
        i = self.slowest()[0]
        self.hook(f"select({i})")
        self.browser.key("f")
        self.hook("select(-1)")
        place = self.hook(f"place({i})")
        self.browser.mouse("mouseMoved", place["x"], place["y"])
        self.assertIn(f"CID {self.column['cid'][i]}", self.text("#tip"))
        self.assertFalse(self.browser.run("document.getElementById('tip').hidden"))
        self.browser.click(place["x"], place["y"])
        self.assertEqual(self.hook("selected()"), i)
        for name in ("Command Identifier (CID)", "Opcode (OPC)", "Starting LBA (SLBA)", "Status Field (SF)",
                     "Submission Queue Identifier (SQID)", "its story"):
            self.assertIn(name, self.text("#details"))
        self.browser.key("Escape")
        self.assertEqual(self.hook("selected()"), -1)

    def test_a_click_where_commands_are_too_narrow_selects_the_slowest_there(self):
        x, y = self.on_timeline()
        self.browser.mouse("mouseMoved", x, y)
        self.browser.click(x, y)
        self.assertGreaterEqual(self.hook("selected()"), 0)

    def test_neighbours_of_a_lane_are_reached_by_keys(self):
        self.hook("select(2500)")
        self.browser.key("]")
        after = self.hook("selected()")
        self.assertEqual(self.column["sqid"][after], self.column["sqid"][2500])
        self.assertGreater(self.column["begin_ns"][after], self.column["begin_ns"][2500])
        self.browser.key("[")
        self.assertEqual(self.hook("selected()"), 2500)

    def test_the_summary_has_a_cell_for_each_channel_and_die(self):
        self.hook("tab(1)")
        strips = self.browser.run("[...document.querySelectorAll('.strip')].map(s => "
                                  "[...s.children].map(c => [c.title, Number(c.style.opacity)]))")
        self.assertEqual([len(strip) for strip in strips], [8, 32])
        self.assertEqual(strips[1][2], ["die 2: 90 %", 0.9])
        self.assertEqual(strips[1][3], ["die 3: 30 %", 0.3])

    def test_the_filter_takes_what_it_says(self):
        c, latency = self.column, self.latency
        done = lambda i: c["end_ns"][i] >= 0
        for text, wanted in [
                ("opcode == Read && latency > 100us && queue == 3",
                 lambda i: c["sqid"][i] == 3 and c["opcode"][i] == 2 and done(i) and latency(i) > 100e3),
                ("!(opcode == read || opcode == \"Write Zeroes\") && queue != 0",
                 lambda i: c["sqid"][i] != 0 and c["opcode"][i] not in (2, 8)),
                ("status != 0 || completed == 0", lambda i: c["status"][i] != 0 or not done(i)),
                ("latency != 1ns", done),
                ("error && status == \"Invalid Field in Command\"", lambda i: done(i) and c["status"][i] == 2),
                ("opcode == 0x1 && admin", lambda i: c["sqid"][i] == 0 and c["opcode"][i] == 1),
                ("opcode ~ create", lambda i: c["sqid"][i] == 0 and c["opcode"][i] in (1, 5)),
                ("begin >= 1ms && begin < 1.5ms", lambda i: 1e6 <= c["begin_ns"][i] < 1.5e6),
                ("", lambda i: True)]:
            answer = self.hook(f"filter({json.dumps(text)})")
            self.assertEqual(answer, {"error": "", "rows": sum(map(wanted, range(self.count)))}, text)

    def test_a_wrong_filter_is_explained_and_changes_nothing(self):
        rows = self.hook("filter('queue == 2')")["rows"]
        for text, part in [("opcod == Read", "no field"), ("latency > 1 parsec", "expected"),
                           ("latency > 1pc", "units"),
                           ("(queue == 1", ") is missing"), ("queue ==", "value is expected"),
                           ("latency > soon", "needs a number"), ("queue == 1 $", "cannot read")]:
            answer = self.hook(f"filter({json.dumps(text)})")
            self.assertIn(part, answer["error"], text)
            self.assertEqual(answer["rows"], rows, text)

    def test_the_filter_can_be_typed(self):
        self.browser.key("/")
        self.browser.type("queue == 1")
        time.sleep(.4)
        wanted = sum(q == 1 for q in self.column["sqid"])
        self.assertTrue(self.text("#row-count").replace("\u2009", "").startswith(f"{wanted} of"))

    def test_headings_sort(self):
        self.hook("tab(3)")
        x, y, width, height = self.box(".head [data-key=latency]")
        self.browser.click(x + width / 2, y + height / 2)
        shown = self.browser.run("[...document.querySelectorAll('.row')].map(row => Number(row.dataset.index))")
        self.assertEqual(shown[:5], self.slowest()[:5])
        self.assertEqual(self.hook("sort('latency', false)"), self.slowest()[::-1][:10])

    def test_only_rows_in_sight_exist_and_the_last_can_be_reached(self):
        self.hook("tab(3)")
        self.browser.run("(s => { s.scrollTop = s.scrollHeight; })(document.querySelector('.scroller'))")
        self.hook("setWindow(...window.nvmeTracePage.window())")
        rows = self.browser.run("[...document.querySelectorAll('.row')].map(r => Number(r.dataset.index))")
        self.assertEqual(rows[-1], self.count - 1)
        self.assertLess(len(rows), 100)

    def test_the_window_limits_the_table(self):
        c = self.column
        self.hook("setWindow(1e6, 1.2e6)")
        time.sleep(.4)
        csv = self.hook("csv()").strip().split("\n")
        begins = [float(line.split(",")[csv[0].split(",").index("begin_ns")]) for line in csv[1:]]
        self.assertLess(max(begins), 1.2e6)
        self.assertGreaterEqual(len(begins), sum(1e6 <= begin <= 1.2e6 for begin in c["begin_ns"]))


class Files(OnePage):
    def saved(self, selector, name):
        """The file that a click leaves."""
        folder = tempfile.mkdtemp(dir=FOLDER.name)
        self.browser.call("Page.setDownloadBehavior", behavior="allow", downloadPath=folder)
        x, y, width, height = self.box(selector)
        self.browser.click(x + width / 2, y + height / 2)
        path = os.path.join(folder, name)
        for _ in range(100):
            if os.path.exists(path) and os.path.getsize(path) > 0:
                break
            time.sleep(.05)
        with open(path, "rb") as file:
            return file.read()

    def test_the_table_leaves_as_csv(self):
        self.hook("filter('queue == 2')")
        self.hook("tab(3)")
        text = self.saved("#save-csv", "commands.csv").decode()
        lines = text.strip().split("\n")
        self.assertEqual(text, self.hook("csv()"))
        self.assertTrue(lines[0].startswith("index,queue,cid,opcode,latency_ns,"))
        self.assertEqual(len(lines) - 1, sum(q == 2 for q in self.column["sqid"]))
        index, queue, cid, _, latency = lines[5].split(",")[:5]
        self.assertEqual((int(queue), int(cid)), (2, self.column["cid"][int(index)]))
        self.assertAlmostEqual(float(latency), self.latency(int(index)), places=3)

    def test_every_plot_leaves_as_svg_and_png(self):
        self.hook("tab(2)")
        time.sleep(.3)
        for plot in ("iops", "bandwidth", "depth", "use", "signals", "histogram", "cdf"):
            svg = xml.dom.minidom.parseString(self.hook(f"svg('{plot}')"))
            self.assertGreater(len(svg.getElementsByTagName("polyline")[0].getAttribute("points")), 100, plot)
            self.assertGreater(self.hook(f"png('{plot}')"), 5000, plot)

    def test_the_timeline_leaves_as_png(self):
        self.assertEqual(self.saved("#save-gantt", "timeline.png")[:8], b"\x89PNG\r\n\x1a\n")


class Looks(OnePage):
    def test_it_is_dark_where_the_system_is_and_can_be_switched(self):
        self.browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        self.hook("setWindow(0, 1e6)")  # which waits for a frame: the page hears of it then
        self.assertEqual(self.hook("theme()"), "dark")
        ground = "getComputedStyle(document.body).backgroundColor"
        dark = self.browser.run(ground)
        self.browser.key("t")
        self.assertEqual(self.hook("theme()"), "light")
        self.assertNotEqual(self.browser.run(ground), dark)
        self.browser.call("Emulation.setEmulatedMedia", features=[])

    def test_every_panel_and_the_help_open(self):
        for at in range(6):
            self.browser.key(str(at + 1))
            self.assertEqual(self.browser.run("document.querySelectorAll('.panel:not([hidden])').length"), 1)
        self.browser.key("?")
        self.assertTrue(self.browser.run("document.getElementById('help').open"))
        for _ in range(3):
            self.browser.key("c")


class OtherReports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()

    def visit_all(self):
        for at in range(6):
            self.browser.run(HOOK + f"tab({at})")
        self.assertEqual(self.browser.complaints(), [])

    def test_what_a_trace_does_not_hold_is_said(self):
        self.browser.open(page_of(made_report("--commands", "500", "--bare"), "bare"))
        self.browser.run(HOOK + "select(100)")
        self.visit_all()
        for place in ("#summary", "#series", "#details", "#slowest"):
            text = self.browser.run(f"document.querySelector('{place}').textContent")
            self.assertIn("not in this trace", text, place)

    def test_names_that_try_to_be_script_are_names(self):
        self.browser.open(page_of(made_report("--commands", "500", "--hostile"), "hostile"))
        self.browser.run(HOOK + "select(100)")
        self.visit_all()
        self.assertIsNone(self.browser.run("window.broken === undefined ? null : window.broken"))
        self.assertIn("</script><script>", self.browser.run("document.getElementById('file').textContent"))
        self.assertEqual(self.browser.run("document.querySelectorAll('img').length"), 0)

    def test_reports_with_next_to_nothing_are_shown(self):
        empty = {"format": 1, "stages": ["media"], "meta": {"end_ns": 10}}
        for name, report in [("least", {"format": 1}), ("none", {**empty, "commands": {"count": 0}}),
                             ("no_columns", {**empty, "commands": {"count": 3}}),
                             ("one", json.loads(made_report("--commands", "1")))]:
            self.browser.open(page_of(json.dumps(report).encode(), name))
            self.visit_all()

    def test_what_is_no_report_is_refused_in_words(self):
        for name, text in [("nothing", b""), ("cut", b'{"format": 1, "comm'), ("list", b"[]"),
                           ("later", b'{"format": 2}')]:
            self.browser.open(page_of(text, name), "document.readyState === 'complete'")
            problem = self.browser.run("document.getElementById('problem').textContent")
            self.assertIn("cannot show its report", problem, name)


class Million(OnePage):
    """Says how quick it is; only that it works is a condition."""

    @classmethod
    def setUpClass(cls):
        cls.path = page_of(made_report("--commands", "1000000"), "million")
        cls.browser = Browser()

    def setUp(self):
        self.opened = self.browser.open(self.path)

    def timed(self, call):
        return self.browser.run(f"(() => {{ const began = performance.now(); {HOOK}{call}; "
                                "return performance.now() - began; })()")

    def test_a_million_commands(self):
        frames = self.hook("frames(120)")
        filtered = self.timed("filter('latency > 100us && queue == 3')")
        self.hook("filter('')")
        sorted_in = self.timed("sort('latency', true)")
        draw, frame = frames["draw"], frames["frame"]
        print(f"\n1 000 000 commands: ready in {self.opened:.1f} s; drawing the timeline "
              f"{draw['median']:.1f} ms (worst {draw['worst']:.0f}), "
              f"from frame to frame {frame['median']:.1f} ms (worst {frame['worst']:.0f}); "
              f"filter {filtered:.0f} ms, sort {sorted_in:.0f} ms")
        self.hook("tab(3)")
        self.browser.run("(s => { s.scrollTop = s.scrollHeight; })(document.querySelector('.scroller'))")
        self.hook("sort('index', false)")
        self.browser.run("(s => { s.scrollTop = s.scrollHeight; })(document.querySelector('.scroller'))")
        self.hook("tab(3)")
        self.assertEqual(self.browser.run("Number([...document.querySelectorAll('.row')].pop().dataset.index)"), 999999)
        self.hook("tab(2)")


if __name__ == "__main__":
    MAKE_PAGE = os.path.abspath(sys.argv.pop(1))
    if "--quick" in sys.argv:
        sys.argv.remove("--quick")
        del Million
    unittest.main(verbosity=2)
