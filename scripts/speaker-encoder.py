#!/usr/bin/env python3
"""Makes models/speaker.safetensors: two layers of Resemblyzer's encoder of speakers, in bytes.

    pip download --no-deps resemblyzer==0.1.4 && unzip -j Resemblyzer-*.whl resemblyzer/pretrained.pt
    scripts/speaker-encoder.py pretrained.pt models/speaker.safetensors

The weights (github.com/resemble-ai/Resemblyzer, Apache-2.0) come with the package. PyTorch is not
needed: its older files are pickles with the numbers behind them. Needs NumPy.
"""

import argparse
import collections
import json
import pickle
import struct

import numpy


class Storage:
    """Numbers that come later in the file."""

    def __init__(self, key):
        self.key = key


class Reader(pickle.Unpickler):
    """Knows what a file of weights needs, and refuses to run anything else."""

    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: (storage.key, offset, size, stride)
        if module == "torch" and name.endswith("Storage"):
            return name
        raise pickle.UnpicklingError(f"the file wants {module}.{name}, which no file of weights needs")

    def persistent_load(self, identity):
        kind, storage, key = identity[0], identity[1], identity[2]
        assert kind == "storage" and storage == "FloatStorage", identity
        return Storage(key)


def read(path):
    with open(path, "rb") as file:
        magic, protocol, _ = (Reader(file).load() for _ in range(3))
        assert magic == 0x1950A86A20F9469CFC6C and protocol == 1001, "not a file of weights of PyTorch's"
        content = Reader(file).load()
        storages = {}
        for key in Reader(file).load():
            (count,) = struct.unpack("<q", file.read(8))
            storages[key] = numpy.frombuffer(file.read(4 * count), "<f4")
    return {
        name: numpy.lib.stride_tricks.as_strided(
            storages[key][offset:], size, [4 * step for step in stride])
        for name, (key, offset, size, stride) in content["model_state"].items()
        if isinstance(size, tuple) and size
    }


def tensors(state):
    for layer in range(2):
        bias = state[f"lstm.bias_ih_l{layer}"] + state[f"lstm.bias_hh_l{layer}"]
        yield f"speaker.{layer}.bias", "F32", bias[None].astype("<f4")
        for name, source in [("input", "ih"), ("recurrent", "hh")]:
            weight = state[f"lstm.weight_{source}_l{layer}"]
            scales = numpy.abs(weight).max(1, keepdims=True) / numpy.float32(127)
            yield f"speaker.{layer}.{name}", "I8", numpy.round(weight / scales).astype("i1")
            yield f"speaker.{layer}.{name}.row_scales", "F32", scales.astype("<f4")


def main():
    parser = argparse.ArgumentParser(description="Converts an encoder; see the file's beginning.")
    parser.add_argument("weights", help="pretrained.pt of the package Resemblyzer 0.1.4")
    parser.add_argument("out", help="the file to write")
    options = parser.parse_args()
    header = {"__metadata__": {
        "undertone-speaker": "1", "format": "pt",
        "details": "layers 1 and 2 of the encoder of Resemblyzer 0.1.4 (Apache-2.0), in bytes",
    }}
    body = b""
    for name, kind, array in sorted(tensors(read(options.weights)), key=lambda x: (x[1] != "F32", x[0])):
        data = numpy.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": kind, "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(options.out, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)
    print(f"wrote {options.out}: {len(body) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
