"""Ours: built from this repository, given the same weights, timed by edge-infer bench."""

import json
import subprocess
from pathlib import Path

import numpy as np

from formats import npz_file
from worker import pinned

REPOSITORY = Path(__file__).resolve().parents[2]
GOLDEN = 32  # vectors in the model file, which bench runs


def command(*arguments, processors=None):
    done = subprocess.run(
        list(map(str, arguments)),
        capture_output=True,
        text=True,
        cwd=REPOSITORY,
        preexec_fn=pinned(processors) if processors else None,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(arguments[0]).name} {arguments[1]}: {done.stderr.strip()[-500:]}")
    return done.stdout


class Programs:
    """edge-infer and edge-export."""

    def __init__(self, folder, build):
        self.infer, self.export = folder / "edge-infer", folder / "edge-export"
        if build:
            command("go", "build", "-o", self.infer, "./cmd/edge-infer")
            command("go", "build", "-o", self.export, "./cmd/export")
        self.version = command(self.infer, "version").splitlines()[0]

    def write(self, model, folder):
        """Export the model. The exporter holds it against the answers in float64 before it writes."""
        weights, golden, path = (folder / f"{model.name}.{kind}" for kind in ("weights.npz", "golden.npz", "edge"))
        npz_file.write(model, 1, weights)
        rows = model.rows[:GOLDEN]
        np.savez(golden, x=rows, y=model.answers(rows))
        layers = ",relu,".join(["dense"] * len(model.layers)) + "," + model.last
        command(self.export, weights, "-o", path, "--arch", layers, "--golden", golden, "--tolerance", "1e-4")
        return path

    def answers(self, path, rows, folder):
        source, target = folder / "rows.npy", folder / "answers.npy"
        np.save(source, rows)
        command(self.infer, "run", path, "--input", source, "--output", target, "--batch", len(rows))
        return np.load(target)


class Ours:
    """Stands among the workers: each sample is one run of edge-infer bench."""

    def __init__(self, programs, path, batch, processors):
        self.arguments = [programs.infer, "bench", path, "--json", "--batch", batch, "--threads", len(processors)]
        self.processors = processors

    def sample(self, nanoseconds):
        duration = f"{nanoseconds // 1_000_000}ms"
        report = json.loads(command(*self.arguments, "--duration", duration, processors=self.processors))
        batch = report["batches"][0]
        return {
            "median": batch["call_ns"]["median"],
            "min": batch["call_ns"]["min"],
            "samples": batch["samples"],
            "calls": batch["calls_per_sample"],
            "empty_call": 0,
            "backend": report["backend"],
        }

    def close(self):
        """Nothing stays open between samples."""
