#!/usr/bin/env python3
"""Measures the speed of the model part: `make bench` runs it after scripts/bench.py.

    scripts/bench-model.py                       the release program
    scripts/bench-model.py --program P --no-peer

The published configuration is compared with the Python package `xlstm` (PyPI) on the same weights and
the same turns, in the same run, each on one thread. The package and torch go into .build/bench/venv;
where they cannot be had, the comparison is left out with a sentence. So is decoding where the
logits (ded/iemocap_iaan_logits.tsv in $UNDERTONE_DATA or ../shared/data) are absent.

Times are processor time on one thread: those of the clock on an idle machine, and comparable on a
busy one. Nothing here passes or fails: it is a table to read.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "bench"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
NAMES = {
    "dialogue_cold": ("20 turns of text to posteriors, influence, decoding", 50),
    "dialogue_cached": ("the same, turns encoded before", 5),
    "voices_decode": ("decoding and resampling 20 sounds (Opus)", None),
    "voices_statistics": ("statistics of 20 decoded sounds", None),
    "voices_cold": ("20 turns of text and decoded sound, nothing known", 50),
    "voices_cached": ("the same, sounds heard and text encoded before", 5),
    "voices_statistics_thorough": ("statistics of 20 decoded sounds, thorough", None),
    "voices_cold_thorough": ("20 turns of text and sound, thorough, nothing known", None),
    "voices_cached_thorough": ("the same, sounds heard and text encoded before", None),
    "adaptation": ("adapting to 200 corrected turns", 5000),
    "decoder": ("decoding 10,039 turns of IEMOCAP", 20),
}


def main():
    parser = argparse.ArgumentParser(description="Measures the model; see the file's beginning.")
    parser.add_argument("--program", default=ROOT / ".build/release/undertone", type=pathlib.Path)
    parser.add_argument("--no-peer", action="store_true", help="leave out the package xlstm")
    parser.add_argument("--python", help="a Python that has xlstm and torch already")
    options = parser.parse_args()
    program = options.program.resolve()
    if not os.access(program, os.X_OK):
        sys.exit(f"{program} is not there; build it with: make build")
    data = pathlib.Path(os.environ.get("UNDERTONE_DATA", ROOT / ".." / "shared" / "data"))
    logits = data / "ded" / "iemocap_iaan_logits.tsv"
    arguments = ["benchmark"]
    if logits.exists():
        arguments += ["--logits", str(logits)]
    else:
        print(f"Decoding is not measured: {logits} is not there.")
    load = os.getloadavg()
    print(f"{'what':52}  {'minimum':>10}  {'median':>10}  {'target':>8}  met (median)")
    times = {}
    for line in run(program, arguments).splitlines():
        name, minimum, median = line.split("\t")
        times[name] = (float(minimum), float(median))
        row(*NAMES[name][:1], *times[name], NAMES[name][1])
    if not options.no_peer:
        compare(program, options.python)
    print(f"One thread, load average {load[0]:.2f} before, {os.getloadavg()[0]:.2f} after.")


def row(what, minimum, median, target):
    line = f"{what:52}  {minimum:7.2f} ms  {median:7.2f} ms"
    if target is not None:
        line += f"  {target:5} ms  {'yes' if median <= target else 'no'}"
    print(line)


def run(program, arguments):
    environment = {**os.environ, **ONE_THREAD, "UNDERTONE_SHARE": str(ROOT)}
    done = subprocess.run(
        [program, *arguments], env=environment, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{program.name} {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return done.stdout


def compare(program, python):
    """The published configuration: 12 slot encoders of 8 mLSTM blocks over 20 turns each."""
    python = python or peer_python()
    if python is None:
        return
    folder = FOLDER / "encoders"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        script = ROOT / "scripts" / "xlstm_peer.py"
        environment = {**os.environ, **ONE_THREAD}
        peer = subprocess.run(
            [python, script, "make", folder], env=environment, text=True, capture_output=True,
            check=False)
        if peer.returncode != 0:
            print(f"The package xlstm could not run: {peer.stderr.strip().splitlines()[-1]}")
            return
        peer_minimum, peer_median = map(float, peer.stdout.split()[-2:])
        ours = run(program, ["benchmark", "--only", "--encoders", str(folder)])
        _, minimum, median = ours.strip().split("\t")
        difference = subprocess.run(
            [python, script, "compare", folder], env=environment, text=True, capture_output=True,
            check=True).stdout.strip()
        what = "published configuration, 12 slots x 20 turns"
        print(f"{what:52}  {float(minimum):7.0f} ms  {float(median):7.0f} ms")
        print(f"{'the same in Python, package xlstm':52}  {peer_minimum:7.0f} ms  {peer_median:7.0f} ms")
        ratio = peer_minimum / float(minimum)
        print(
            f"{'times faster (minimum, median), target 3':52}  {ratio:7.2f}     "
            f"{peer_median / float(median):7.2f}     {'':8}  {'yes' if ratio >= 3 else 'no'}")
        print(f"Largest difference of the two outputs: {difference}.")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def peer_python():
    """A Python with the peer, made once; None with a sentence where PyPI is out of reach."""
    venv = FOLDER / "venv"
    python = venv / "bin" / "python"
    needed = [
        "numpy", "safetensors", "omegaconf", "dacite", "einops", "packaging", "ninja", "tqdm", "rich",
        "typing-extensions", "sympy", "networkx", "jinja2", "fsspec", "filelock", "setuptools"]
    if subprocess.run(
            [python, "-c", "import xlstm, safetensors"], capture_output=True,
            check=False).returncode == 0 if python.exists() else False:
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
        pip = [python, "-m", "pip", "--quiet", "install"]
        # The build for the processor alone is a tenth of the size, where an index has it.
        cpu = [*pip, "--no-deps", "--extra-index-url", "https://download.pytorch.org/whl/cpu"]
        wheel = subprocess.run(
            [*cpu, "torch==2.13.0+cpu"], capture_output=True, text=True, check=False)
        if wheel.returncode != 0:
            subprocess.run([*pip, "torch"], check=True, capture_output=True)
        subprocess.run([*pip, *needed], check=True, capture_output=True)
        subprocess.run([*pip, "--no-deps", "xlstm==2.0.6"], check=True, capture_output=True)
        return python
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(venv, ignore_errors=True)
        print("Not compared with the Python package xlstm: it could not be had from PyPI.")
        return None


if __name__ == "__main__":
    main()
