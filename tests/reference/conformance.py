#!/usr/bin/env python3
"""conformance.py PROGRAM [--write PAGE] [--only NAME] [--keep FOLDER] [--fixtures FOLDER]

Makes models of many families with random weights in the frameworks that they come from, saves them
as users have them, lets the framework compute every layer at double precision, and PROGRAM
(tests/conformance/*.cpp) load the files and do the same. Prints a table, and with --write puts it
into a page (docs/conformance.md). The cases are the functions of cases/*.py. --fixtures writes the
cases of size "tiny" for the tests that run without Python, and runs nothing.
77: a framework is missing, with a word."""
import argparse
import importlib
import importlib.metadata
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import torch
    import transformers
    from safetensors.torch import save_file
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    from cases import CASES, Case
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
FRAMEWORKS = ["torch", "transformers", "timm", "open-clip-torch", "torchvision"]
BEGIN, END = "<!-- conformance.sh -->", "<!-- end -->"


def make(case: Case, folder: pathlib.Path):
    """FOLDER/model as users have it, FOLDER/expected.safetensors: inputs and every layer."""
    folder.mkdir(parents=True)
    torch.manual_seed(case.seed)
    (folder / "model").mkdir()
    with torch.no_grad():
        made = case.build(folder / "model", **case.sizes)
    facts = {"case": case.name, "size": case.size, "framework": case.framework, **made.facts}
    tensors = {}
    for name, value in made.tensors.items():
        value = value.detach()
        value = value.to(torch.int64 if not value.is_floating_point() else torch.float64)
        tensors[name] = value.contiguous().clone()
    save_file(tensors, folder / "expected.safetensors", metadata={k: str(v) for k, v in facts.items()})


def run(program: str, folder: pathlib.Path):
    done = subprocess.run([program, str(folder)], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return None, done.stderr.strip()
    return [json.loads(line) for line in done.stdout.splitlines()], ""


def row(case, pair):
    by = {r["precision"]: r for r in pair}
    d, f = by["double"], by["float"]
    return (f"| {case.name} | {d['family'].split(' ', 1)[1]} | {case.size} | {case.framework} "
            f"| {d['tensors']} | {d['error']:.1e} | {d['worst']} | {f['error']:.1e} | {f['worst']} |")


HEAD = ["| case | family | size | framework | tensors compared | double | worst | float | worst |",
        "|---|---|---|---|---|---|---|---|---|"]


def write(page: pathlib.Path, rows):
    """Replaces the rows of the cases that ran and keeps the others'."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in FRAMEWORKS)
    before, rest = page.read_text().split(BEGIN)
    old, after = rest.split(END)
    lines = {tuple(cell.strip() for cell in line.split("|")[1:4:2]): line
             for line in old.splitlines() if line.startswith("| ") and line not in HEAD}
    lines.update({(case.name, case.size): row(case, pair) for case, pair in rows})
    body = [lines[c.name, c.size] for c in CASES if (c.name, c.size) in lines]
    page.write_text("\n".join([before + BEGIN, f"With {versions}.", "", *HEAD, *body, END + after]))


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("program")
    parse.add_argument("--write", type=pathlib.Path)
    parse.add_argument("--only", default="")
    parse.add_argument("--keep", type=pathlib.Path)
    parse.add_argument("--fixtures", type=pathlib.Path)
    options = parse.parse_args()
    chosen = [c for c in CASES if options.only in f"{c.name}.{c.size}"]
    if not chosen:
        print(f"skipped: there is no case {options.only}, or its package is missing")
        return 77
    if options.fixtures:
        for case in (c for c in chosen if c.size == "tiny"):
            target = options.fixtures / case.name
            shutil.rmtree(target, ignore_errors=True)
            make(case, target)
        return 0
    rows, bad = [], 0
    for case in chosen:
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(options.keep or scratch) / f"{case.name}.{case.size}"
            shutil.rmtree(folder, ignore_errors=True)
            make(case, folder)
            result, trouble = run(options.program, folder)
        if result is None:
            print(f"{case.name} {case.size}: {trouble}", flush=True)
            bad += 1
            continue
        rows.append((case, result))
        for r in result:
            bad += not r["good"]
            print(f"{case.name} {case.size} {r['precision']}: {r['error']:.2e} at {r['worst']}"
                  f"{'' if r['good'] else '  <- TOO FAR'}", flush=True)
    if options.write and not bad:
        write(options.write, rows)
    print(f"conformance: {len(rows)} models, {bad} failures")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
