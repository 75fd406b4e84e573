"""Samples of several peers in turns, bracketed by probes of the processor."""
import subprocess
import tempfile
import time
from collections import namedtuple
from statistics import median

from driver.child import Absent, Died, Failed
from driver.machine import Neighbours, waited_ms

Sample = namedtuple("Sample", "ms rate calm")  # rate: of the worse probe
Row = namedtuple("Row", "work threads peer ms vlpt_ms peak_percent samples idle_percent")

PAUSE = 0.03      # seconds after a sample, in which threads of the peer stop to spin
LEAST_RATE = 0.9  # of the best probe: samples whose probes fell below are dropped
MOST_WAIT = 0.02  # of a sample's time, which a thread may wait for a processor on average, or it is dropped
LEAST_CLEAN = 3   # samples; with fewer, the median is of all of them, and 0 samples are reported


class Probes:
    """The processor's rate of multiply-adds, as vlpt's child measures it, and the best so far."""
    def __init__(self, vlpt):
        self.vlpt, self.best = vlpt, {}
        for dtype in ("float", "bf16", "int8"):
            for _ in range(10):
                self.take(dtype)

    def take(self, dtype):
        rate = self.vlpt.number(f"probe {dtype}")
        self.best[dtype] = max(rate, self.best.get(dtype, 0))
        return rate

    def clean(self, dtype, samples):
        return [s.ms for s in samples if s.calm and s.rate >= LEAST_RATE * self.best[dtype]]

    def middle(self, dtype, samples):
        """(median, how many of the samples were clean; 0: too few, the median is of all)"""
        clean = self.clean(dtype, samples)
        if len(clean) < min(LEAST_CLEAN, len(samples)):
            return median(s.ms for s in samples), 0
        return median(clean), len(clean)


def take_sample(child, probes, dtype, threads):
    """One run, between two probes."""
    before, waited, start = probes.take(dtype), waited_ms(child.pid), time.monotonic()
    ms = child.number("sample")
    most = 1e3 * (time.monotonic() - start) * threads * MOST_WAIT
    calm = waited_ms(child.pid) - waited <= most
    time.sleep(PAUSE)
    return Sample(ms, min(before, probes.take(dtype)), calm)


class Measurement:
    """One work by all peers that have it. `say` is told of what is left out and why."""
    def __init__(self, work, threads, vlpt, peers, probes, say):
        self.work, self.threads, self.probes, self.say = work, threads, probes, say
        self.able, self.macs = [], 0
        for child in [vlpt, *peers]:
            try:
                macs = child.number("prepare {} {} {}".format(*work))
            except Absent as absent:
                if child is vlpt:
                    raise
                continue
            except (Died, Failed) as trouble:
                if child is vlpt:
                    raise
                say(child, trouble)
                continue
            self.macs = self.macs or macs
            self.able.append(child)
        self.samples = {child.name: [] for child in self.able}

    def run(self, rounds, seconds):
        """`rounds` clean samples of each, or as many as three times the rounds or the time give."""
        neighbours = Neighbours([child.pid for child in self.able])
        end = time.monotonic() + seconds
        dtype = self.work.dtype
        for turn in range(3 * rounds):
            for child in list(self.able):
                try:
                    self.samples[child.name].append(take_sample(child, self.probes, dtype,
                                                                self.threads))
                except (Died, Failed) as trouble:
                    if child is self.probes.vlpt:
                        raise
                    self.say(child, trouble)
                    self.able.remove(child)
            enough = all(len(self.probes.clean(dtype, self.samples[child.name])) >= rounds
                         for child in self.able)
            if enough or (turn + 1 >= LEAST_CLEAN and time.monotonic() > end):
                break
        for child in self.able:
            child.ask("forget")
        return self.rows(neighbours.idle_percent())

    def rows(self, idle):
        dtype = self.work.dtype
        vlpt_ms, _ = self.probes.middle(dtype, self.samples["vlpt"])
        peak = self.probes.best[dtype]
        percent = 100 * 2e-6 * self.macs / vlpt_ms / peak if peak else None
        for child in self.able:
            ms, clean = self.probes.middle(dtype, self.samples[child.name])
            yield Row(self.work, self.threads, child.name, ms, vlpt_ms, percent, clean, idle)


def _once(command, environment):
    """(the first line that a process says, milliseconds from its start until then); where it says
    nothing, the last line of its errors."""
    with tempfile.TemporaryFile("w+") as errors:
        start = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True,
                              env=environment) as process:
            line = process.stdout.readline().strip()
            ms = 1e3 * (time.monotonic() - start)
        errors.seek(0)
        return line or " ".join(errors.read().strip().splitlines()[-1:]), ms


def in_fresh_processes(work, threads, commands, environment, rounds, say):
    """Rows of a work of which each run is a process: cold/ is its start until the work is done once,
    memory/ the most that it held, in MiB. The first run, which may make files, does not count."""
    kind, _, name = work.name.partition("/")
    asked = work.name if kind == "cold" else name
    values = {peer: [] for peer in commands}
    neighbours = Neighbours([])
    for turn in range(rounds + 1):
        for peer, command in commands.items():
            if values[peer] is None:
                continue
            line, ms = _once([*command, "--once", asked, str(work.batch), work.dtype], environment)
            words = line.split() or [""]
            if words[0] == "done":
                if turn > 0:
                    values[peer].append(ms if kind == "cold" else float(words[2]))
                continue
            if words[0] not in ("none", "missing"):
                say(None, Failed(f"{peer} failed at {work.name}: {line}"))
            values[peer] = None
    idle = neighbours.idle_percent()
    if not values.get("vlpt"):
        return
    vlpt = median(values["vlpt"])
    for peer, found in values.items():
        if found:
            yield Row(work, threads, peer, median(found), vlpt, None, len(found), idle)
