"""The lines in which the driver asks, for a peer in Python: what serve.cpp is to one in C++."""
import math
import os
import sys
import time

LEAST_MS = 10  # of a sample: shorter works are run several times


class Absent(Exception):
    """A work that this peer does not have, and why."""


class Lines:
    """The pipe to the driver; whatever else is printed goes to the standard error."""
    def __init__(self):
        self.out = os.fdopen(os.dup(1), "w", buffering=1)
        os.dup2(2, 1)

    def say(self, *words):
        print(*words, file=self.out, flush=True)


def _ms(run, times):
    start = time.perf_counter()
    for _ in range(times):
        run()
    return 1e3 * (time.perf_counter() - start) / times


class Sampler:
    """A work that has run."""
    def __init__(self, run, warm):
        self.run, self.repeats = run, 1
        for _ in range(warm - 1):
            run()
        if _ms(run, 1) < LEAST_MS:
            best = min(_ms(run, 1) for _ in range(3))  # a neighbour may have been in the way
            self.repeats = max(1, min(1000, math.ceil(LEAST_MS / best)))

    def sample(self):
        if self.repeats > 1:
            self.run()
        return _ms(self.run, self.repeats)


def most_memory():
    """The most memory that this process has held, in MiB."""
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0


def serve(lines, version, make, arguments, warm=1):
    """Answers the driver. make(name, batch, dtype) -> a function that runs the work once; `warm`: how
    often it runs before it is measured."""
    if "--once" in arguments:
        name, batch, dtype = arguments[arguments.index("--once") + 1:]
        try:
            make(name, int(batch), dtype)()
        except Absent as absent:
            return lines.say("none", absent)
        return lines.say("done", 0, f"{most_memory():.1f}")
    lines.say("ready", version)
    sampler = None
    for line in sys.stdin:
        command, *words = line.split() or [""]
        if command == "quit":
            return
        try:
            if command == "prepare":
                sampler = None
                sampler = Sampler(make(words[0], int(words[1]), words[2]), warm)
                lines.say("ok", 0)
            elif command == "sample":
                lines.say(f"{sampler.sample():.6f}")
            elif command == "forget":
                sampler = None
                lines.say("ok")
            else:
                lines.say("error no such command:", line.strip())
        except Absent as absent:
            lines.say("none", absent)
        except Exception as error:  # whatever a framework raises: the driver is told, and goes on
            text = " ".join(str(error).split())[:300]
            lines.say("error", type(error).__name__, text)
