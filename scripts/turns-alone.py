#!/usr/bin/env python3
"""Writes MELD's turns as dialogues of one turn each, to measure what the dialogue is worth.

    scripts/turns-alone.py MELD/dev_sent_emo.csv FOLDER
    undertone import manifest FOLDER/alone.csv --into alone.undertone \\
        --labels neutral,surprise,joy,anger,sadness,disgust,fear
    undertone import ratings FOLDER/ratings.csv --into alone.undertone
    undertone suggest alone.undertone
    undertone evaluate alone.undertone --against MELD
"""

import csv
import pathlib
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with open(source, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with open(folder / "alone.csv", "w", newline="", encoding="utf-8") as turns, open(
            folder / "ratings.csv", "w", newline="", encoding="utf-8") as ratings:
        turns, ratings = csv.writer(turns), csv.writer(ratings)
        turns.writerow(["dialogue", "turn", "speaker", "text"])
        ratings.writerow(["corpus", "dialogue", "turn", "rater", "label"])
        for row in rows:
            name = f"{row['Dialogue_ID']}-{row['Utterance_ID']}"
            turns.writerow([name, "0", row["Speaker"], row["Utterance"]])
            ratings.writerow(["alone", name, "0", "MELD", row["Emotion"]])


if __name__ == "__main__":
    main()
