"""Rows as CSV and as a table."""
import csv
from math import exp, log

COLUMNS = ("work", "batch", "threads", "dtype", "peer", "median_ms", "vlpt_ms", "ratio",
           "peak_percent", "samples", "idle_percent")


def fields(row):
    return (row.work.name, row.work.batch, row.threads, row.work.dtype, row.peer, f"{row.ms:.4f}",
            f"{row.vlpt_ms:.4f}", f"{row.ms / row.vlpt_ms:.3f}",
            "" if row.peak_percent is None else f"{row.peak_percent:.1f}", row.samples,
            f"{row.idle_percent:.1f}")


class Table:
    """Rows to a file of CSV at once, and to the reader as lines of a table."""
    form = "{:<32} {:>5} {:>3} {:<5} {:<13} {:>10} {:>10} {:>6} {:>6} {:>4} {:>5}"

    def __init__(self, path):
        self.file = open(path, "w", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")
        self.writer.writerow(COLUMNS)
        self.rows = []

    def head(self):
        print(self.form.format("work", "batch", "thr", "dtype", "peer", "median", "vlpt", "ratio",
                               "peak%", "n", "idle%"))

    def add(self, row):
        self.rows.append(row)
        self.writer.writerow(fields(row))
        self.file.flush()
        print(self.form.format(*fields(row)), flush=True)

    def close(self):
        self.file.close()

    def summary(self):
        """Geometric means of the ratios by kind of work, and how many samples were too few."""
        groups = {}
        for row in self.rows:
            if row.peer != "vlpt":
                key = (row.work.name.partition("/")[0], row.threads, row.work.dtype, row.peer)
                groups.setdefault(key, []).append(row.ms / row.vlpt_ms)
        lines = []
        for (kind, threads, dtype, peer), ratios in groups.items():
            mean = exp(sum(map(log, ratios)) / len(ratios))
            lines.append(f"{kind:<10} {threads} thr  {dtype:<5} {peer:<13} {mean:6.2f}  "
                         f"({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} works)")
        few = sum(row.samples == 0 for row in self.rows)
        busy = sum(row.idle_percent < 90 for row in self.rows)
        if busy:
            lines.append(f"{busy} of {len(self.rows)} rows were measured beside neighbours (idle% below 90)")
        if few:
            lines.append(f"{few} of {len(self.rows)} medians are of a disturbed machine "
                         "(samples = 0): too few samples were clean")
        return lines
