"""The features of runtime/stream in NumPy, for the script that trains a model.

    from features import features
    x = np.array([features(window, names, rate=100.0, taper="hann") for window in windows])

window is a dict {channel: samples}; names are columns such as "accel_x.rms" and
"accel_x.band(10,50)". FEATURES.md defines the features operation by operation, and
the program follows it to the last bit; this file computes the same quantities in
float64, with NumPy's own sums and transform, and agrees with it to within what
FEATURES.md states.

    python features.py        (Python 3.11.7, numpy 2.4.6) writes features.json beside it
"""

import json
import re
from pathlib import Path

import numpy as np

PEAK_FLOOR = 2.0**-26  # beside the greatest sample: less is the rounding of the samples


def hann(n):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


class Spectrum:
    """The power spectrum of one window, zeros added up to a power of two."""

    def __init__(self, x, rate, taper):
        w = {"hann": hann, "rectangular": np.ones}[taper](len(x))
        size = 4
        while size < len(x):
            size *= 2
        self.frequency = np.arange(size // 2 + 1) * rate / size
        self.power = np.abs(np.fft.rfft((x - x.mean()) * w, size)) ** 2
        self.sum, self.scale = w.sum(), size * (w**2).sum()
        self.floor = (np.abs(x).max() * PEAK_FLOOR / 2 * self.sum) ** 2

    def band(self, low, high):
        """The variance between two frequencies; half the rate belongs to the band that ends there."""
        power = self.power.copy()
        power[1:-1] *= 2
        inside = (self.frequency >= low) & (self.frequency < high)
        inside[-1] |= high == self.frequency[-1]
        return power[inside].sum() / self.scale

    def peak(self, rank):
        """Frequency and amplitude of the peak of a rank, 1 for the highest; zeros if there are fewer."""
        p = self.power
        k = np.flatnonzero((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:]) & (p[1:-1] > self.floor)) + 1
        k = k[np.argsort(-p[k], kind="stable")]
        if rank > len(k):
            return 0.0, 0.0
        k = k[rank - 1]
        return self.frequency[k], 2 * np.sqrt(p[k]) / self.sum


def feature(x, name, rate, taper="hann", times=None):
    """One feature of samples x, the oldest first. times, in seconds, are given for a window by time."""
    x = np.asarray(x, np.float32).astype(np.float64)  # what the window holds
    kind, arguments = re.fullmatch(r"(\w+)(?:\((.*)\))?", name).groups()
    crossings = lambda y: np.count_nonzero(np.diff(y < 0))
    if kind == "raw":
        return x[int(arguments)] if arguments else x[-1]
    if kind == "mean":
        return x.mean()
    if kind == "std":
        return x.std()
    if kind == "rms":
        return np.sqrt((x**2).mean())
    if kind == "min":
        return x.min()
    if kind == "max":
        return x.max()
    if kind == "peak_to_peak":
        return x.max() - x.min()
    if kind == "zero_crossings":
        return crossings(x)
    if kind == "mean_crossings":
        return crossings(x - x.mean())
    if kind == "slope":
        t = np.arange(len(x)) / rate if times is None else np.asarray(times, np.float64)
        d = t - t.mean()
        return (d * (x - x.mean())).sum() / (d**2).sum() if (d != 0).any() else 0.0
    if kind == "band":
        return Spectrum(x, rate, taper).band(*map(float, arguments.split(",")))
    if kind == "peak_frequency":
        return Spectrum(x, rate, taper).peak(int(arguments))[0]
    if kind == "peak_height":
        return Spectrum(x, rate, taper).peak(int(arguments))[1]
    raise ValueError(f"no feature is called {kind}")


def features(window, names, rate, taper="hann", times=None):
    """A row of a model's input: the columns that names list, as float32."""
    row = []
    for name in names:
        channel, _, f = name.partition("(")[0].rpartition(".")
        row.append(feature(window[channel], name[len(channel) + 1 :], rate, taper, times))
    return np.array(row, np.float32)


def signals(rng):
    """Windows that make mistakes visible: name, rate, samples, times or None."""
    t = np.arange(1024)
    tones = 9.81 + 0.7 * np.sin(2 * np.pi * 12.5 * t / 200) + 0.2 * np.sin(2 * np.pi * 61 * t / 200 + 1)
    yield "tones on gravity", 200.0, tones[:256], None
    yield "not a power of two", 200.0, tones[:200], None
    yield "long", 200.0, tones, None
    yield "noise", 1000.0, rng.normal(size=512), None
    yield "pressure", 25.0, 101325 + np.cumsum(rng.normal(size=100)), None
    yield "tiny", 100.0, 1e-20 * rng.normal(size=64), None
    yield "huge", 100.0, 1e18 * rng.normal(size=64), None
    yield "ramp", 50.0, 3 - 0.25 * np.arange(48), None
    yield "constant", 100.0, np.full(32, 21.3), None
    yield "zero", 100.0, np.zeros(16), None
    yield "alternating", 10.0, np.tile([1.0, -1.0], 8), None
    yield "four", 10.0, np.array([1.0, -2.0, 4.0, -8.0]), None
    yield "steps", 104.0, np.round(rng.normal(size=130) * 4) / 4, None
    yield "irregular", 50.0, rng.normal(size=75), np.cumsum(rng.integers(1_000_000, 40_000_000, 75))
    yield "one, by time", 50.0, np.array([2.5]), np.array([123456789])


def main():
    cases = []
    for name, rate, x, times in signals(np.random.default_rng(20261122)):
        x = x.astype(np.float32)
        half = rate / 2
        names = ["raw", "mean", "std", "rms", "min", "max", "peak_to_peak", "zero_crossings", "mean_crossings", "slope"]
        if times is None:
            names += ["raw(0)", f"raw({len(x) - 1})", f"band(0,{half:g})", f"band({half / 2:g},{half:g})"]
            names += [f"band({half / 5:g},{half / 2:g})"] * (len(x) > 4)  # where it holds a frequency of the spectrum
            names += [f"peak_{what}({rank})" for rank in (1, 2, 3) for what in ("frequency", "height")]
        seconds = None if times is None else (times - times[0]) / 1e9
        for taper in ("hann", "rectangular") if times is None else ("hann",):
            cases.append({
                "name": f"{name}, {taper}", "rate": rate, "taper": taper,
                "samples": [float(v) for v in x], "times": [] if times is None else [int(t) for t in times],
                "features": {f: float(feature(x, f, rate, taper, seconds)) for f in names},
            })
    text = ",\n".join(json.dumps(c) for c in cases)
    (Path(__file__).parent / "features.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
