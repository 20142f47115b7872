#!/usr/bin/env python3
"""Turns CREMA-D's table of votes into ratings, one file for voice, face and both.

    scripts/crema-ratings.py tabulatedVotes.csv FOLDER
    scripts/crema-ratings.py tabulatedVotes.csv FOLDER --program .build/release/undertone

The table is processedResults/tabulatedVotes.csv of the corpus; the first digit of a row says what was
played: 1 the voice, 2 the face, 3 both. It does not say who voted, so that the votes of a clip are
those of raters 1, 2, 3 ...: statistics that need to know raters mean nothing then, and those that do
not, such as Krippendorff's alpha, are right. With --program the command `undertone agreement` is then
run on each file, and its alpha with the 95 % interval of 1,000 bootstrap replicates over clips, raw
agreement, AC1, and the seconds the whole command took are printed: wall clock, and processor in brackets.
"""

import argparse
import csv
import json
import pathlib
import resource
import subprocess
import sys
import time

LABELS = {"A": "anger", "D": "disgust", "F": "fear", "H": "happiness", "N": "neutral", "S": "sadness"}
PLAYED = {"1": "voice", "2": "face", "3": "both"}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", type=pathlib.Path, help="the program to run on each file")
    options = parser.parse_args()
    table, folder = options.table, options.folder
    rows = {name: [] for name in PLAYED.values()}
    with open(table, newline="", encoding="utf-8") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            try:
                name = PLAYED[row[""][0]]
                votes = [label for key, label in LABELS.items() for _ in range(int(row[key]))]
                clip = row["fileName"]
            except (KeyError, IndexError, TypeError, ValueError):
                sys.exit(f"{table}: row {line} is not one of CREMA-D's votes.")
            rows[name] += [(clip, rater, label) for rater, label in enumerate(votes, 1)]
    folder.mkdir(parents=True, exist_ok=True)
    for name, ratings in rows.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("item", "rater", "label"))
            writer.writerows(ratings)
        print(f"{folder / name}.csv: {len(ratings)} votes")
    if options.program:
        for name in rows:
            run(options.program, name, folder / f"{name}.csv")


def run(program, name, file):
    """Has the program say how far the votes of a file agree."""
    begun, used = time.perf_counter(), processor()
    command = [program, "agreement", "--ratings", file, "--resample", "items", "--format", "json"]
    result = subprocess.run(command, capture_output=True, text=True)
    took, used = time.perf_counter() - begun, processor() - used
    if result.returncode != 0:
        sys.exit(result.stderr)
    report = json.loads(result.stdout)
    alpha = report["alpha_nominal"]
    print(f"{name:6} {report['counts']['turns']} clips  alpha {alpha['value']:.10f} "
          f"[{alpha['low']:.4f}, {alpha['high']:.4f}]  raw {report['raw_agreement']['value']:.4f}  "
          f"AC1 {report['gwet_ac1']['value']:.4f}  {took:.2f} s ({used:.2f} s)")


def processor():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
