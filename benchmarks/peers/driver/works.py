"""What is measured: (work, batch, dtypes), in the order of the table."""
from collections import namedtuple

Work = namedtuple("Work", "name batch dtype")

ROWS = (50, 197, 240, 400, 1000, 1576)
SHAPES = ("768x768", "768x2304", "768x3072", "3072x768")  # inputs x outputs
TOKENS = (50, 197, 240, 577, 1000)
DTYPES = ("float", "bf16", "int8")
LEARNT = ("float", "bf16")


def _expand(*rows):
    return [Work(name, batch, dtype) for names, batches, dtypes in rows
            for name in names for dtype in dtypes for batch in batches]


def every():
    steps = [f"step/{policy}/{model}" for model in ("vit-b32", "vit-b16")
             for policy in ("deep-50", "deep-200", "approximated-50", "approximated-200",
                            "gated-50")]
    memory = [f"memory/step/{policy}/vit-b16" for policy in ("deep-50", "approximated-50")]
    cold = ("cold/vit-b32", "memory/cold/vit-b32")
    return _expand(
        ([f"product/{shape}" for shape in SHAPES], ROWS, DTYPES),
        ([f"attention/{n}" for n in TOKENS], (1,), LEARNT),
        (("forward/vit-b32", "forward/vit-b16", "forward/vilt", "forward/meter"), (1, 8), DTYPES),
        (("forward/clip-text-16", "forward/clip-text-77"), (100,), DTYPES),
        (steps, (8,), LEARNT),
        (("step/context-16/clip-b16", "step/das-4/meter"), (8,), LEARNT),
        (cold, (1,), ("float",)),
        (memory, (8,), LEARNT))


def quick():
    """Some of each, as many as five minutes hold; what counts most first."""
    return _expand(
        (("forward/vit-b32",), (1, 8), ("float",)),
        (("forward/vit-b32",), (1,), ("bf16",)),
        (("forward/vit-b16",), (1,), LEARNT),
        (("step/deep-50/vit-b32", "step/approximated-50/vit-b32"), (8,), ("float",)),
        (("product/768x768", "product/768x3072"), (50, 197), LEARNT),
        (("attention/197",), (1,), ("float",)),
        (("cold/vit-b32",), (1,), ("float",)))


def fresh(work):
    """Whether every run needs a process of its own."""
    return work.name.startswith(("cold/", "memory/"))
