"""The machine and its state: what processor, how busy, by whom."""
import os
import platform
import re
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            text = file.read()
    except OSError:
        return platform.processor() or platform.machine(), set()
    model = re.search(r"^model name\s*:\s*(.*)$", text, re.M)
    flags = re.search(r"^flags\s*:\s*(.*)$", text, re.M)
    return (model.group(1) if model else platform.machine(),
            set(flags.group(1).split()) if flags else set())


def processors():
    return len(os.sched_getaffinity(0))


def load():
    return "%.2f %.2f %.2f" % os.getloadavg()


def _machine():
    """(seconds that all processors had, seconds in which they worked); stolen ones count as work."""
    with open("/proc/stat") as file:
        fields = [int(f) for f in file.readline().split()[1:9]]
    return sum(fields) / TICKS, (sum(fields) - fields[3] - fields[4]) / TICKS


def _own(pids):
    """Seconds that these processes worked, with all their threads and the children that ended."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(f) for f in fields[11:15])
    return total / TICKS


def waited_ms(pid):
    """How long the threads of a process were ready to run and had no processor."""
    total = 0
    for status in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(status.read_text().split()[1])
        except (OSError, ValueError, IndexError):  # a thread that ended
            continue
    return total * 1e-6


class Neighbours:
    """Who else worked since this was made."""
    def __init__(self, pids):
        self.pids = [os.getpid(), *pids]
        self.all, self.busy = _machine()
        self.own = _own(self.pids)

    def idle_percent(self):
        """100 (1 - others / all): of the time of all processors, what others did not take. Others'
        time is all work of the machine less that of our own processes."""
        everything, busy = _machine()
        span = everything - self.all
        if span <= 0:
            return 100.0
        others = (busy - self.busy) - (_own(self.pids) - self.own)
        return 100 * (1 - min(1, max(0, others / span)))


def settings(threads, flags):
    """The environment of every peer, and what in it differs from the user's."""
    changed = {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads),
               "OPENBLAS_NUM_THREADS": str(threads), "OPENBLAS_CORETYPE": None,
               "OPENBLAS_L2_SIZE": None, "TORCHINDUCTOR_FREEZING": "1"}
    if "avx512f" in flags:
        changed.update(OPENBLAS_CORETYPE="SKYLAKEX", ATEN_CPU_CAPABILITY="avx512")
    environment = dict(os.environ)
    for name, value in changed.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    words = [f"{name}={value}" if value else f"{name} unset" for name, value in changed.items()
             if value or name in os.environ]
    return environment, words
