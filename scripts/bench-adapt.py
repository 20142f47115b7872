#!/usr/bin/env python3
"""How long `undertone train --from` takes to adapt a checkpoint to 200 corrected turns.

    swift build -c release --product undertone
    scripts/bench-adapt.py [--program PATH] [--checkpoint PATH]

The project has 1,000 invented turns, of which the first 200 are labelled. Prints the median of five
runs, from the start of the program to the checkpoint on the disk.
"""

import argparse
import csv
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import generated_projects

ROOT = pathlib.Path(__file__).resolve().parent.parent
LABELS = ["neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"]
TURNS = 1000
LABELLED = 200
RUNS = 5


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=ROOT / ".build/release/undertone")
    parser.add_argument("--checkpoint", default=ROOT / "models/bundled.safetensors")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    checkpoint = str(pathlib.Path(options.checkpoint).resolve())
    with tempfile.TemporaryDirectory() as folder:
        def run(*arguments):
            subprocess.run(
                [program, *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, env=os.environ | {"HOME": folder})

        with open(f"{folder}/turns.csv", "w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["dialogue", "turn", "speaker", "text", "label"])
            for number in range(TURNS):
                dialogue, turn = divmod(number, generated_projects.TURNS)
                label = LABELS[number * 7 // 3 % len(LABELS)] if number < LABELLED else ""
                rows.writerow(
                    [f"d{dialogue}", turn, generated_projects.SPEAKERS[turn % 3],
                     generated_projects.text(number), label])
        run("import", "manifest", "turns.csv", "--into", "p.undertone")
        seconds = []
        for _ in range(RUNS):
            began = time.monotonic()
            run("train", "p.undertone", "--from", checkpoint, "--out", "adapted.safetensors")
            seconds.append(time.monotonic() - began)
    print(
        f"adapting to {LABELLED} corrected turns: {statistics.median(seconds):.2f} s "
        f"(target 5 s; {RUNS} runs, {min(seconds):.2f} to {max(seconds):.2f} s)")


if __name__ == "__main__":
    main()
