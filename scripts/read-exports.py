#!/usr/bin/env python3
"""Reads exports back with the readers others use for them, and prints what they found as JSON.

    scripts/read-exports.py FORMAT=PATH ...    csv, jsonl, meld, iemocap, audformat, textgrid, eaf, label-studio
    scripts/read-exports.py --prepare          only makes the environment

The tests of Corpora compare the answer with what they exported. The first run makes the environment of
readers_environment.py; where it cannot be made, the script exits with 75 and the tests are skipped.
"""

import json
import os
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True  # scripts/ stays as it was cloned

import readers_environment  # noqa: E402
from readers_environment import version  # noqa: E402


def main():
    readers_environment.enter(__file__)
    if sys.argv[1:] == ["--prepare"]:
        return
    with tempfile.TemporaryDirectory(prefix="undertone-readers-") as cache:
        os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_HOME=cache, TQDM_DISABLE="1")
        found = {}
        for argument in sys.argv[1:]:
            name, _, path = argument.partition("=")
            found[name] = READERS[name](path)
        json.dump(plain(found), sys.stdout, allow_nan=False)


def plain(value):
    """The value as JSON has it: pandas says NaN for an empty cell."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return None if isinstance(value, float) and value != value else value


def read_csv(path):
    import pandas
    table = pandas.read_csv(path, dtype=str, keep_default_na=False)
    # Read as anybody does it, numbers must come out as numbers.
    numbers = pandas.read_csv(path)[["start", "end", "probability"]]
    return {"reader": version("pandas"), "columns": list(table.columns),
            "rows": table.to_dict("records"), "types": [str(kind) for kind in numbers.dtypes]}


def read_jsonl(path):
    import datasets
    import pandas
    loaded = datasets.load_dataset("json", data_files=path, split="train")
    return {"reader": f"{version('datasets')}, {version('pandas')}", "rows": loaded.to_list(),
            "columns": loaded.column_names, "pandas_rows": len(pandas.read_json(path, lines=True))}


def read_meld(path):
    """The way of utils/read_meld.py in github.com/declare-lab/MELD, one file a split."""
    import pandas
    rows, ends = {}, {}
    for file in sorted(pathlib.Path(path).glob("*_sent_emo.csv")):
        df = pandas.read_csv(file)
        utt = df["Utterance"].tolist()
        dia_id = df["Dialogue_ID"].tolist()
        utt_id = df["Utterance_ID"].tolist()
        rows[file.name] = [
            {"columns": list(df.columns), "text": str(utt[i]),
             "clip": "dia" + str(dia_id[i]) + "_utt" + str(utt_id[i]) + ".mp4",
             "speaker": df["Speaker"][i], "emotion": df["Emotion"].fillna("")[i],
             "start": df["StartTime"].fillna("")[i], "end": df["EndTime"].fillna("")[i]}
            for i in range(len(utt))]
        raw = file.read_bytes()
        ends[file.name] = raw.endswith(b"\r\n")
    return {"reader": f"{version('pandas')}, as utils/read_meld.py", "files": rows, "crlf": ends}


def read_iemocap(path):
    """The reader of labels that most public code for IEMOCAP shares, word for word where it matters."""
    info_line = re.compile(r"\[.+\]\n", re.IGNORECASE)
    text_line = re.compile(r"^(\S+) \[(\d+\.\d+)-(\d+\.\d+)\]: ?(.*)$")
    turns, texts = [], {}
    for session in range(1, 6):
        folder = pathlib.Path(path) / f"Session{session}" / "dialog"
        for file in sorted((folder / "EmoEvaluation").glob("*.txt")):
            content = file.read_text()
            for line in re.findall(info_line, content)[1:]:  # the first line is a header
                start_end_time, wav_file_name, emotion, val_act_dom = line.strip().split("\t")
                start_time, end_time = start_end_time[1:-1].split("-")
                val, act, dom = val_act_dom[1:-1].split(",")
                turns.append({
                    "id": wav_file_name, "emotion": emotion, "start": float(start_time),
                    "end": float(end_time), "val": float(val), "act": float(act), "dom": float(dom)})
            # The lines of the evaluators, the way papers that use soft labels read them.
            for block in content.split("\n\n")[1:]:
                lines = block.strip().splitlines()
                if not lines:
                    continue
                turn = next(t for t in turns if t["id"] == lines[0].split("\t")[1])
                turn["categories"] = {
                    line.split(":")[0]: line.split("\t")[1] for line in lines[1:] if line[:2] == "C-"}
                turn["attributes"] = {
                    line.split(":")[0]: re.findall(r"(val|act|dom)\s+(\S*?);", line.split("\t")[1])
                    for line in lines[1:] if line[:2] == "A-"}
        for file in sorted((folder / "transcriptions").glob("*.txt")):
            for line in file.read_text().splitlines():
                match = text_line.match(line)
                if match:
                    texts[match[1]] = match[4]
    for turn in turns:
        turn["text"] = texts.get(turn["id"])
    return {"reader": "the regular expressions of public parsers", "turns": turns}


def read_audformat(path):
    import audformat
    import pandas
    db = audformat.Database.load(path)
    tables = {}
    for name in db.tables:
        frame = db[name].get()
        rows = []
        for (file, start, end), row in zip(frame.index, frame.itertuples(index=False)):
            cells = {column: None if pandas.isna(value) else value if isinstance(value, str)
                     else bool(value) if isinstance(value, (bool,)) or str(type(value)).endswith("bool'>")
                     else float(value)
                     for column, value in zip(frame.columns, row)}
            rows.append({"file": file, "start": start.total_seconds(),
                         "end": None if pandas.isna(end) else end.total_seconds(), "cells": cells})
        tables[name] = rows
    return {"reader": version("audformat"), "name": db.name, "tables": tables,
            "raters": {name: rater.type for name, rater in db.raters.items()},
            "columns": {name: {column: [db[name].columns[column].scheme_id,
                                        db[name].columns[column].rater_id]
                               for column in db[name].columns} for name in db.tables},
            "emotions": list(db.schemes["emotion"].labels), "meta": dict(db.meta).get("undertone"),
            "is_index": {name: audformat.is_segmented_index(db[name].index) for name in db.tables}}


def read_textgrid(path):
    import praatio.textgrid
    import textgrid
    files = {}
    for file in sorted(pathlib.Path(path).rglob("*.TextGrid")):
        grid = praatio.textgrid.openTextgrid(
            str(file), includeEmptyIntervals=True, reportingMode="error")
        tiers = {}
        for name in grid.tierNames:
            tier = grid.getTier(name)
            entries = [[e.start, e.end, e.label] for e in tier.entries]
            # Tiled: each begins where the one before ends, from the first moment to the last.
            ends = [tier.minTimestamp] + [e[1] for e in entries]
            tiled = all(e[0] == end for e, end in zip(entries, ends)) and ends[-1] == grid.maxTimestamp
            tiers[name] = {"entries": [e for e in entries if e[2] != ""], "tiled": tiled}
        other = textgrid.TextGrid.fromFile(str(file))
        marks = {tier.name: [i.mark for i in tier if i.mark != ""] for tier in other}
        files[str(file.relative_to(path))] = {
            "tiers": tiers,
            "agrees": list(marks) == list(tiers) and all(
                [entry[2] for entry in tiers[name]["entries"]] == [mark.strip() for mark in marks[name]]
                for name in marks)}
    return {"reader": f"{version('praatio')}, {version('TextGrid')}", "files": files}


def read_eaf(path):
    import pympi
    files = {}
    for file in sorted(pathlib.Path(path).rglob("*.eaf")):
        eaf = pympi.Eaf(str(file))
        tiers = {}
        for name in eaf.get_tier_names():
            parameters = eaf.get_parameters_for_tier(name)
            kind = parameters["LINGUISTIC_TYPE_REF"]
            tiers[name] = {
                "annotations": [list(entry) for entry in eaf.get_annotation_data_for_tier(name)],
                "parent": parameters.get("PARENT_REF"), "annotator": parameters.get("ANNOTATOR"),
                "participant": parameters.get("PARTICIPANT"),
                "constraint": eaf.get_parameters_for_linguistic_type(kind).get("CONSTRAINTS")}
        files[str(file.relative_to(path))] = {
            "tiers": tiers, "properties": [list(entry) for entry in eaf.properties],
            "vocabularies": list(eaf.controlled_vocabularies)}
    return {"reader": version("pympi-ling"), "files": files}


def read_label_studio(path):
    from label_studio_sdk.label_interface import LabelInterface
    tasks = json.loads(pathlib.Path(path).read_text())
    setup = LabelInterface(pathlib.Path(path).with_suffix(".xml").read_text())
    setup.validate()
    errors = []
    for task in tasks:
        if not setup.validate_task({"data": task["data"]}):
            errors.append(f"task {task['data']['turn']} lacks what the setup shows")
        # The SDK's own validate_annotation compares with a server's; the logic is this one.
        for thing in task["annotations"] + task["predictions"]:
            errors += setup._validate_object(thing, return_errors=True)
    return {"reader": version("label-studio-sdk"), "tasks": tasks, "errors": errors}


READERS = {
    "csv": read_csv, "jsonl": read_jsonl, "meld": read_meld, "iemocap": read_iemocap,
    "audformat": read_audformat, "textgrid": read_textgrid, "eaf": read_eaf,
    "label-studio": read_label_studio,
}

if __name__ == "__main__":
    main()
