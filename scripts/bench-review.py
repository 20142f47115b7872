#!/usr/bin/env python3
"""Measure how soon the queue of turns to review is there, for `make bench`.

A project of 100,000 invented turns that three people have labelled and the model has suggested labels
for; about a third of the turns have a reason to be looked at again. What is printed is the time from
an open project to the first forty lines of the list, by the clock on the wall.
"""

import argparse
import json
import os
import pathlib
import random
import sqlite3
import struct
import subprocess
import sys

import generated_projects

LABELS = ["neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"]
WEIGHTS = [47, 12, 17, 11, 7, 3, 3]  # as in MELD
TARGET = 200  # milliseconds
PEOPLE = ["ana", "ben", "cem"]
VERSION = "1"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=".build/release/undertone")
    parser.add_argument("--turns", type=int, default=100_000)
    parser.add_argument("--folder", default=".build/bench")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    path = rated_project(program, options.turns, options.folder)
    done = subprocess.run(
        [program, "benchmark", "--only", "--review", path], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    rows = {name: numbers for name, *numbers in
            (line.split("\t") for line in done.stdout.splitlines())}
    print(f"queue of {int(rows['turns'][0]):,} turns, {int(rows['listed'][0]):,} of them listed")
    print(f"  ready     median {rows['ready'][1]} ms, best {rows['ready'][0]} ms "
          f"(target {TARGET} ms)")
    print(f"  narrowed  median {rows['narrowed'][1]} ms, best {rows['narrowed'][0]} ms")


def rated_project(program, turns, folder):
    """The path of a project of that many turns with ratings and suggestions: made before, or new."""
    folder = pathlib.Path(folder)
    path = folder / f"rated-{turns}-{VERSION}.undertone"
    if path.exists():
        return path
    plain = generated_projects.project(program, turns, folder, dict(os.environ))
    draft = folder / f"draft-rated-{turns}.undertone"
    generated_projects.remove(draft)
    draft.write_bytes(plain.read_bytes())
    rate(draft)
    draft.rename(path)
    return path


def rate(path):
    """Writes answers as the program does, event and state, and suggestions with influences."""
    db = sqlite3.connect(path)
    random.seed(1)
    turns = [row[0] for row in db.execute("SELECT id FROM turn ORDER BY id")]
    truth = random.choices(LABELS, WEIGHTS, k=len(turns))
    clock = 1_700_000_000_000_000
    for person in PEOPLE:
        rater = db.execute(
            "INSERT INTO rater (name, kind) VALUES (?, 'person')", (person,)).lastrowid
        events, states = [], []
        for turn, label in zip(turns, truth):
            if random.random() < 0.12:
                label = random.choices(LABELS, WEIGHTS)[0]
            clock += 1
            event = clock.to_bytes(8, "big") + random.randbytes(8)
            labels = json.dumps([label])
            events.append((event, clock, clock / 1e6, rater, turn, labels))
            states.append((rater, turn, labels, event))
        db.executemany(
            "INSERT INTO event (id, clock, time, rater, turn, kind, labels, met, heard_milliseconds,"
            " replays, answer_milliseconds, protocol, arm, program)"
            " VALUES (?, ?, ?, ?, ?, 'answered', ?, 0, 1500, 0, 2000, 'assisted', 'suggested', 'bench')",
            events)
        db.executemany(
            "INSERT INTO turn_state (rater, turn, labels, flagged, skipped, note, answered_by)"
            " VALUES (?, ?, ?, 0, 0, '', ?)", states)
    source = db.execute(
        "INSERT INTO source (name, details) VALUES ('gatedxlstm', 'invented')").lastrowid
    labels = db.execute(
        "INSERT INTO label_list (labels) VALUES (?)", (json.dumps(LABELS),)).lastrowid
    rows = []
    for number, (turn, label) in enumerate(zip(turns, truth)):
        if random.random() < 0.25:
            label = random.choices(LABELS, WEIGHTS)[0]
        weights = [random.random() * 0.3 + (name == label) for name in LABELS]
        posterior = [weight / sum(weights) for weight in weights]
        refined = random.choice(LABELS) if random.random() < 0.05 else label
        place = number % generated_projects.TURNS
        influences = b"".join(
            struct.pack("<If", other, random.random() - 0.5) for other in range(place + 1))
        rows.append((
            source, turn, label, max(posterior), refined, labels,
            struct.pack("<7d", *posterior), influences))
    db.executemany(
        "INSERT INTO suggestion (source, turn, label, probability, refined, label_list, posterior,"
        " influences) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    db.commit()
    db.close()


if __name__ == "__main__":
    main()
