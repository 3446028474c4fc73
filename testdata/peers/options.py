"""The command line, which run.py and compare.py read alike."""

import argparse
import os

from peers import PEERS

MOST_ROWS = 256  # of a batch


def numbers(text):
    values = [int(part) for part in text.split(",")]
    if not values or min(values) < 1:
        raise argparse.ArgumentTypeError(f"{text}: numbers from 1 up, separated by commas, are needed")
    return values


def words(text):
    return text.split(",")


def peers(text):
    known = [p.name for p in PEERS]
    for name in words(text):
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name}: the peers are {', '.join(known)}")
    return words(text)


def shapes(text):
    """Names of models: widths with dashes between them."""
    for name in words(text):
        widths = name.split("-")
        if len(widths) < 2 or not all(w.isdigit() and 0 < int(w) <= 1 << 16 for w in widths):
            raise argparse.ArgumentTypeError(f"{name}: layer widths, such as 784-256-10, are needed")
        if widths[-1] == "2":
            raise argparse.ArgumentTypeError(f"{name}: two classes are one output with a sigmoid, as in 784-256-1")
    return words(text)


def parse(arguments):
    p = argparse.ArgumentParser(
        prog="run.py", description="Time edge-infer beside other runtimes, with the same models, in one run."
    )
    p.add_argument("--quick", action="store_true", help="batches 1 and 64, 3 rounds of 30 ms: a mere look")
    p.add_argument("--scratch", help="folder for everything that is installed and made (default: a new temporary one)")
    p.add_argument("--results", help="folder for results.json and results.svg (default: results in the scratch folder)")
    p.add_argument("--programs", help="folder that holds edge-infer and edge-export (default: they are built)")
    p.add_argument("--models", type=shapes, help="only these models, as 2-2-1,784-256-10")
    p.add_argument("--peers", type=peers, help="only these peers, as onnxruntime,openvino")
    p.add_argument("--batches", type=numbers, help="rows a call (default: 1,8,64,256)")
    p.add_argument("--threads", type=numbers, help="threads of each peer (default: 1 and one a processor)")
    p.add_argument("--rounds", type=int, help="samples of each peer in each cell (default: 11)")
    p.add_argument("--duration", type=int, help="milliseconds of a sample (default: 100)")
    chosen = p.parse_args(arguments)
    processors = len(os.sched_getaffinity(0))
    defaults = {
        "batches": [1, 64] if chosen.quick else [1, 8, 64, 256],
        "threads": sorted({1, processors}),
        "rounds": 3 if chosen.quick else 11,
        "duration": 30 if chosen.quick else 100,
    }
    for name, value in defaults.items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, value)
    if max(chosen.threads) > processors:
        p.error(f"--threads {max(chosen.threads)}: {processors} processors may be used")
    if max(chosen.batches) > MOST_ROWS:
        p.error(f"--batches {max(chosen.batches)}: at most {MOST_ROWS} rows a call are possible")
    if chosen.rounds < 1:
        p.error(f"--rounds {chosen.rounds}: a number from 1 up is needed")
    if not 1 <= chosen.duration <= 1000:
        p.error(f"--duration {chosen.duration}: from 1 to 1000 milliseconds are possible")
    return chosen
