"""Everything after the installation, in the scratch folder's Python: run.py starts it."""

import datetime
import json
import os
import platform
import shutil
import sys
from pathlib import Path

import install
import models
import options
import report
from cell import Cell
from ours import Programs
from peers import PEERS, ceiling_driver


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(),
        "system": platform.platform(),
        "processors": len(os.sched_getaffinity(0)),
        "load": os.getloadavg()[0],
        "python": platform.python_version(),
    }


def available(wanted, scratch):
    """The peers that can be run, and those that cannot, with the reason."""
    ready, not_run = [], []
    refused = install.refused(scratch)
    for peer in PEERS:
        if wanted and peer.name not in wanted:
            not_run.append({"peer": peer.name, "reason": "not among --peers"})
        elif peer.package in refused:
            not_run.append({"peer": peer.name, "reason": f"not installed: {refused[peer.package]}"})
        else:
            try:
                peer.prepare(scratch)
                ready.append(peer)
            except Exception as e:
                not_run.append({"peer": peer.name, "reason": str(e)})
    return ready, not_run


def processors(threads):
    """The processors to be pinned to: the last ones, for the first serves the system's interrupts."""
    return sorted(os.sched_getaffinity(0))[-threads:]


def main():
    chosen = options.parse(sys.argv[1:])
    scratch = Path(chosen.scratch)
    folder = scratch / "models"
    shutil.rmtree(folder, ignore_errors=True)  # an earlier run may have had other models
    folder.mkdir()
    where = machine()
    if where["load"] > 0.5:
        print(f"other programs are running (load {where['load']:.1f}): expect noise")
    programs = Programs(Path(chosen.programs or scratch).resolve(), build=chosen.programs is None)
    ready, not_run = available(chosen.peers, scratch)
    ceiling = str(ceiling_driver(scratch / "drivers"))
    cells = []
    for name in chosen.models or models.NAMES:
        model = models.model(name)
        edge = programs.write(model, folder)
        for threads in chosen.threads:
            for batch in chosen.batches:
                cell = Cell(model, batch, processors(threads), folder)
                cell.run(programs, edge, ready, ceiling, chosen.rounds, chosen.duration * 1_000_000)
                cells.append(cell.result())
                not_run += cell.not_run
                print(f"{name}, batch {batch}, {report.counted(threads)}: done", file=sys.stderr, flush=True)
    result = {
        "made": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "machine": where | {"load_after": os.getloadavg()[0]},
        "edge_infer": programs.version,
        "settings": {k: getattr(chosen, k) for k in ("batches", "threads", "rounds", "duration")},
        "paths": {p.name: p.path for p in ready},
        "not_run": not_run,
        "cells": cells,
    }
    results = Path(chosen.results or scratch / "results")
    results.mkdir(parents=True, exist_ok=True)
    with open(results / "results.json", "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
    print(f"\n{report.text(result)}\n")
    try:
        import picture

        picture.draw(result, results / "results.svg")
    except ImportError as e:
        print(f"picture NOT RUN: {e}")
    print(f"results.json and results.svg are in {results}")


if __name__ == "__main__":
    main()
