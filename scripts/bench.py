#!/usr/bin/env python3
"""Measures how fast the annotator is and what it needs, on invented projects of two sizes.

    scripts/bench.py                             the release program; 11,000 and 1,000,000 turns
    scripts/bench.py --program P --turns 11000   another program, other sizes

The program runs on a terminal of its own, as its users have it: sound plays when a turn is reached,
suggestions of the model are shown. Keys are pressed one at a time, each after the effects of the one
before. All times begin when the key is written to the terminal (for the first frame: when the
program is executed) and end at the moment the program wrote into its trace. Needs Python's standard
library alone; projects are kept in .build/bench and made again if they are not there.

Nothing here passes or fails: it is a table to read.
"""

import argparse
import math
import os
import pathlib
import platform
import shutil
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

import generated_projects  # noqa: E402
from annotator_process import Annotator, Failure, microseconds  # noqa: E402
from null_sound import NullSound  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "bench"
STARTS, LABELS, MOVES, REPLAYS, DIALOGUES = 20, 300, 300, 100, 50
THINKING = 0.04  # s between the effects of a key and the next: quicker than anyone labels
IDLE = 10.0  # s
SETTLING = 13.0  # s: the device is given back after 10, where one was is saved after 5


def main():
    parser = argparse.ArgumentParser(description="Measures the annotator; see the file's beginning.")
    parser.add_argument("--program", default=ROOT / ".build/release/undertone", type=pathlib.Path)
    parser.add_argument("--turns", default="11000,1000000", help="sizes, separated by commas")
    options = parser.parse_args()
    program = options.program.resolve()
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is not there; build it with: make build")
    sound = NullSound()
    home = tempfile.mkdtemp(prefix="undertone-home-")
    try:
        bench = Bench(str(program), home, sound)
        loads = [os.getloadavg()]
        for turns in options.turns.split(","):
            bench.measure(int(turns))
            loads.append(os.getloadavg())
        bench.show(loads)
    except Failure as failure:
        sys.exit(str(failure))
    finally:
        sound.stop()
        shutil.rmtree(home, ignore_errors=True)


class Bench:
    def __init__(self, program, home, sound):
        self.program = program
        self.home = home
        self.sound = sound
        self.rows = []
        self.remarks = []
        self.environment = {
            "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
            "UNDERTONE_SHARE": str(ROOT), "ALSA_CONFIG_PATH": sound.alsa_config,
        }

    def measure(self, turns):
        made = generated_projects.project(self.program, turns, FOLDER, self.environment)
        self.project = generated_projects.copy(made, FOLDER)
        self.size = f"{turns:,}"
        print(f"measuring with {turns:,} turns", flush=True)
        self.fsync()
        self.first_frame(target=50 if turns <= 100_000 else 100)
        annotator = self.start()
        try:
            self.labels(annotator)
            self.moves(annotator)
            self.replays(annotator)
            self.dialogues(annotator)
            self.idle(annotator)
            self.memory(annotator)
            annotator.quit()
        finally:
            annotator.end()
            generated_projects.remove(self.project)

    def start(self):
        return Annotator(
            [self.program, str(self.project), "--rater", "bench"], self.environment, self.home)

    def fsync(self):
        """What the disk itself takes, to read the durable labels by."""
        times = []
        with open(FOLDER / "fsync", "wb", buffering=0) as file:
            for _ in range(200):
                file.write(bytes(4096))
                begin = microseconds()
                os.fdatasync(file.fileno())
                times.append(microseconds() - begin)
        os.unlink(FOLDER / "fsync")
        self.row("the disk: one fdatasync of 4 KiB", times)

    def first_frame(self, target):
        first, dialogue, suggestions = [], [], []
        for _ in range(STARTS):
            annotator = self.start()
            try:
                begin = annotator.after(0, "exec")
                first.append(annotator.after(0, "frame") - begin)
                dialogue.append(annotator.after(0, "loaded", "frame") - begin)
                suggestions.append(annotator.after(0, "suggestions", "frame") - begin)
                annotator.rest(0.2)
                annotator.quit()
            finally:
                annotator.end()
        self.row("start to first frame", first)
        self.row("start to first frame with the dialogue", dialogue, target)
        self.row("start to frame with stored suggestions", suggestions[1:])
        self.remarks.append(
            f"{self.size} turns: the very first suggestions, with loading the model, were there "
            f"{suggestions[0] / 1000:.0f} ms after the start.")

    def labels(self, annotator):
        """Labels turn after turn; the last of a dialogue opens the next."""
        annotator.after(0, "loaded", "suggestions", "frame")
        annotator.rest(1)
        frames, durable, sounds, opened = [], [], [], []
        for number in range(LABELS):
            pressed, place = annotator.press(str(number % 7 + 1))
            frames.append(annotator.after(place, "key", "frame") - pressed)
            durable.append(annotator.after(place, "durable") - pressed)
            if number % generated_projects.TURNS == generated_projects.TURNS - 1:
                opened.append(annotator.after(place, "loaded", "frame") - pressed)
                annotator.after(place, "suggestions", "frame")
            else:
                sounds.append(annotator.after(place, "sound") - pressed)
            annotator.rest(THINKING)
        self.row("label: key to painted frame", frames, 5)
        self.row("label: key to durable label", durable, 15)
        self.row("label: key to first sample of the next turn", sounds, 30)
        self.row("last label: key to frame with the next dialogue", opened)

    def moves(self, annotator):
        frames = []
        last = generated_projects.TURNS - 1
        annotator.press("\x1b[H")
        annotator.rest(0.5)
        for number in range(MOVES):
            pressed, place = annotator.press("k" if number // last % 2 else "j")
            frames.append(annotator.after(place, "key", "frame") - pressed)
            annotator.rest(THINKING)
        self.row("cursor: key to painted frame", frames, 5)

    def replays(self, annotator):
        frames, sounds = [], []
        for _ in range(REPLAYS):
            pressed, place = annotator.press("r")
            frames.append(annotator.after(place, "key", "frame") - pressed)
            sounds.append(annotator.after(place, "sound") - pressed)
            annotator.rest(0.15)
        self.row("replay: key to painted frame", frames, 5)
        self.row("replay: key to first sample to ALSA", sounds, 30)

    def dialogues(self, annotator):
        frames = []
        for _ in range(DIALOGUES):
            pressed, place = annotator.press("]")
            frames.append(annotator.after(place, "loaded", "frame") - pressed)
            annotator.after(place, "suggestions", "frame")
            annotator.rest(THINKING)
        self.row("next dialogue: key to frame with it", frames)

    def idle(self, annotator):
        annotator.press("x")
        annotator.rest(SETTLING)
        (work, wakings) = annotator.work()
        annotator.rest(IDLE)
        (later, more) = annotator.work()
        spent = (later - work) / 1e6
        self.rows.append((
            f"idle for {IDLE:.0f} s: processor time", self.size, f"{spent:.1f} ms",
            f"{more - wakings} wakings", "0", "yes" if spent == 0 else "no"))
        pressed, place = annotator.press("r")
        waited = annotator.after(place, "sound") - pressed
        self.remarks.append(
            f"{self.size} turns: with the device closed, as after a pause of more than 10 s, "
            f"the first sample came {waited / 1000:.0f} ms after the key.")

    def memory(self, annotator):
        memory = annotator.memory()
        self.rows.append((
            "memory at the end: peak resident", self.size, f"{memory['peak']:.0f} MB", "",
            "80 MB", "yes" if memory["peak"] <= 80 else "no"))
        self.remarks.append(
            f"{self.size} turns: then {memory['Pss']:.0f} MB proportional (Pss), of which "
            f"{memory['private']:.0f} MB are the program's own and the rest parts of files.")

    def row(self, what, times, target=None):
        """Times in microseconds; a target in milliseconds is for the 95th percentile."""
        p50, p95 = (quantile(times, share) / 1000 for share in (0.5, 0.95))
        self.rows.append((
            what, self.size, f"{p50:.1f} ms", f"{p95:.1f} ms",
            f"{target} ms" if target else "",
            ("yes" if p95 <= target else "no") if target else ""))

    def show(self, loads):
        table = [("what", "turns", "p50", "p95", "target", "met"), *self.rows]
        widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
        print()
        for row in table:
            cells = [row[0].ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
            print("  ".join(cells).rstrip())
        print()
        for remark in self.remarks:
            print(remark)
        print(
            f"{STARTS} starts, {LABELS} labels, {MOVES} moves, {REPLAYS} replays, {DIALOGUES} "
            "dialogues. Targets are for p95. Files were in the system's cache.")
        print("Suggestions of the model that ships with the program: on. Sound while labelling: on.")
        print(f"Sound goes to {self.sound.name}.")
        average = ", ".join(" ".join(f"{load:.2f}" for load in loads_) for loads_ in loads)
        print(
            f"{processor()}, {os.cpu_count()} processors, {platform.release()}; "
            f"load average (1, 5, 15 min) before and after each size: {average}.")
        if os.nice(0) != 0:
            print(f"Measured at priority {os.nice(0)}, which other programs did not have.")
        print(f"{self.program}, {time.strftime('%Y-%m-%d %H:%M')}")


def quantile(times, share):
    """The smallest time that this share of all times does not exceed (nearest rank)."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def processor():
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
