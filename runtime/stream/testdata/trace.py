"""Writes trace.txt: a recording of an accelerometer and a thermometer, as the recorder
of runtime/stream writes it, with what goes wrong in the field.

    python trace.py        (Python 3.11.7, numpy 2.4.6)

Twelve seconds at 100 Hz: at rest and shaking at 12 Hz by turns of two seconds; jitter of the
times, three missing readings, a late one, values that are NaN or out of range, a pause.
"""

from pathlib import Path

import numpy as np

rng = np.random.default_rng(20261122)
lines = ['# edge-infer readings 1 {"channels":[{"name":"accel_x","unit":"m/s²"},{"name":"temperature","unit":"°C"}],"rate":100,"start":"2026-11-22T05:27:00Z"}']
for i in range(1200):
    t = i * 10_000_000 + (int(rng.integers(-900_000, 900_000)) if i else 0)
    amplitude = 1.5 if i // 200 % 2 else 0.05
    x = round(float(9.81 + amplitude * np.sin(2 * np.pi * 12 * i / 100) + 0.02 * rng.normal()), 4)
    temperature = round(float(21 + i / 400 + 0.05 * rng.normal()), 2)
    if i in (130, 470, 471) or 900 <= i < 960:
        continue
    if i == 250:
        x = float("nan")
    if 600 <= i < 603:
        temperature = -327.68
    if i == 700:
        lines.append("# 2 readings lost")
    if i == 710:
        t -= 12_000_000
    lines.append(f"{t} {x!r} {temperature!r}".replace("nan", "NaN"))
text = "\n".join(lines) + "\n" + "12000000000 9.8"  # torn: the program was killed
(Path(__file__).parent / "trace.txt").write_text(text)
