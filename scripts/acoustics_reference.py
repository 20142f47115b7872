"""Prints the expected values of SpeechFeatureTests, by NumPy, SciPy, librosa and Praat.

pip install numpy scipy librosa praat-parselmouth; python3 scripts/acoustics_reference.py
"""

import numpy as np, librosa, parselmouth, warnings

warnings.filterwarnings("ignore")
n = np.arange(16000)
t = n / 16000
x = (
    0.4 * np.sin(2 * np.pi * (200 + 150 * t) * t) + 0.1 * np.sin(2 * np.pi * 3000 * t) * np.exp(-t)
).astype(np.float32)
W = librosa.filters.mel(sr=16000, n_fft=512, n_mels=64, fmin=50, fmax=7600, htk=True, norm=None)
fr = np.lib.stride_tricks.sliding_window_view(x, 400)[::160]
h = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
P = np.abs(np.fft.rfft(fr * h, 512)) ** 2
M = np.log(P @ W.T + 1e-10)
M = np.maximum(M, M.max() - 6 * np.log(10))
print("frames", M.shape, "mean %.6f sd %.6f max %.6f" % (M.mean(), M.std(), M.max()))
for a, b in ((0, 0), (0, 3), (10, 5), (50, 31), (97, 44), (97, 63)):
    print((a, b), "%.6f" % M[a, b])
f = np.arange(257) * 16000 / 512
c = librosa.feature.spectral_centroid(S=P.T, freq=f)[0]
bw = librosa.feature.spectral_bandwidth(S=P.T, freq=f)[0]
ro = librosa.feature.spectral_rolloff(S=P.T, freq=f, roll_percent=0.85)[0]
print("centroid", c[[0, 50, 97]], "bw", bw[[0, 50, 97]], "roll", ro[[0, 50, 97]])
from scipy.fft import dct

C = dct(M, norm="ortho", axis=1)[:, 1:21]
print("mfcc", C[10, :3], C[97, 19])
d = librosa.feature.delta(C.T, width=5, mode="nearest").T
print("delta mid", d[50, :3])
print("mel filters", W.sum(), W[0, :6], W[63].max(), (W > 0).sum(1)[[0, 31, 63]])
print("level", 10 * np.log10(((fr * h) ** 2).mean(1))[[0, 50]])
b = lambda hz: int(round(hz / 31.25))
al = 10 * np.log10(P[:, b(50) : b(1000)].sum(1) / P[:, b(1000) : b(5000)].sum(1))
ha = 10 * np.log10(P[:, : b(2000)].max(1) / P[:, b(2000) : b(5000)].max(1))
print("alpha", al[[0, 50]], "hamm", ha[[0, 50]])
# pitch: a gliding buzz with pauses
f0 = np.where(t < 1, 120 * 2 ** (t), 0)
ph = 2 * np.pi * np.cumsum(120 * 2.0**t) / 16000
v = sum(np.sin(k * ph) / k for k in range(1, 11)) * 0.1
v[(t >= 0.4) & (t < 0.6)] = 0
r = np.random.RandomState(0)
snd = parselmouth.Sound(v.astype(np.float64), 16000)
p = snd.to_pitch_ac(time_step=0.01, pitch_floor=60, pitch_ceiling=500)
for tt in (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9):
    print(tt, p.get_value_at_time(tt), 120 * 2**tt)
# relations of contours: means removed, over deviations and a tenth, and with a delay
n = np.arange(50)
a, b = np.sin(0.3 * n) + 0.02 * n, np.cos(0.21 * n) ** 2
z = lambda v: (v - v.mean()) / (v.std() + 0.1)
print("correlation", (z(a) * z(b)).mean())
print("delayed", [(z(a)[:-k] * z(b)[k:]).sum() / 50 for k in (4, 20)], (z(b)[:-20] * z(a)[20:]).sum() / 50)
print("changes", librosa.feature.delta(a, width=5, mode="nearest")[[0, 1, 25, 49]])
