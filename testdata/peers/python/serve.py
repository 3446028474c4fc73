"""One peer with one model at one batch, as a process: the Python counterpart of the drivers in c/.

    python serve.py PEER MODEL INPUT OUTPUT BATCH INPUTS OUTPUTS THREADS

PEER is a module beside this file. Its load(job) returns three things: a function that runs the model
once, a function that returns its output, and the peer's version. The process writes the output of a
first run, says that it is ready, and then measures once for every line of standard input, which is a
duration in nanoseconds. Answers are lines of JSON. Beside each measurement stands what a function costs
that does nothing, measured right after it.
"""

import importlib
import json
import os
import sys
from dataclasses import dataclass

import numpy as np

import timing

EMPTY_DURATION = 2_000_000  # ns


@dataclass
class Job:
    model: str
    x: np.ndarray  # [batch, inputs] float32
    outputs: int
    threads: int


def main(peer, model, source, target, batch, inputs, outputs, threads):
    # Some libraries print to standard output; what they say goes to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    x = np.fromfile(source, dtype=np.float32, count=int(batch) * int(inputs)).reshape(int(batch), int(inputs))
    call, result, version = importlib.import_module(peer).load(Job(model, x, int(outputs), int(threads)))
    call()
    result().astype(np.float32).tofile(target)
    print(json.dumps({"version": version}), file=answers, flush=True)
    for line in sys.stdin:
        sample = timing.measure(call, float(line))
        sample["empty_call"] = timing.measure(timing.nothing, EMPTY_DURATION)["median"]
        print(json.dumps(sample), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
