#!/usr/bin/env python3
"""Writes one small conversation with the tools others use, and prints what was written as JSON.

    scripts/write-imports.py FOLDER

The tests of Corpora import every file. The conversation is invented; each tool writes as much of it as its
format holds. The environment is that of readers_environment.py; where it cannot be made, the script
exits with 75 and the tests are skipped.
"""

import json
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

import readers_environment  # noqa: E402
from readers_environment import version  # noqa: E402

TURNS = [
    {"dialogue": "talk", "turn": "0", "speaker": "Mara", "text": 'You said, "now"?', "start": 0.5,
     "end": 1.25, "label": "joy", "rater": "ana"},
    {"dialogue": "talk", "turn": "1", "speaker": "Theo", "text": "面包 & café", "start": 1.0,
     "end": 2.0, "label": "anger", "rater": "ana"},
    {"dialogue": "talk", "turn": "2", "speaker": "Mara", "text": "=Hm\nthen", "start": 2.5,
     "end": 3.75, "label": None, "rater": None},
]
END = 4.0


def main():
    readers_environment.enter(__file__)
    folder = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="undertone-writers-") as cache:
        os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=cache, TQDM_DISABLE="1")
        written = {name: write(folder) for name, write in WRITERS.items()}
    json.dump({"writers": written, "turns": TURNS}, sys.stdout)


def place(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return str(path)


def praatio(folder):
    from praatio import textgrid
    for kind in ["long", "short"]:
        grid = textgrid.Textgrid()
        for speaker in ["Mara", "Theo"]:
            own = [turn for turn in TURNS if turn["speaker"] == speaker]
            for tier, field in [(speaker, "text"), (f"emotion@{speaker}", "label")]:
                # A tier of praatio's cannot be empty of time, and fills its gaps when it is saved.
                grid.addTier(textgrid.IntervalTier(
                    tier, [(t["start"], t["end"], t[field]) for t in own if t[field]], 0, END))
        grid.addTier(textgrid.PointTier("notes", [(1.1, "laughs")], 0, END))
        grid.save(place(folder, f"praatio-{kind}/talk.TextGrid"), format=f"{kind}_textgrid",
                  includeBlankSpaces=True)
    return version("praatio")


def textgrid(folder):
    import textgrid
    grid = textgrid.TextGrid(maxTime=END)
    for speaker in ["Mara", "Theo"]:
        tier = textgrid.IntervalTier(speaker, 0, END)
        for turn in TURNS:
            if turn["speaker"] == speaker:
                tier.add(turn["start"], turn["end"], turn["text"])
        grid.append(tier)
    grid.write(place(folder, "textgrid/talk.TextGrid"))
    return version("TextGrid")


def pympi(folder):
    import pympi
    eaf = pympi.Eaf(author="nobody")
    eaf.remove_tier("default")
    eaf.add_linked_file(place(folder, "pympi/talk.wav"), relpath="./talk.wav", mimetype="audio/x-wav")
    eaf.add_linguistic_type("emotion", constraints="Symbolic_Association", timealignable=False)
    for speaker in ["Mara", "Theo"]:
        eaf.add_tier(speaker, part=speaker)
        eaf.add_tier(f"emotion@{speaker}", ling="emotion", parent=speaker, ann="ana")
        for turn in TURNS:
            if turn["speaker"] == speaker:
                start, end = round(turn["start"] * 1000), round(turn["end"] * 1000)
                eaf.add_annotation(speaker, start, end, turn["text"])
                if turn["label"]:
                    eaf.add_ref_annotation(
                        f"emotion@{speaker}", speaker, (start + end) // 2, turn["label"])
    eaf.to_file(place(folder, "pympi/talk.eaf"))
    grid = pympi.Praat.TextGrid(xmax=END)
    for speaker in ["Mara", "Theo"]:
        tier = grid.add_tier(speaker)
        for turn in TURNS:
            if turn["speaker"] == speaker:
                tier.add_interval(turn["start"], turn["end"], turn["text"])
    grid.to_file(place(folder, "pympi-praat/talk.TextGrid"))
    return version("pympi-ling")


def audformat(folder):
    import audformat
    db = audformat.Database("talks", languages=["eng"])
    db.schemes["emotion"] = audformat.Scheme(labels=["anger", "joy", "neutral"])
    db.schemes["speaker"] = audformat.Scheme("str")
    db.schemes["text"] = audformat.Scheme("str")
    db.schemes["valence"] = audformat.Scheme("float", minimum=1, maximum=5)
    db.raters["ana"] = audformat.Rater(audformat.define.RaterType.HUMAN)
    db.splits["dev"] = audformat.Split(audformat.define.SplitType.DEVELOP)
    index = audformat.segmented_index(
        ["talk.wav"] * len(TURNS), [t["start"] for t in TURNS], [t["end"] for t in TURNS])
    table = db["turns"] = audformat.Table(index, split_id="dev")
    for name, scheme, rater in [("speaker", "speaker", None), ("text", "text", None),
                                ("emotion", "emotion", "ana"), ("valence", "valence", "ana")]:
        table[name] = audformat.Column(scheme_id=scheme, rater_id=rater)
    table["speaker"].set([t["speaker"] for t in TURNS])
    table["text"].set([t["text"] for t in TURNS])
    table["emotion"].set([t["label"] for t in TURNS])
    table["valence"].set([4.5, None, 2.0])
    db.save(place(folder, "audformat/"), storage_format="csv")
    return version("audformat")


def pandas(folder):
    import pandas
    table = pandas.DataFrame(TURNS)
    table.to_csv(place(folder, "pandas/talk.csv"), index=False)
    table.to_csv(place(folder, "pandas-index/talk.tsv"), sep="\t")
    table.to_csv(place(folder, "pandas-bom/talk.csv"), index=False, encoding="utf-8-sig",
                 lineterminator="\r\n")
    table.to_json(place(folder, "pandas/talk.jsonl"), orient="records", lines=True)
    ratings = table.dropna(subset=["label"])[["dialogue", "turn", "rater", "label"]]
    ratings.to_csv(place(folder, "pandas/ratings.csv"), index=False)
    scores = table[["dialogue", "turn"]].assign(prob_joy=0.75, prob_anger=0.25)
    scores.to_csv(place(folder, "pandas/scores.csv"), index=False)
    meld = pandas.DataFrame([
        {"Sr No.": place + 1, "Utterance": t["text"], "Speaker": t["speaker"],
         "Emotion": t["label"] or "neutral", "Sentiment": "neutral", "Dialogue_ID": 0,
         "Utterance_ID": place, "Season": 1, "Episode": 1,
         "StartTime": f"00:00:{int(t['start']):02},{round(t['start'] % 1 * 1000):03}",
         "EndTime": f"00:00:{int(t['end']):02},{round(t['end'] % 1 * 1000):03}"}
        for place, t in enumerate(TURNS)])
    meld.to_csv(place(folder, "pandas-meld/dev_sent_emo.csv"), index=False)
    return version("pandas")


def datasets(folder):
    import datasets
    data = datasets.Dataset.from_list(TURNS)
    data.to_json(place(folder, "datasets/talk.jsonl"))
    data.to_csv(place(folder, "datasets/talk.csv"))
    return version("datasets")


def label_studio(folder):
    from label_studio_sdk.label_interface import LabelInterface
    from label_studio_sdk.label_interface.objects import (
        AnnotationValue, PredictionValue, TaskValue)
    setup = LabelInterface(
        '<View><Text name="text" value="$text"/><Choices name="emotion" toName="text">'
        '<Choice value="joy"/><Choice value="anger"/></Choices></View>')
    tasks = []
    for turn in TURNS:
        data = {key: turn[key] for key in ["dialogue", "turn", "speaker", "text", "start", "end"]}
        annotations = []
        if turn["label"]:
            region = setup.get_control("emotion").label(label=turn["label"])
            annotations = [AnnotationValue(completed_by=7, result=[region])]
        prediction = PredictionValue(
            model_version="m1", score=0.75, result=[setup.get_control("emotion").label(label="joy")])
        tasks.append(TaskValue(data=data, annotations=annotations, predictions=[prediction])
                     .model_dump(mode="json"))
    pathlib.Path(place(folder, "label-studio/talk.json")).write_text(json.dumps(tasks, indent=2))
    return version("label-studio-sdk")


WRITERS = {
    "praatio": praatio, "textgrid": textgrid, "pympi": pympi, "audformat": audformat,
    "pandas": pandas, "datasets": datasets, "label-studio": label_studio,
}

if __name__ == "__main__":
    main()
