#!/usr/bin/env python3
"""Turns CREMA-D's table of votes into ratings, one file for voice, face and both.

    scripts/crema-ratings.py tabulatedVotes.csv FOLDER

The table is processedResults/tabulatedVotes.csv of the corpus; the first digit of a row says what was
played: 1 the voice, 2 the face, 3 both. It does not say who voted, so that the votes of a clip are
those of raters 1, 2, 3 ...: statistics that need to know raters mean nothing then, and those that do
not, such as Krippendorff's alpha, are right. Afterwards:

    undertone agreement --ratings FOLDER/voice.csv
"""

import csv
import pathlib
import sys

LABELS = {"A": "anger", "D": "disgust", "F": "fear", "H": "happiness", "N": "neutral", "S": "sadness"}
PLAYED = {"1": "voice", "2": "face", "3": "both"}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    table, folder = map(pathlib.Path, sys.argv[1:])
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


if __name__ == "__main__":
    main()
