#!/usr/bin/env python3
"""Writes the subset of easy-VQA that lies here: subset.py DATA [FOLDER].

DATA is the folder of PyPI's easy-vqa that holds train/ and test/. Two tasks, each with questions to
learn from and questions to be tested on: colour ("what color is the shape?"), and presence ("is
there a red shape?"), of which half are denied ("is there not a red shape?").
"""
import json
import shutil
import sys
from pathlib import Path

COLOURS = {"black", "blue", "brown", "gray", "green", "red", "teal", "yellow"}
PICTURES = 250  # of each part: the first that have questions


def main(data, folder):
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for part in ("train", "test"):
        entries = json.loads((data / part / "questions.json").read_text())
        kept = sorted({picture for _, _, picture in entries})[:PICTURES]
        chosen = set(kept)
        for picture in kept:
            shutil.copyfile(data / part / "images" / f"{picture}.png", images / f"{part}-{picture}.png")
        for task, answers in (("colour", COLOURS), ("presence", {"yes", "no"})):
            lines = [
                json.dumps({"image": f"images/{part}-{picture}.png", "question": question, "answer": answer})
                for question, answer, picture in entries
                if picture in chosen and answer in answers
            ]
            (folder / f"{task}-{part}.jsonl").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent)
