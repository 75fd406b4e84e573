#!/usr/bin/env python3
"""pytorch.py SECONDS [--warm | --beside FILE]: the works of time.cpp in PyTorch, on the same GPU.

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

MATH, FUSED = [SDPBackend.MATH], [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION]
WAYS = [("torch eager float", torch.float32, False, MATH, False),
        ("torch SDPA float", torch.float32, False, FUSED, False),
        ("torch compiled float", torch.float32, False, FUSED, True),
        ("torch compiled tf32", torch.float32, True, FUSED, True),
        ("torch compiled bf16", torch.bfloat16, True, FUSED, True)]
STEPS = [("head alone", None, 0), ("Deep 50", Deep, 50), ("APT 50", Approximated, 50),
         ("Deep 200", Deep, 200), ("APT 200", Approximated, 200)]


class HeadAlone(Prompted):
    def forward(self, images):
        return self.classify(self.features(images))

    def features(self, images):
        with torch.no_grad():
            x = self.vit.embed(images)
            for block in self.vit.blocks:
                x = block(x)
            return x


def works(dtype, compiled):
    """(name, run) of each; images come from pinned memory each time, as time.cpp's from the host."""
    maybe = torch.compile if compiled else (lambda f: f)

    def pinned(batch):
        return torch.rand(batch, 3, 224, 224).to(dtype).pin_memory()

    for batch in (256, 1):
        vit, images = maybe(Vit(16).to("cuda", dtype).eval()), pinned(batch)

        def forward(vit=vit, images=images):
            with torch.no_grad():
                vit(images.cuda(non_blocking=True)).cpu()
        yield f"forward, batch {batch}", forward
    for policy, kind, prompts in STEPS:
        vit = Vit(16).to(dtype)
        net = (HeadAlone(vit, dtype) if kind is None else kind(vit, dtype, prompts)).to("cuda")
        run, images = maybe(net.train()), pinned(64)
        slope = torch.full((64, 100), 0.01, device="cuda")

        def step(net=net, run=run, images=images, slope=slope):
            net.zero_grad(set_to_none=True)
            run(images.cuda(non_blocking=True)).backward(slope)
            torch.cuda.synchronize()
        yield f"step, {policy}, batch 64", step


def median_ms(run, most_seconds):
    for _ in range(3):
        run()
    times = []
    while sum(times) < most_seconds and len(times) < 50:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def measured(seconds, warm):
    for way, dtype, tf32, kernels, compiled in WAYS:
        if warm and not compiled:
            continue
        torch.backends.cuda.matmul.allow_tf32 = tf32
        with sdpa_kernel(kernels):
            for work, run in works(dtype, compiled):
                try:
                    if warm:
                        run()
                    else:
                        yield work, way, median_ms(run, seconds)
                except RuntimeError as error:
                    print(f"{way}, {work}: {str(error).splitlines()[0]}", file=sys.stderr)
        torch.compiler.reset()


def table(times):
    ways = list(dict.fromkeys(way for _, way in times))
    rows = [["work, ms"] + ways, ["--"] + ["--:"] * len(ways)]
    for work in dict.fromkeys(work for work, _ in times):
        cells = [times.get((work, way)) for way in ways]
        rows.append([work] + ["" if ms is None else f"{ms:.2f}" for ms in cells])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main():
    seconds, *rest = sys.argv[1:]
    if not torch.cuda.is_available():
        sys.exit("pytorch.py: PyTorch finds no CUDA device")
    times = {}
    if rest[:1] == ["--beside"]:
        for line in Path(rest[1]).read_text().splitlines():
            work, way, ms = line.split("\t")
            times[work, way] = float(ms)
    for work, way, ms in measured(float(seconds), "--warm" in rest):
        times[work, way] = ms
    if "--warm" not in rest:
        print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}, "
              f"CUDA {torch.version.cuda}, {time.strftime('%d %B %Y')}\n\n{table(times)}")


main()
