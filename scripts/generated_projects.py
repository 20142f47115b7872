"""Projects of any size with invented dialogues and sound, for bench.py."""

import math
import os
import pathlib
import shutil
import struct
import subprocess
import wave

from annotator_process import Failure

TURNS = 10  # a dialogue
CLIPS = 50  # files of sound, which the turns share
RATE = 16_000
VERSION = "1"  # of what is generated: projects made by another are made again

SPEAKERS = ["Mara", "Theo", "Ines"]
OPENINGS = ["I had", "You never", "We always", "Why have you", "She says she", "Nobody here"]
MIDDLES = ["counted the boxes in", "painted", "heard about", "asked for the key to", "walked to"]
PLACES = ["the lighthouse", "the old depot", "your garden", "the third floor", "her boat"]
ENDINGS = ["again.", "before you came!", "and now look at it.", "didn't I?", "for nothing at all."]


def text(number):
    """One of a few thousand sentences with a number in it."""
    words = []
    for choice in (OPENINGS, MIDDLES, PLACES, ENDINGS):
        words.append(choice[number % len(choice)])
        number = number // len(choice) + number % 7
    return " ".join(words)


def project(program, turns, folder, environment):
    """The path of a project of that many turns: one made before, or a new one."""
    folder = pathlib.Path(folder)
    path = folder / f"{turns}-turns-{VERSION}.undertone"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    clips(folder / "sound")
    manifest = folder / f"{turns}-turns.csv"
    with manifest.open("w") as file:
        file.write("dialogue,turn,speaker,text,audio,split\n")
        for number in range(turns):
            dialogue, turn = divmod(number, TURNS)
            speaker = SPEAKERS[(dialogue + turn) % (2 + dialogue % 2)]
            file.write(
                f"d{dialogue},{turn},{speaker},{text(number)},{number % CLIPS}.wav,train\n")
    draft = folder / f"draft-{turns}.undertone"
    remove(draft)
    print(f"making a project of {turns:,} turns", flush=True)
    # The labels of MELD, which the model that ships with the program knows.
    done = subprocess.run(
        [program, "import", "manifest", manifest, "--root", folder / "sound", "--corpus", "bench",
         "--labels", "neutral,surprise,joy,anger,sadness,disgust,fear", "--into", draft],
        env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"The project of {turns:,} turns could not be made: {done.stderr.strip()}")
    manifest.unlink()
    draft.rename(path)
    return path


def clips(folder):
    """Tones of 1.2 to 2.2 seconds."""
    folder.mkdir(exist_ok=True)
    for number in range(CLIPS):
        length = int(RATE * (1.2 + number / CLIPS))
        pitch = 2 * math.pi * (110 + 7 * number) / RATE
        with wave.open(str(folder / f"{number}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(
                f"<{length}h", *(int(3000 * math.sin(pitch * time)) for time in range(length))))


def copy(path, folder):
    """A copy to work on, on the disk before anything is measured; what is cached stays as made."""
    target = pathlib.Path(folder) / "working.undertone"
    remove(target)
    shutil.copyfile(path, target)
    os.sync()
    return target


def remove(path):
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(f"{path}{suffix}").unlink(missing_ok=True)
