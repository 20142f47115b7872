#!/usr/bin/env python3
"""Checks sample-dialogs/: tables against files, files against their own checksums.

    scripts/check-samples.py

Needs Python's standard library alone; where ffmpeg is installed, every file is decoded as well.
Prints what is wrong, one line each, and exits 1; or one line of counts.
"""

import collections
import csv
import pathlib
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

import ogg  # noqa: E402

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "sample-dialogs"
LABELS = {"neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"}
RATERS = {"rater-a", "rater-b", "rater-c"}
LARGEST = 8 * 1024 * 1024  # bytes, the whole folder
SHORTEST, LONGEST = 0.4, 15.0  # s, a turn
OPUS_RATE = 48_000  # the clock of an Opus stream, whatever went in: RFC 7845, section 4

problems = []


def main():
    turns = read("manifest.csv", ["dialogue", "turn", "speaker", "text", "audio", "start", "end",
                                  "split", "title"])
    ratings = read("ratings.csv", ["dialogue", "turn", "rater", "label"])
    check_turns(turns)
    check_ratings(ratings, turns)
    seconds = check_audio(turns)
    size = sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file())
    if size > LARGEST:
        problems.append(f"sample-dialogs/ is {size} bytes, more than {LARGEST}")
    if problems:
        sys.exit("\n".join(problems))
    dialogues = len({turn["dialogue"] for turn in turns})
    print(f"{dialogues} dialogues, {len(turns)} turns, {seconds:.0f} s of sound, "
          f"{len(ratings)} ratings, {size / 1024 / 1024:.1f} MiB: all in order")


def read(name, columns):
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        if table.fieldnames != columns:
            sys.exit(f"{name}: columns {table.fieldnames}, expected {columns}")
        return list(table)


def check_turns(turns):
    by_dialogue = collections.defaultdict(list)
    for row, turn in enumerate(turns, 2):
        by_dialogue[turn["dialogue"]].append(turn)
        for column in ("dialogue", "turn", "speaker", "text", "audio", "title"):
            if not turn[column].strip():
                problems.append(f"manifest.csv row {row}: {column} is empty")
        if turn["audio"].startswith("/") or ".." in pathlib.PurePosixPath(turn["audio"]).parts:
            problems.append(f"manifest.csv row {row}: {turn['audio']} is not inside the folder")
    for name, rows in by_dialogue.items():
        if [row["turn"] for row in rows] != [str(n + 1) for n in range(len(rows))]:
            problems.append(f"{name}: turns are not numbered 1 to {len(rows)} in order")
        if len({row["title"] for row in rows}) != 1:
            problems.append(f"{name}: more than one title")
    if len(by_dialogue) < 5 or len(turns) < 70:
        problems.append(f"{len(by_dialogue)} dialogues and {len(turns)} turns; 5 and 70 promised")
    if not any(len({row["speaker"] for row in rows}) >= 3 for rows in by_dialogue.values()):
        problems.append("no dialogue has three speakers")
    if not any(re.search("[\u4e00-\u9fff]", turn["text"]) for turn in turns):
        problems.append("no turn holds Mandarin")


def check_ratings(ratings, turns):
    keys = {(turn["dialogue"], turn["turn"]) for turn in turns}
    seen = set()
    for row, rating in enumerate(ratings, 2):
        key = (rating["dialogue"], rating["turn"])
        if key not in keys:
            problems.append(f"ratings.csv row {row}: there is no turn {' '.join(key)}")
        if rating["rater"] not in RATERS:
            problems.append(f"ratings.csv row {row}: unknown rater {rating['rater']}")
        if rating["label"] not in LABELS:
            problems.append(f"ratings.csv row {row}: unknown label {rating['label']}")
        if (key, rating["rater"]) in seen:
            problems.append(f"ratings.csv row {row}: {rating['rater']} rates the turn twice")
        seen.add((key, rating["rater"]))
    for key in sorted(keys - {key for key, _ in seen}):
        problems.append(f"ratings.csv: nobody rated {' '.join(key)}")


def check_audio(turns):
    named = {turn["audio"] for turn in turns}
    found = {path.relative_to(SAMPLES).as_posix()
             for path in (SAMPLES / "audio").rglob("*") if path.is_file()}
    problems.extend(f"{name} is not in the manifest" for name in sorted(found - named))
    problems.extend(f"{name} is missing" for name in sorted(named - found))
    total = 0.0
    for name in sorted(named & found):
        try:
            seconds = opus_seconds((SAMPLES / name).read_bytes())
        except ValueError as error:
            problems.append(f"{name}: {error}")
            continue
        total += seconds
        if not SHORTEST <= seconds <= LONGEST:
            problems.append(f"{name}: {seconds:.1f} s is not the length of a turn")
        if shutil.which("ffmpeg"):
            decode(name)
    return total


def decode(name):
    result = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", SAMPLES / name, "-f", "null", "-"],
        capture_output=True, text=True)
    if result.returncode or result.stderr:
        problems.append(f"{name}: ffmpeg says {result.stderr.strip()}")


def opus_seconds(data):
    """How long an Ogg Opus file plays, RFC 7845; ValueError says what is wrong with it."""
    granule, skip = 0, None
    for start, body, end in ogg.pages(data):
        stored = int.from_bytes(data[start + 22 : start + 26], "little")
        if ogg.checksum(data[start : start + 22] + bytes(4) + data[start + 26 : end]) != stored:
            raise ValueError(f"wrong checksum in the page at byte {start}")
        if skip is None:
            if data[body : body + 8] != b"OpusHead":
                raise ValueError("not an Opus stream")
            if data[body + 9] != 1:
                raise ValueError(f"{data[body + 9]} channels, one expected")
            skip = int.from_bytes(data[body + 10 : body + 12], "little")
        granule = max(granule, int.from_bytes(data[start + 6 : start + 14], "little", signed=True))
    if skip is None:
        raise ValueError("the file is empty")
    return (granule - skip) / OPUS_RATE


if __name__ == "__main__":
    main()
