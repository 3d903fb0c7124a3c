#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a report as `nvme-trace report` does, of commands that were never executed.

For work on the page and for its tests: any number of commands, the same ones every time.
  make_report.py [--commands N] [--queues N] [--depth N] [--bare] [--hostile] > report.json
"""
import argparse
import array
import base64
import heapq
import json
import random
import sys

STAGES = ["doorbell", "fetch", "decode", "media", "data", "completion", "interrupt", "host"]
IO = {0: "Flush", 1: "Write", 2: "Read", 8: "Write Zeroes", 9: "Dataset Management"}
ADMIN = {1: "Create I/O Submission Queue", 5: "Create I/O Completion Queue", 6: "Identify", 9: "Set Features",
         12: "Asynchronous Event Request"}
STATUSES = {0: "Successful Completion", 2: "Invalid Field in Command", 0x281: "Unrecovered Read Error"}
TYPES = {"u8": "B", "u16": "H", "u32": "I", "f32": "f", "f64": "d"}


def column(kind, values):
    """Base64 of a little-endian array."""
    values = array.array(TYPES[kind], values)
    if sys.byteorder == "big":
        values.byteswap()
    return base64.b64encode(values.tobytes()).decode()


class Maker:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(1)
        self.rows = []
        self.marks = []
        self.stalls = []

    def stages(self, opcode, at, blocks):
        r = self.random
        transfer = blocks * 512 / 3.2
        media = {2: r.gauss(62e3, 9e3), 1: r.gauss(11e3, 2e3), 0: r.gauss(400e3, 9e4)}.get(opcode, 4e3)
        if r.random() < 0.002:
            media *= r.uniform(4, 25)
        for begin, end in self.stalls:
            if begin <= at < end:
                media += end - at if r.random() < 0.2 else 0
        data = 0 if opcode == 0 else transfer * r.uniform(1, 2.2)
        life = [r.uniform(50, 400), r.uniform(500, 900), r.uniform(200, 1500), max(media, 1e3), data,
                r.uniform(300, 500), r.uniform(100, 8000), r.uniform(800, 9000)]
        return life

    def command(self, sqid, cid, at):
        r = self.random
        if sqid == 0:
            opcode, blocks, slba, nsid = r.choice([6, 9, 6, 5, 1]), 0, 0, 0
        else:
            opcode = r.choices([2, 1, 0, 8], [70, 27, 1, 2])[0]
            blocks = 0 if opcode == 0 else r.choices([8, 32, 256], [95, 4, 1])[0]
            slba, nsid = r.randrange(0, 1 << 28) * 8, 1 + (r.random() < 0.2)
        life = self.stages(opcode, at, blocks) if sqid else [r.uniform(100, 3000) for _ in STAGES]
        status = 0 if r.random() > 2e-4 else r.choice([2, 0x281])
        begin = at
        end = begin + sum(life[:6])
        if self.options.bare:
            life = [-1] * len(STAGES)
        self.rows.append((sqid, cid, opcode, nsid, status, slba, blocks, blocks * 512, begin, end, life))
        return begin + sum(life) if not self.options.bare else end

    def run(self):
        o = self.options
        span = o.commands * 1e5 / (o.queues * o.depth)
        for i in range(3):
            begin = span * (0.2 + 0.27 * i)
            self.stalls.append((begin, begin + min(span / 25, 2e6)))
            self.marks.append({"ns": begin, "kind": "gc",
                               "text": f"garbage collection of block {40 + i}, 117 units moved"})
        start = 30e3
        at = 1e3
        for i in range(min(12, o.commands)):
            at = self.command(0, i, at)
        bring_up_end = max(at, start)
        each = max(0, o.commands - len(self.rows))
        slots = [(bring_up_end + self.random.uniform(0, 2e4), 1 + i % o.queues, i // o.queues)
                 for i in range(o.queues * o.depth)]
        heapq.heapify(slots)
        for _ in range(each):
            free, sqid, cid = slots[0]
            after = self.command(sqid, cid, free + self.random.expovariate(1 / 2e3))
            heapq.heapreplace(slots, (after, sqid, cid))
        self.rows.sort(key=lambda row: row[8] + max(row[10][0], 0))
        end = max((row[9] + 2e4 for row in self.rows), default=1e6)
        if len(self.rows) > 40:  # one command that is never answered
            row = list(self.rows[len(self.rows) // 2])
            row[9], row[10] = -1, [-1] * len(STAGES)
            self.rows[len(self.rows) // 2] = tuple(row)
        return bring_up_end, end


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def latency(row):
    """From the fetch to the completion."""
    return row[9] - row[8] - max(row[10][0], 0)


def group(by, key, rows, bare):
    latencies = sorted(latency(row) for row in rows if row[9] >= 0)
    if not latencies:
        return None
    edges = [1000 * 1.25 ** i for i in range(60)]
    counts = [0] * (len(edges) - 1)
    at = 0
    for each in latencies:
        while at < len(counts) - 1 and each >= edges[at + 1]:
            at += 1
        counts[at] += 1
    known = [row[10] for row in rows if row[9] >= 0 and not bare]
    return {"by": by, "key": key, "count": len(rows), "errors": sum(row[4] != 0 for row in rows),
            "min_ns": latencies[0], "mean_ns": sum(latencies) / len(latencies),
            "p50_ns": percentile(latencies, .5), "p90_ns": percentile(latencies, .9),
            "p99_ns": percentile(latencies, .99), "p999_ns": percentile(latencies, .999),
            "p9999_ns": percentile(latencies, .9999), "max_ns": latencies[-1],
            "stage_mean_ns": [sum(life[i] for life in known) / len(known) if known else -1
                              for i in range(len(STAGES))],
            "histogram": {"edges_ns": edges, "counts": counts}}


def groups(rows, bare):
    keys = [("all", lambda row: "all"),
            ("opcode", lambda row: (IO if row[0] else ADMIN)[row[2]]),
            ("queue", lambda row: str(row[0])),
            ("namespace", lambda row: str(row[3])),
            ("size", lambda row: str(row[7]))]
    found = []
    for by, key in keys:
        sets = {}
        for row in rows:
            sets.setdefault(key(row), []).append(row)
        found += [g for g in (group(by, name, sets[name], bare) for name in sorted(sets)) if g]
    return found


def series(rows, end, marks):
    steps = 400
    step = end / steps
    done, read, write, depth, media = ([0.0] * steps for _ in range(5))
    bells, interrupts = [0] * steps, [0] * steps
    for row in rows:
        if row[9] < 0:
            continue
        at = min(steps - 1, int(row[9] / step))
        done[at] += 1
        (read if row[2] == 2 else write)[at] += row[7]
        bells[min(steps - 1, int(row[8] / step))] += 1
        interrupts[at] += 1
        for part in range(int(row[8] / step), at + 1):
            inside = min(row[9], (part + 1) * step) - max(row[8], part * step)
            depth[min(steps - 1, part)] += max(0, inside) / step
        media[at] += (row[10][3] if row[10][3] > 0 else 0) / step / 60
    busy = lambda values: [min(1, value * 1000 / step / 3938) for value in values]
    return {"step_ns": step, "t_ns": [i * step for i in range(steps)], "iops": [n * 1e9 / step for n in done],
            "read_mb_s": [b * 1000 / step for b in read], "write_mb_s": [b * 1000 / step for b in write],
            "depth": depth, "link_up": busy(read), "link_down": busy(write), "media": [min(1, m) for m in media],
            "decoder": [min(1, n * 600 / step) for n in done], "doorbells": [n * 1e9 / step for n in bells],
            "interrupts": [n * 1e9 / step for n in interrupts]}


def report(options):
    maker = Maker(options)
    bring_up_end, end = maker.run()
    rows, bare = maker.rows, options.bare
    marks = maker.marks + [
        {"ns": 200, "kind": "reset", "text": "controller"}, {"ns": 900, "kind": "state", "text": "CSTS.RDY 0 to 1"},
        {"ns": bring_up_end, "kind": "phase", "text": "run"},
        {"ns": end * .62, "kind": "power", "text": "power state 0 to 3, idle"},
        {"ns": end * .7, "kind": "health", "text": "312 K to 341 K"},
        {"ns": end * .71, "kind": "aer", "text": "SMART / health: temperature threshold"},
        {"ns": end * .9, "kind": "fault", "text": "bad_spot: read_error"}]
    name = "run.trace"
    if options.hostile:
        name = "</script><script>window.broken=1</script><img src=x onerror=window.broken=2>"
        marks.append({"ns": end / 2, "kind": name, "text": name})
    columns = {"sqid": "u16", "cid": "u16", "opcode": "u8", "nsid": "u32", "status": "u16", "slba": "f64",
               "blocks": "u32", "bytes": "u32", "begin_ns": "f64", "end_ns": "f64"}
    commands = {"count": len(rows)}
    for at, (key, kind) in enumerate(columns.items()):
        commands[key] = column(kind, [row[at] for row in rows])
    commands["stage_ns"] = [column("f32", [row[10][i] for row in rows]) for i in range(len(STAGES))]
    done = [row for row in rows if row[9] >= 0]
    slow = sorted(range(len(rows)), key=lambda i: -latency(rows[i]) if rows[i][9] >= 0 else 0)[:20]
    mean = sum(map(latency, done)) / max(1, len(done))
    whole = {
        "format": 1,
        "meta": {"file": name, "origin_ps": "0", "end_ns": end, "complete": True, "note": "", "details": not bare},
        "stages": STAGES,
        "queues": [{"sqid": q, "cqid": q, "size": 64, "commands": sum(row[0] == q for row in rows),
                    "most_in_flight": options.depth if q else 1, "doorbells": sum(row[0] == q for row in rows) // 2,
                    "interrupts": sum(row[0] == q for row in rows) // 3} for q in range(options.queues + 1)],
        "commands": commands,
        "opcodes": {"io": {str(k): name if options.hostile else v for k, v in IO.items()},
                    "admin": {str(k): v for k, v in ADMIN.items()}},
        "statuses": {str(k): v for k, v in STATUSES.items()},
        "groups": groups(rows, bare),
        "marks": sorted(marks, key=lambda mark: mark["ns"]),
    }
    if bare:
        return whole
    whole.update({
        "series": series(rows, end, marks),
        "use": {"link_up": .34, "media": .8, "channels": [.2 + .02 * c for c in range(8)],
                "dies": [.3 + .6 * (d % 5 == 2) for d in range(32)]},
        "limits": "The media limits: its dies are busy 91 % of the run, the link's upward direction 34 %.",
        "little": {"mean_depth": len(done) * mean / end, "iops": len(done) * 1e9 / end, "mean_latency_ns": mean,
                   "product": len(done) / end * mean, "holds_within": 0.0031},
        "slowest": [{"index": i, "story": [
            {"ns": rows[i][8], "text": "the tail doorbell takes effect"},
            {"ns": rows[i][8] + rows[i][10][0], "text": "fetched, 3 others before it"},
            {"ns": rows[i][8] + sum(rows[i][10][:3]), "text": "waits for die 5: garbage collection holds it"},
            {"ns": rows[i][8] + sum(rows[i][10][:4]), "text": "the media has read"},
            {"ns": rows[i][9], "text": "completion posted"}]} for i in slow],
        "findings": [{"rule": "batching", "ns": end * .3, "queue": 1,
                      "text": "a doorbell for each command: 1.1 commands per write"},
                     {"rule": "cq_head_late", "ns": end * .55, "queue": 2,
                      "text": "the head doorbell comes 4.2 ms after the interrupt"}],
        "phases": [{"name": "bring-up", "begin_ns": 0, "end_ns": bring_up_end},
                   {"name": "run", "begin_ns": bring_up_end, "end_ns": end * .99},
                   {"name": "shutdown", "begin_ns": end * .99, "end_ns": end}]})
    return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=20000)
    parser.add_argument("--queues", type=int, default=4, help="I/O queue pairs")
    parser.add_argument("--depth", type=int, default=16, help="commands in flight in each")
    parser.add_argument("--bare", action="store_true", help="only what a waveform of another tool would hold")
    parser.add_argument("--hostile", action="store_true", help="names that try to be script")
    json.dump(report(parser.parse_args()), sys.stdout)


if __name__ == "__main__":
    main()
