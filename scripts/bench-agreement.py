#!/usr/bin/env python3
"""Times the agreement statistics beside other libraries, on invented ratings of three sizes.

    scripts/bench-agreement.py                      everything; about four minutes
    scripts/bench-agreement.py --sizes many-items   one size
    scripts/bench-agreement.py --quick              without what takes a library half a minute
    scripts/bench-agreement.py --ours               without the other libraries

    many-items    10 raters x 100,000 items, 7 labels, 5 % missing
    many-raters   2,443 raters x 30 of 7,442 items, 6 labels, as crowd workers rate
    sets          82 raters, 58,011 items, 211,225 answers that are sets of 28 labels

Each line has a statistic, our answer and times, and a library's answer and times. Times are of the
computation alone, ratings being in memory in the form each likes best, the least of several runs:
wall clock, and processor, to which a busy machine adds nothing. The last column is the library's processor
time as a multiple of ours; after the line stands the target of the design, where it has one. The first run makes a
Python environment in .venv/agreement with the pinned libraries from PyPI. Ratings are kept in
.build/bench. Nothing here passes or fails: it is a table to read.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
import time
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".build" / "bench"
ENVIRONMENT = ROOT / ".venv" / "agreement"
PACKAGES = [
    "krippendorff==0.9.0", "irrCAC==0.4.4", "scikit-learn==1.9.1", "crowd-kit==1.4.2", "nltk==3.10.4",
]
SIZES = {"many-items": "labels", "many-raters": "labels", "sets": "sets"}
SLOW = 5.0  # s: what takes longer is run once
# Seconds: what the design asks for on two processors.
TARGETS = {
    "many-items": {
        "all_one_label": 0.030, "summary_bootstrap_1000_dialogues": 0.5,
        "summary_bootstrap_1000_items": 0.5, "dawid_skene_100": 2, "mace": 10,
    },
    "sets": {"alpha_masi": 0.050},
}


def main():
    parser = argparse.ArgumentParser(description="Times agreement statistics; see the file's beginning.")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / ".build/release/agreement-probe")
    parser.add_argument("--sizes", default=",".join(SIZES), help="sizes, separated by commas")
    parser.add_argument("--runs", type=int, default=7, help="runs of which the fastest counts")
    parser.add_argument("--quick", action="store_true", help="without the slowest of the others")
    parser.add_argument("--ours", action="store_true", help="without the other libraries")
    options = parser.parse_args()
    if not os.access(options.program, os.X_OK):
        sys.exit(f"{options.program} is not there; build it with: "
                 "swift build -c release --product agreement-probe")
    for size in options.sizes.split(","):
        if size not in SIZES:
            sys.exit(f"{size} is not a size; sizes are {', '.join(SIZES)}.")
    # One thread for everybody: what is compared is the work.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    inside_environment()
    print(f"{platform.platform()}, {os.cpu_count()} processors, "
          f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}")
    for size in options.sizes.split(","):
        compare(size, options)


def inside_environment():
    """Goes on in the environment with the libraries, which is made if it is not there."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "packages"
    wanted = "\n".join(PACKAGES)
    if not stamp.exists() or stamp.read_text() != wanted:
        print("Installing other libraries into .venv/agreement ...", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        stamp.write_text(wanted)
    if pathlib.Path(sys.prefix) != ENVIRONMENT:
        os.execv(python, [str(python), *sys.argv])


def compare(size, options):
    ratings = Ratings(size)
    command = [options.program, ratings.path, SIZES[size], str(options.runs)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    ours = {line["statistic"]: line for line in map(json.loads, lines)}
    print(f"\n{size}: {ours['ratings']['value']:.0f} ratings of {ours['items']['value']:.0f} items\n")
    print(f"{'statistic':40} {'ours':>16} {'s':>8} {'cpu s':>8}   {'other library':28} "
          f"{'answer':>16} {'s':>8} {'cpu s':>8} {'times':>6}")
    others = {} if options.ours else libraries(ratings, options)
    for name, line in ours.items():
        if name in ("items", "ratings"):
            continue
        mine = f"{name:40} {number(line['value']):>16} {line['seconds']:8.4f} {line['cpu']:8.4f}"
        target = TARGETS.get(size, {}).get(name)
        if target:
            mine += f"   target {target:g} s"
        found = others.get(name, [])
        if target or not found:
            print(mine, flush=True)
            mine = " " * 75
        for library, answer, seconds, processor in found:
            print(f"{mine}   {library:28} {number(answer):>16} {seconds:8.3f} {processor:8.3f} "
                  f"{processor / line['cpu']:6.0f}", flush=True)
            mine = " " * 75


def number(value):
    return "" if value is None else f"{value:.10f}"


class Ratings:
    """Invented ratings, in a file and in memory."""

    def __init__(self, size):
        import numpy

        self.size = size
        generator = numpy.random.default_rng(7)
        items, raters, labels, dialogue = getattr(self, "_" + size.replace("-", "_"))(numpy, generator)
        self.items, self.raters, self.labels = items, raters, labels
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.path = FOLDER / f"agreement-{size}.csv"
        with open(self.path, "w") as file:
            for item, rater, label in zip(items, raters, labels):
                text = "|".join(map(str, sorted(label))) if size == "sets" else label
                file.write(f"{item},{rater},{text},{item // dialogue}\n")

    def _many_items(self, numpy, generator):
        shares = [.46, .17, .12, .11, .08, .03, .03]
        truth = generator.choice(7, 100_000, p=shares)
        said = generator.choice(7, (100_000, 10), p=shares)
        skill = numpy.linspace(.55, .8, 10)
        said = numpy.where(generator.random((100_000, 10)) < skill, truth[:, None], said)
        items, raters = numpy.nonzero(generator.random((100_000, 10)) >= .05)
        return items.tolist(), raters.tolist(), said[items, raters].tolist(), 15

    def _many_raters(self, numpy, generator):
        truth = generator.choice(6, 7_442)
        skill = generator.uniform(.3, .8, 2_443)
        items, raters, labels = [], [], []
        for rater in range(2_443):
            own = numpy.sort(generator.choice(7_442, 30, replace=False))
            said = numpy.where(generator.random(30) < skill[rater], truth[own], generator.choice(6, 30))
            items += own.tolist()
            raters += [rater] * 30
            labels += said.tolist()
        return items, raters, labels, 10

    def _sets(self, numpy, generator):
        shares = 1 / numpy.arange(1, 29)
        shares /= shares.sum()
        truth = generator.choice(28, 58_011, p=shares)
        counts = numpy.full(58_011, 3)
        counts[generator.choice(58_011, 211_225 - 3 * 58_011, replace=False)] = 4
        items, raters, labels = [], [], []
        for item in range(58_011):
            for rater in generator.choice(82, counts[item], replace=False):
                first = truth[item] if generator.random() < .55 else generator.choice(28, p=shares)
                label = {int(first)}
                if generator.random() < .17:
                    label.add(int(generator.choice(28, p=shares)))
                items.append(item)
                raters.append(int(rater))
                labels.append(frozenset(label))
        return items, raters, labels, 10


def timed(function, runs):
    """A function's answer and the least times it took, wall clock and processor."""
    least, used = float("inf"), float("inf")
    for _ in range(runs):
        start, before = time.perf_counter(), time.process_time()
        answer = function()
        used = min(used, time.process_time() - before)
        least = min(least, time.perf_counter() - start)
        if used > SLOW:
            break
    return answer, least, used


def libraries(ratings, options):
    """Other libraries' answers: our name of the statistic, then library, answer and seconds."""
    found = {}

    def add(name, library, function, times=1):
        print(f"  {library}: {name} ...", end="\r", file=sys.stderr, flush=True)
        try:
            answer, seconds, processor = timed(function, min(options.runs, 3))
        except (MemoryError, ValueError) as problem:
            print(f"  {library}: {name}: {problem}", file=sys.stderr)
            return
        note = f"{library}, 1/{times} of it" if times > 1 else library
        found.setdefault(name, []).append(
            (note, answer, seconds * times, processor * times))

    if ratings.size == "sets":
        nltk_sets(ratings, add)
    else:
        krippendorff_labels(ratings, add)
        irrcac_labels(ratings, add)
        nltk_labels(ratings, add)
        if ratings.size == "many-items":
            scikit_learn_labels(ratings, add)
        crowd_kit_labels(ratings, add, options.quick)
    print(" " * 60, end="\r", file=sys.stderr)
    return found


def dense(ratings):
    import numpy

    table = numpy.full((max(ratings.items) + 1, max(ratings.raters) + 1), numpy.nan)
    table[ratings.items, ratings.raters] = ratings.labels
    return table


def counts(ratings):
    import numpy

    table = numpy.zeros((max(ratings.items) + 1, max(ratings.labels) + 1), dtype=int)
    numpy.add.at(table, (ratings.items, ratings.labels), 1)
    return table


def krippendorff_labels(ratings, add):
    import krippendorff
    import numpy

    votes = counts(ratings)
    for level in ("nominal", "ordinal", "interval"):
        add(f"alpha_{level}", "fast-krippendorff", lambda: krippendorff.alpha(
            value_counts=votes, level_of_measurement=level,
            value_domain=list(range(votes.shape[1]))))
    generator = numpy.random.default_rng(1)

    def bootstrap():
        alphas = [
            krippendorff.alpha(
                value_counts=votes[generator.integers(0, len(votes), len(votes))],
                level_of_measurement="nominal", value_domain=list(range(votes.shape[1])))
            for _ in range(20)
        ]
        return float(numpy.std(alphas, ddof=1))

    add("summary_bootstrap_1000_items_one_thread", "fast-krippendorff", bootstrap, times=50)


def irrcac_labels(ratings, add):
    import pandas
    from irrCAC.raw import CAC

    cac = CAC(pandas.DataFrame(dense(ratings)), digits=10)
    for name, method in (("gwet_ac1", "gwet"), ("fleiss_gwet", "fleiss"),
                         ("alpha_nominal", "krippendorff"), ("conger", "conger")):
        # Conger's kappa of thousands of raters takes it a minute and gigabytes.
        if name != "conger" or ratings.size == "many-items":
            add(name, "irrCAC", lambda: float(getattr(cac, method)()["est"]["coefficient_value"]))


def nltk_labels(ratings, add):
    from nltk.metrics.agreement import AnnotationTask

    rows = list(zip(ratings.raters, ratings.items, ratings.labels))
    add("alpha_nominal", "nltk", lambda: AnnotationTask(data=rows).alpha())


def nltk_sets(ratings, add):
    from nltk.metrics import masi_distance
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import jaccard_distance

    rows = list(zip(ratings.raters, ratings.items, ratings.labels))
    for name, distance in (("alpha_masi", masi_distance), ("alpha_jaccard", jaccard_distance)):
        add(name, "nltk", lambda: AnnotationTask(data=rows, distance=distance).alpha())


def scikit_learn_labels(ratings, add):
    import numpy
    from sklearn.metrics import cohen_kappa_score

    table = dense(ratings)
    columns = []
    for one in range(table.shape[1]):
        for other in range(one):
            both = ~numpy.isnan(table[:, one]) & ~numpy.isnan(table[:, other])
            columns.append((table[both, other].astype(int), table[both, one].astype(int)))
    add("mean_pairwise_kappa", "scikit-learn", lambda: float(
        numpy.mean([cohen_kappa_score(*pair) for pair in columns])))


def crowd_kit_labels(ratings, add, quick):
    import pandas
    from crowdkit.aggregation import MACE, DawidSkene

    frame = pandas.DataFrame(
        {"task": ratings.items, "worker": ratings.raters, "label": ratings.labels})
    if ratings.size == "many-raters" or not quick:
        add("dawid_skene_100", "crowd-kit", lambda: float(
            DawidSkene(n_iter=100, tol=-1e9).fit(frame).priors_[0]))
    if ratings.size == "many-raters" and not quick:
        # Of 100,000 items it takes seven minutes. Its competence is smoothed differently.
        def mace():
            model = MACE(random_state=0).fit(frame)
            return float(model.spamming_[list(frame["worker"].unique()).index(0)][1])

        add("mace", "crowd-kit", mace)


if __name__ == "__main__":
    main()
