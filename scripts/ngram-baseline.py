#!/usr/bin/env python3
"""Logistic regression on MELD's development turns, each turn by itself: the baselines of the model card.

Word 1-2-grams and character 2-5-grams (tf-idf), trained on MELD's training turns; with
--minilm FOLDER also frozen all-MiniLM-L6-v2 sentence vectors. The regularisation is chosen
on training dialogues put aside, the development turns are only measured on. Prints
weighted F1, accuracy and log loss, each with a 95 % interval from a bootstrap over dialogues.

    python3 -m venv .venv/baseline && .venv/baseline/bin/pip install -r scripts/ngram-baseline.txt
    .venv/baseline/bin/python scripts/ngram-baseline.py ../shared/data/meld
"""

import argparse
import csv
import pathlib

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.model_selection import GroupShuffleSplit

LABELS = ["neutral", "surprise", "joy", "anger", "sadness", "disgust", "fear"]
STRENGTHS = [1.0, 4.0]
REPLICATES = 2000


def turns(path):
    """The texts, labels and dialogues of a split."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["Utterance"] for row in rows]
    labels = np.array([LABELS.index(row["Emotion"]) for row in rows])
    dialogues = np.array([int(row["Dialogue_ID"]) for row in rows])
    return texts, labels, dialogues


def ngrams(train, dev):
    """Tf-idf of word and character n-grams, learned from the training turns."""
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"[\w']+|[!?.]+")
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True)
    seen = hstack([words.fit_transform(train), characters.fit_transform(train)]).tocsr()
    return seen, hstack([words.transform(dev), characters.transform(dev)]).tocsr()


def minilm(folder):
    """A function that gives frozen sentence vectors."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu")
    return lambda train, dev: (model.encode(train), model.encode(dev))


def scores(labels, posterior):
    said = posterior.argmax(1)
    return (
        f1_score(labels, said, average="weighted", zero_division=0),
        accuracy_score(labels, said),
        log_loss(labels, posterior, labels=range(len(LABELS))),
    )


def interval(labels, posterior, dialogues):
    """Low and high of each score over samples of whole dialogues."""
    random = np.random.default_rng(1)
    rows = [np.flatnonzero(dialogues == d) for d in np.unique(dialogues)]
    drawn = []
    for _ in range(REPLICATES):
        picked = np.concatenate([rows[i] for i in random.integers(len(rows), size=len(rows))])
        drawn.append(scores(labels[picked], posterior[picked]))
    return np.percentile(drawn, [2.5, 97.5], axis=0)


def report(name, labels, posterior, dialogues):
    values = scores(labels, posterior)
    low, high = interval(labels, posterior, dialogues)
    cells = [f"{v:.3f} ({a:.3f}-{b:.3f})" for v, a, b in zip(values, low, high)]
    print(f"{name:<44} {cells[0]:<22} {cells[1]:<22} {cells[2]}", flush=True)


def strength(features, labels, dialogues):
    """The strength with the least log loss on a fifth of the training dialogues."""
    split = GroupShuffleSplit(1, test_size=0.2, random_state=1)
    fit, held = next(split.split(features, labels, dialogues))
    losses = []
    for c in STRENGTHS:
        model = LogisticRegression(C=c, max_iter=200).fit(features[fit], labels[fit])
        posterior = model.predict_proba(features[held])
        losses.append(log_loss(labels[held], posterior, labels=range(len(LABELS))))
    return STRENGTHS[int(np.argmin(losses))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("meld", type=pathlib.Path, help="folder of train_ and dev_sent_emo.csv")
    parser.add_argument("--minilm", help="folder of all-MiniLM-L6-v2; needs sentence-transformers")
    options = parser.parse_args()
    train, seen, groups = turns(options.meld / "train_sent_emo.csv")
    dev, labels, dialogues = turns(options.meld / "dev_sent_emo.csv")
    print(f"{'':<44} {'weighted F1':<22} {'accuracy':<22} log loss")
    prior = np.bincount(seen, minlength=len(LABELS)) / len(seen)
    report("always neutral", labels, np.tile(prior, (len(labels), 1)), dialogues)
    kinds = [("n-grams", ngrams)]
    if options.minilm:
        kinds.append(("frozen MiniLM", minilm(options.minilm)))
    for name, features in kinds:
        x, y = features(train, dev)
        c = strength(x, seen, groups)
        for balance in (None, "balanced"):
            model = LogisticRegression(C=c, max_iter=300, class_weight=balance).fit(x, seen)
            report(
                f"{name}, C {c:g}{', balanced' if balance else ''}", labels,
                model.predict_proba(y), dialogues)


if __name__ == "__main__":
    main()
