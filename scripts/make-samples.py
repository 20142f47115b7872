#!/usr/bin/env python3
"""Speaks the sample dialogues: sample-dialogs/script.toml in; manifest, ratings and audio out.

    scripts/make-samples.py             everything
    scripts/make-samples.py egg tram/4  the audio of a dialogue, of a turn; the tables always

The first run makes a Python environment in .venv/samples with the pinned packages of
make-samples.txt (about 350 MB, most of it the voices). Nothing else is needed but Python 3.11.
"""

import csv
import io
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import venv
import zlib

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

import ogg  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "sample-dialogs"
ENVIRONMENT = ROOT / ".venv" / "samples"
PACKAGES = ROOT / "scripts" / "make-samples.txt"

RATERS = ["rater-a", "rater-b", "rater-c"]
DELIVERY = dict.fromkeys(["pitch", "slope", "tail", "tremor", "effort", "tilt", "level"], 0.0)
DELIVERY |= {"rate": 1.0, "range": 1.0}
VOICE = {"register": 0.0, "size": 1.0, "tempo": 1.0}

SPEECH_LEVEL = -25.0  # dBFS, of the parts where someone speaks
QUIET_AROUND = 0.12  # s
OPUS_LEVEL = 0.86  # of libsndfile: about 41 kbit/s for one channel


def main():
    if pathlib.Path(sys.prefix) != ENVIRONMENT:
        become_environment()
    with (SAMPLES / "script.toml").open("rb") as file:
        script = tomllib.load(file)
    dialogues = [dialogue["id"] for dialogue in script["dialogues"]]
    turns = [f"{dialogue['id']}/{number}" for dialogue, number, _ in every_turn(script)]
    wanted = sys.argv[1:] or dialogues
    for name in wanted:
        if name not in dialogues and name not in turns:
            sys.exit(f"There is no dialogue or turn {name}; there are {', '.join(dialogues)}.")
    write_tables(script)
    speak(script, wanted)


def become_environment():
    """Starts this script again under the environment's own Python, made first if it must be."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "packages.txt"
    if not stamp.exists() or stamp.read_text() != PACKAGES.read_text():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--only-binary", ":all:", "--requirement", PACKAGES], check=True)
        stamp.write_text(PACKAGES.read_text())
    os.execv(python, [python, __file__, *sys.argv[1:]])


def write_tables(script):
    """manifest.csv and ratings.csv, in the order of the script."""
    turns = [["dialogue", "turn", "speaker", "text", "audio", "start", "end", "split", "title"]]
    ratings = [["dialogue", "turn", "rater", "label"]]
    for dialogue, number, turn in every_turn(script):
        turns.append([dialogue["id"], number, turn["who"], turn["text"],
                      audio_path(dialogue, number), "", "", "", dialogue["title"]])
        answers = turn["rated"].split()
        if len(answers) != len(RATERS):
            sys.exit(f"{dialogue['id']} {number}: {len(answers)} ratings, {len(RATERS)} expected.")
        ratings += [[dialogue["id"], number, rater, answer]
                    for rater, answer in zip(RATERS, answers) if answer != "-"]
    for name, rows in (("manifest.csv", turns), ("ratings.csv", ratings)):
        with (SAMPLES / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


def every_turn(script):
    for dialogue in script["dialogues"]:
        for number, turn in enumerate(dialogue["turns"], 1):
            yield dialogue, number, turn


def audio_path(dialogue, number):
    return f"audio/{dialogue['id']}/{number}.opus"


def speak(script, wanted):
    """The sound of every wanted turn."""
    import voices

    engines = {"kokoro": voices.Kokoro(), "piper": voices.Piper()}
    for dialogue, number, turn in every_turn(script):
        if not {dialogue["id"], f"{dialogue['id']}/{number}"} & set(wanted):
            continue
        voice = VOICE | script["voices"][dialogue["cast"][turn["who"]]]
        delivery = DELIVERY | script["deliveries"][turn["how"]]
        path = SAMPLES / audio_path(dialogue, number)
        seed = zlib.crc32(audio_path(dialogue, number).encode()) % 2**31
        samples = speak_turn(engines[voice["engine"]], turn, voice, delivery, seed)
        samples = finish(samples, delivery)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(opus(samples, seed))
        print(f"{path.relative_to(ROOT)}  {len(samples) / voices.RATE:.1f} s", file=sys.stderr)


def speak_turn(engine, turn, voice, delivery, seed):
    """The phrases of one turn, trimmed, with the pauses its script asks for between them."""
    import numpy
    import voices

    pieces = []
    for part in re.split(r"(\[[\d.]+\])", turn.get("say", turn["text"])):
        if part.startswith("["):
            pieces.append(numpy.zeros(int(float(part[1:-1]) * voices.RATE)))
        elif part.strip():
            pieces.append(trim(engine.say(part.strip(), voice, delivery, seed), 0.04))
    return trim(numpy.concatenate(pieces), QUIET_AROUND)


def trim(samples, around):
    """Samples without the silence before and after, but for `around` seconds of it."""
    import numpy
    import voices

    width = voices.RATE // 100
    blocks = samples[: len(samples) // width * width].reshape(-1, width)
    loud = numpy.sqrt((blocks**2).mean(axis=1))
    spoken = numpy.flatnonzero(loud > loud.max() * 10 ** (-42 / 20))
    first, last = spoken[0] * width, (spoken[-1] + 1) * width
    edge = int(around * voices.RATE)
    padded = numpy.pad(samples, edge)
    part = padded[first : last + 2 * edge].copy()
    fade = numpy.linspace(0, 1, min(edge, len(part) // 2))
    part[: len(fade)] *= fade
    part[-len(fade) :] *= fade[::-1]
    return part


def finish(samples, delivery):
    """The delivery's brightness and level, with the peaks rounded off below full scale."""
    import numpy
    import voices

    spectrum = numpy.fft.rfft(samples)
    frequencies = numpy.fft.rfftfreq(len(samples), 1 / voices.RATE)
    octaves = numpy.clip(numpy.log2(numpy.maximum(frequencies, 60) / 1000), 0, 3)
    tilt = numpy.clip(delivery["tilt"] * octaves, -8, 8)
    samples = numpy.fft.irfft(spectrum * 10 ** (tilt / 20), len(samples))
    width = voices.RATE // 50
    blocks = samples[: len(samples) // width * width].reshape(-1, width)
    power = (blocks**2).mean(axis=1)
    spoken = power[power > power.max() * 10 ** (-30 / 10)].mean()
    samples = samples * 10 ** ((SPEECH_LEVEL + delivery["level"]) / 20) / numpy.sqrt(spoken)
    knee = 0.6
    over = numpy.maximum(numpy.abs(samples) - knee, 0)
    return numpy.sign(samples) * (
        numpy.minimum(numpy.abs(samples), knee) + 0.35 * numpy.tanh(over / 0.35))


def opus(samples, serial):
    """An Ogg Opus file. libsndfile draws the stream's serial number from the clock; here it is
    set, so that the same sound gives the same bytes."""
    import soundfile
    import voices

    buffer = io.BytesIO()
    soundfile.write(buffer, samples, voices.RATE, format="OGG", subtype="OPUS",
                    compression_level=OPUS_LEVEL)
    data = bytearray(buffer.getvalue())
    for start, _, end in ogg.pages(data):
        data[start + 14 : start + 18] = serial.to_bytes(4, "little")
        data[start + 22 : start + 26] = bytes(4)
        data[start + 22 : start + 26] = ogg.checksum(data[start:end]).to_bytes(4, "little")
    return bytes(data)


if __name__ == "__main__":
    main()
