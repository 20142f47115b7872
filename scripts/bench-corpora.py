#!/usr/bin/env python3
"""Measures how fast corpora go in and out, and in how much memory, beside pandas.

    scripts/bench-corpora.py                             the release program; 100,000 and 1,000,000 turns
    scripts/bench-corpora.py --program P --turns 100000  another program, other sizes

The manifest is invented: ten turns a dialogue, each with a label. It is imported into a new project,
which is exported to jsonl, meld and csv. pandas reads and writes the same manifest, in the
environment of readers_environment.py; where that cannot be made, the table says nothing of pandas.

Times are of the whole program, from its start to its end, files synchronised to the disk included;
the best of three runs, because others use the machine too. Memory is the peak resident size. Nothing
here passes or fails: it is a table to read.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

import generated_projects  # noqa: E402
import readers_environment  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
LABELS = ["neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"]
RUNS = 3
TARGET = {100_000: 2.0}  # s

PANDAS = """
import sys, time, pandas
begin = time.perf_counter()
table = pandas.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
read = time.perf_counter()
table.to_csv(sys.argv[2], index=False)
print(read - begin, time.perf_counter() - read)
"""


def main():
    parser = argparse.ArgumentParser(description="Measures corpora; see the file's beginning.")
    parser.add_argument("--program", default=ROOT / ".build/release/undertone", type=pathlib.Path)
    parser.add_argument("--turns", default="100000,1000000", help="sizes, separated by commas")
    options = parser.parse_args()
    program = options.program.resolve()
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is not there; build it with: make build")
    prepared = subprocess.run([ROOT / "scripts/read-exports.py", "--prepare"],
                              capture_output=True, text=True)
    rows = [("what", "turns", "time", "turns/s", "peak memory", "target", "met")]
    with tempfile.TemporaryDirectory(prefix="bench-corpora-", dir=ROOT / ".build") as folder:
        for turns in map(int, options.turns.split(",")):
            print(f"measuring with {turns:,} turns", flush=True)
            rows += measure(str(program), turns, pathlib.Path(folder), prepared.returncode == 0)
    show(rows)
    if prepared.returncode != 0:
        print(prepared.stderr.strip())
    print(f"load average (1, 5, 15 min): {' '.join(f'{load:.2f}' for load in os.getloadavg())}; "
          f"{os.cpu_count()} processors; {program}, {time.strftime('%Y-%m-%d %H:%M')}")


def measure(program, turns, folder, has_pandas):
    manifest, project = folder / f"{turns}.csv", folder / f"{turns}.undertone"
    with manifest.open("w") as file:
        file.write("dialogue,turn,speaker,text,start,end,split,label\n")
        for number in range(turns):
            dialogue, turn = divmod(number, generated_projects.TURNS)
            file.write(
                f"{dialogue},{turn},{generated_projects.SPEAKERS[number % 3]},"
                f"{generated_projects.text(number)},{turn}.5,{turn + 1}.25,train,"
                f"{LABELS[number % 7]}\n")
    rows = []

    def row(what, command, clean=lambda: None):
        results = []
        for _ in range(RUNS if turns <= 100_000 else 1):
            clean()
            results.append(run(command))
        seconds, memory = min(results)
        target = TARGET.get(turns)
        rows.append((what, f"{turns:,}", f"{seconds:.2f} s", f"{turns / seconds:,.0f}",
                     f"{memory:.0f} MB", f"{target:.0f} s" if target else "",
                     ("yes" if seconds <= target else "no") if target else ""))

    row("import of the manifest",
        [program, "import", "manifest", manifest, "--corpus", "bench", "--into", project],
        lambda: generated_projects.remove(project))
    for format, ending in [("jsonl", ".jsonl"), ("meld", ".csv"), ("csv", ".csv")]:
        row(f"export to {format}",
            [program, "export", format, project, folder / f"out-{format}{ending}", "--overwrite"])
    if has_pandas:
        python = readers_environment.ENVIRONMENT / "bin/python"
        times = [
            subprocess.run([python, "-c", PANDAS, manifest, folder / "pandas.csv"],
                           capture_output=True, text=True, check=True).stdout.split()
            for _ in range(RUNS if turns <= 100_000 else 1)]
        for place, what in enumerate(["pandas: read_csv", "pandas: to_csv"]):
            seconds = min(float(pair[place]) for pair in times)
            rows.append((f"{what}, without starting", f"{turns:,}", f"{seconds:.2f} s",
                         f"{turns / seconds:,.0f}", "", "", ""))
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return rows


def run(command):
    """Seconds and peak megabytes of a command."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed: {errors.decode().strip()}")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def show(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    print()
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
        print("  ".join(cells).rstrip())
    print()


if __name__ == "__main__":
    main()
