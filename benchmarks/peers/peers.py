#!/usr/bin/env python3
"""vlpt beside other libraries and frameworks, interleaved: CSV and a table (README.md beside this).

peers.py --csv FILE [--quick] [--build FOLDER] [--threads 1,2] [--only TEXT,...] [--peers NAME,...]
[--seconds N]"""
import argparse
import os
import sys
import time
from pathlib import Path

from driver import machine, works
from driver.child import Absent, Child, Died, Failed, Missing
from driver.measure import Measurement, Probes, in_fresh_processes
from driver.report import Table

HERE = Path(__file__).resolve().parent
QUICK_SECONDS = 285  # of which nothing new is begun in the last ten


def commands(build, threads):
    """The programs of all peers, vlpt's first."""
    python = os.environ.get("VLPT_PYTHON", "python3")
    libraries = str(build / "benchmarks/peer_libraries")
    frameworks = HERE / "frameworks"
    torch, onnx = str(frameworks / "torch_peer.py"), str(frameworks / "onnx_peer.py")
    return {"vlpt": [str(build / "benchmarks/peer_vlpt"), str(threads)],
            "eigen": [libraries, "eigen", str(threads)],
            "openblas": [libraries, "openblas", str(threads)],
            "onednn": [libraries, "onednn", str(threads)],
            "torch_eager": [python, torch, "eager", str(threads)],
            "torch_onednn": [python, torch, "onednn", str(threads)],
            "torch_compile": [python, torch, "compile", str(threads)],
            "onnxruntime": [python, onnx, str(threads)]}


class Run:
    """All works at one number of threads."""
    def __init__(self, arguments, threads, table, end):
        self.arguments, self.threads, self.table, self.end = arguments, threads, table, end
        self.commands = commands(arguments.build, threads)
        wanted = arguments.peers
        if wanted:
            self.commands = {name: command for name, command in self.commands.items()
                             if name == "vlpt" or name in wanted}
        elif arguments.quick:
            self.commands.pop("torch_compile")  # compiling takes minutes
        self.environment, self.settings = machine.settings(threads, machine.processor()[1])
        folder = arguments.build / "benchmarks/peers"
        folder.mkdir(parents=True, exist_ok=True)
        self.environment["PEERS_FOLDER"] = str(folder)  # of weights, for cold starts
        self.children, self.versions, self.missing, self.trouble = {}, {}, {}, []

    def start(self):
        for name, command in self.commands.items():
            try:
                child = Child(name, command, self.environment)
                self.versions[name] = child.start()
                self.children[name] = child
            except Missing as missing:
                if name == "vlpt":
                    raise
                self.missing[name] = str(missing)
            except Died as died:
                if name == "vlpt":
                    raise
                self.trouble.append(str(died))
        self.probes = Probes(self.children["vlpt"])

    def give_up(self, child, trouble):
        """What went wrong is told at the end; a child that died is asked for nothing more."""
        self.trouble.append(str(trouble))
        if isinstance(trouble, Died):
            self.children.pop(child.name, None)

    def measure(self, todo):
        """The works that the time did not hold."""
        left_out = []
        rounds, seconds, processes = (5, 4, 2) if self.arguments.quick else (9, 60, 5)
        seconds = seconds if self.arguments.seconds is None else self.arguments.seconds
        for work in todo:
            if time.monotonic() > self.end:
                left_out.append(work)
                continue
            if works.fresh(work):
                usable = {name: c for name, c in self.commands.items() if name not in self.missing}
                for row in in_fresh_processes(work, self.threads, usable, self.environment,
                                              processes, self.give_up):
                    self.table.add(row)
                continue
            peers = [child for name, child in self.children.items() if name != "vlpt"]
            try:
                measured = Measurement(work, self.threads, self.children["vlpt"], peers, self.probes,
                                       self.give_up)
            except Absent as absent:
                self.trouble.append("vlpt has no {} {} {}: ".format(*work) + str(absent))
                continue
            for row in measured.run(rounds, seconds):
                self.table.add(row)
        return left_out

    def stop(self):
        for child in self.children.values():
            child.stop()

    def describe(self):
        print("peers at {} thread{}:".format(self.threads, "" if self.threads == 1 else "s"))
        for name, version in self.versions.items():
            print(f"  {name:<13} {version}")
        for name, why in self.missing.items():
            print(f"  {name:<13} missing: {why}")
        print("  settings:", ", ".join(self.settings))
        print("  peak:", ", ".join(f"{dtype} {rate:.0f} GFLOP/s" for dtype, rate in
                                   self.probes.best.items() if rate), flush=True)


def read_arguments():
    parser = argparse.ArgumentParser(prog="./run bench peers", description=__doc__.split("\n")[0])
    parser.add_argument("--csv", required=True, type=Path, help="where the rows go")
    parser.add_argument("--quick", action="store_true", help="some works, within five minutes")
    parser.add_argument("--build", type=Path, default=HERE.parents[1] / "build/release")
    parser.add_argument("--threads", help="such as 1,2; default: 1, and as many as processors")
    parser.add_argument("--only", default="",
                        help="works whose name contains one of these, such as product/,cold/")
    parser.add_argument("--peers", help="of these peers only, such as onednn,torch_eager")
    parser.add_argument("--seconds", type=float,
                        help="of a work, after which three turns are enough; default 60, quick 4")
    arguments = parser.parse_args()
    most = machine.processors()
    try:
        arguments.threads = ([int(n) for n in arguments.threads.split(",")] if arguments.threads
                             else sorted({1, most}))
    except ValueError:
        parser.error("--threads: numbers with commas between")
    if min(arguments.threads) < 1 or max(arguments.threads) > most:
        parser.error(f"--threads: between 1 and the {most} processors here")
    if not (arguments.build / "benchmarks/peer_vlpt").exists():
        parser.error(f"there is no benchmarks/peer_vlpt in {arguments.build}: ./run bench peers builds it")
    if arguments.peers:
        arguments.peers = arguments.peers.split(",")
        unknown = set(arguments.peers) - set(commands(arguments.build, 1))
        if unknown:
            parser.error("--peers: there is no peer " + ", ".join(sorted(unknown)))
    return arguments


def main():
    arguments = read_arguments()
    begin = time.monotonic()
    end = begin + QUICK_SECONDS - 10 if arguments.quick else float("inf")
    wanted = [text for text in arguments.only.split(",") if text] or [""]
    todo = [w for w in (works.quick() if arguments.quick else works.every())
            if any(text in w.name for text in wanted)]
    print(f"machine: {machine.processor()[0]}, {machine.processors()} processors, "
          f"load {machine.load()}")
    try:
        table, trouble, left_out, notes, alone = Table(arguments.csv), [], [], [], 0
        for i, threads in enumerate(arguments.threads):
            runs_left = len(arguments.threads) - i  # which share the time
            share = time.monotonic() + (end - time.monotonic()) / runs_left
            run = Run(arguments, threads, table, share)
            try:
                run.start()
                run.describe()
                table.head()
                left_out += [(work, threads) for work in run.measure(todo)]
            finally:
                run.stop()
            trouble += run.trouble
            best = run.probes.best["float"]
            alone = best if threads == 1 else alone
            if best < 0.8 * threads * alone:
                notes.append(f"{threads} threads were never free at once: their peak_percent is too high")
    except (Died, Failed, Missing, OSError) as error:
        print(f"peers: {error}", file=sys.stderr)
        return 1
    table.close()
    print(f"\nratio = peer / vlpt, above 1 where vlpt is faster; load now {machine.load()}; "
          f"{time.monotonic() - begin:.0f} s")
    for line in table.summary() + notes:
        print(line)
    for work, threads in left_out:
        print("left out for want of time: {} {} {}, {} thr".format(*work, threads))
    for line in trouble:
        print("trouble:", line)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
