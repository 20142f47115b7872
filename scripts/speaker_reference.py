"""Prints the expected values of SpeakerEncoderTests, by librosa and PyTorch.

pip install numpy librosa torch; python3 scripts/speaker_reference.py models/speaker.safetensors
"""

import json
import struct
import sys

import librosa
import numpy as np
import torch

with open(sys.argv[1], "rb") as file:
    (length,) = struct.unpack("<Q", file.read(8))
    header, body = json.loads(file.read(length)), file.read()


def tensor(name):
    entry = header[name]
    start, end = entry["data_offsets"]
    kind = {"I8": "i1", "F32": "<f4"}[entry["dtype"]]
    return np.frombuffer(body[start:end], kind).reshape(entry["shape"]).astype(np.float32)


def weight(name):
    return torch.tensor(tensor(name) * tensor(name + ".row_scales"))


def sound(count, pitch):
    t = np.arange(count) / 16000
    return (
        0.4 * np.sin(2 * np.pi * (pitch + 150 * t) * t)
        + 0.1 * np.sin(2 * np.pi * 3000 * t) * np.exp(-t)
    ).astype(np.float32)


for count, pitch in ((16000, 200), (9001, 330), (300, 120)):
    x = sound(count, pitch)
    x = x * np.float32(10 ** (-30 / 20) / (np.sqrt(np.mean(x.astype(np.float64) ** 2)) + 1e-9))
    mel = librosa.feature.melspectrogram(
        y=x, sr=16000, n_fft=400, hop_length=160, n_mels=40, center=True, pad_mode="constant"
    ).T
    print(count, "frames", mel.shape)
    for place in ((0, 0), (1, 2), (mel.shape[0] // 2, 4), (mel.shape[0] - 1, 39)):
        print("  mel", place, "%.8g" % mel[place])
    state = torch.tensor(mel)[None]
    for layer in range(2):
        lstm = torch.nn.LSTM(state.shape[2], 256, batch_first=True)
        with torch.no_grad():
            lstm.weight_ih_l0.copy_(weight(f"speaker.{layer}.input"))
            lstm.weight_hh_l0.copy_(weight(f"speaker.{layer}.recurrent"))
            lstm.bias_ih_l0.copy_(torch.tensor(tensor(f"speaker.{layer}.bias")[0]))
            lstm.bias_hh_l0.zero_()
            state = lstm(state)[0]
    state = state[0].double().numpy()
    values = np.concatenate([state.mean(0), state.std(0)])
    print("  statistics", " ".join("%d:%.6f" % (i, values[i]) for i in (0, 1, 100, 255, 256, 300, 511)))
    print("  sum %.5f squares %.5f" % (values.sum(), (values ** 2).sum()))
