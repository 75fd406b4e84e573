#!/usr/bin/env python3
"""pytorch.py SECONDS LIMIT [--warm | --beside FILE]: the works of time.cpp in PyTorch, on the same GPU,
SECONDS each and begun within LIMIT seconds of the start.

--warm compiles what torch.compile needs, so that a later run finds it; --beside prints one table of this
and of the lines that time_gpu printed into FILE."""
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers" / "frameworks"))
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from nets import Approximated, Deep, Prompted, Vit
from streams import Das, Meter

MATH = [SDPBackend.MATH]
FUSED = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
WAYS = [("torch eager, float", torch.float32, False, MATH, False),
        ("torch SDPA, tf32", torch.float32, True, FUSED, False),
        ("torch compiled, tf32", torch.float32, True, FUSED, True),
        ("torch SDPA, bf16", torch.bfloat16, True, FUSED, False),
        ("torch compiled, bf16", torch.bfloat16, True, FUSED, True)]
STEPS = [("head alone", None, 0), ("Deep 50", Deep, 50), ("APT 50", Approximated, 50),
         ("Deep 200", Deep, 200), ("APT 200", Approximated, 200)]
begun = time.time()


class HeadAlone(Prompted):
    """A linear probe: nothing of the encoder is reversed."""
    def forward(self, images):
        with torch.no_grad():
            x = self.vit.embed(images)
            for block in self.vit.blocks:
                x = block(x)
        return self.classify(x)


def made(make):
    """Drawn where it will be, which takes no time."""
    with torch.device("cuda"):
        return make()


def works(dtype, compiled):
    """(name, maker of a run) of each; images come from pinned memory each time, as time.cpp's from the
    host."""
    maybe = torch.compile if compiled else (lambda f: f)

    def forward(batch):
        vit = maybe(made(lambda: Vit(16)).to(dtype).eval())
        images = torch.rand(batch, 3, 224, 224).to(dtype).pin_memory()

        def run():
            with torch.no_grad():
                vit(images.cuda(non_blocking=True)).cpu()
        return run

    def step(kind, prompts):
        vit = made(lambda: Vit(16)).to(dtype)
        net = made(lambda: HeadAlone(vit, dtype) if kind is None else kind(vit, dtype, prompts))
        go, images = maybe(net.train()), torch.rand(64, 3, 224, 224).to(dtype).pin_memory()
        slope = torch.full((64, 100), 0.01, device="cuda")

        def run():
            net.zero_grad(set_to_none=True)
            go(images.cuda(non_blocking=True)).backward(slope)
            torch.cuda.synchronize()
        return run

    def step_das(batch):
        net = maybe(made(lambda: Das(Meter().to(dtype), dtype)).train())
        ids = torch.full((batch, 40), 7).pin_memory()
        images = torch.rand(batch, 3, 384, 384).to(dtype).pin_memory()
        slope = torch.full((batch, 100), 0.01, device="cuda")

        def run():
            net.zero_grad(set_to_none=True)
            net(ids.cuda(non_blocking=True), images.cuda(non_blocking=True)).backward(slope)
            torch.cuda.synchronize()
        return run

    for batch in (256, 1):
        yield f"forward, batch {batch}", lambda batch=batch: forward(batch)
    for policy, kind, prompts in STEPS:
        yield (f"step, {policy}, batch 64",
               lambda kind=kind, prompts=prompts: step(kind, prompts))
    yield "step, DAS 4 on METER, batch 16", lambda: step_das(16)


def median_ms(run, most_seconds):
    for _ in range(3):
        run()
    times = []
    while sum(times) < most_seconds and len(times) < 50:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def measured(seconds, limit, warm):
    """(work, way, milliseconds) of all that there is time for."""
    for way, dtype, tf32, kernels, compiled in WAYS:
        if warm and not compiled:
            continue
        torch.backends.cuda.matmul.allow_tf32 = tf32
        with sdpa_kernel(kernels):
            for work, make in works(dtype, compiled):
                if time.time() - begun > limit:
                    print(f"{way}, {work}: no time left", file=sys.stderr)
                    continue
                try:
                    run = make()
                    if warm:
                        run()
                    else:
                        yield work, way, median_ms(run, seconds)
                except Exception as error:  # whatever a framework raises: the others are measured
                    print(f"{way}, {work}: {type(error).__name__} {str(error)[:200]}", file=sys.stderr)
        torch.compiler.reset()


def table(times):
    ways = list(dict.fromkeys(way for _, way in times))
    rows = [["work, ms"] + ways, ["--"] + ["--:"] * len(ways)]
    for work in dict.fromkeys(work for work, _ in times):
        cells = [times.get((work, way)) for way in ways]
        rows.append([work] + ["" if ms is None else f"{ms:.2f}" for ms in cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main():
    seconds, limit, *rest = sys.argv[1:]
    if not torch.cuda.is_available():
        sys.exit("pytorch.py: PyTorch finds no CUDA device")
    times = {}
    if rest[:1] == ["--beside"]:
        for line in Path(rest[1]).read_text().splitlines():
            work, way, ms = line.split("\t")
            times[work, way] = float(ms)
    for work, way, ms in measured(float(seconds), float(limit), "--warm" in rest):
        times[work, way] = ms
    if "--warm" not in rest:
        print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, "
              f"CUDA {torch.version.cuda}, {time.strftime('%d %B %Y')}\n\n{table(times)}")


main()
