"""One peer in a process of its own, asked line by line (README.md, "The lines")."""
import os
import select
import subprocess
import tempfile
import time


class Died(Exception):
    """A child that ended, hung or answered nonsense, and what it said last."""


class Failed(Exception):
    """A work at which a child failed without ending, and its words."""


class Missing(Exception):
    """A peer that this machine does not have, and why."""


class Absent(Exception):
    """A work that a peer does not have, and why."""


class Child:
    def __init__(self, name, command, environment, seconds=900):
        self.name, self.command, self.seconds = name, command, seconds
        self.errors = tempfile.TemporaryFile()
        self.buffer = b""
        try:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=self.errors, env=environment)
        except OSError as error:
            raise Missing(str(error)) from None

    @property
    def pid(self):
        return self.process.pid

    def start(self):
        """The version that the child says it has."""
        kind, _, rest = self.line("start").partition(" ")
        if kind == "missing":
            self.stop()
            raise Missing(rest)
        if kind != "ready":
            raise self.died(f'said "{kind} {rest}" where it should be ready')
        return rest

    def ask(self, line):
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise self.died(f'ended before "{line}"') from None
        answer = self.line(line)
        kind, _, rest = answer.partition(" ")
        if kind == "none":
            raise Absent(rest)
        if kind == "error":
            raise Failed(f'{self.name} failed at "{line}": {rest}')
        return answer

    def number(self, line):
        answer = self.ask(line).split()
        try:
            return float(answer[-1])
        except (ValueError, IndexError):
            raise self.died(f'"{line}" was answered by "{" ".join(answer)}"') from None

    def line(self, asked):
        """The next line of the child's output."""
        end = time.monotonic() + self.seconds
        out = self.process.stdout.fileno()
        while b"\n" not in self.buffer:
            left = end - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                raise self.died(f'gave no answer to "{asked}" in {self.seconds:.0f} s')
            more = os.read(out, 65536)
            if not more:
                raise self.died(f'ended at "{asked}"')
            self.buffer += more
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode(errors="replace").strip()

    def died(self, how):
        self.stop()
        self.errors.seek(0)
        last = self.errors.read().decode(errors="replace").strip().splitlines()[-3:]
        status = f", exit status {self.process.returncode}" if self.process.returncode else ""
        return Died(f"{self.name} {how}{status}" + "".join(f"\n    {line}" for line in last))

    def stop(self):
        """Asks the child to end, and ends it if it does not."""
        try:
            self.process.stdin.write(b"quit\n")
            self.process.stdin.close()
        except OSError:
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
