"""One cell of the table: one model, at one batch, on so many threads, by everyone in turn."""

import statistics
import time

import numpy as np

from ours import Ours
from worker import Worker

AGREEMENT = 1e-4
PAUSE = 0.010  # seconds between samples: idle thread pools spin for a while before they sleep


class Cell:
    def __init__(self, model, batch, processors, folder):
        self.model, self.batch, self.processors, self.folder = model, batch, processors, folder
        self.rows = folder / "rows.f32"
        self.times, self.not_run = {}, []  # what each peer took; who did not run, and why
        self.ceilings = {}  # what the machine itself takes, as a peer's time

    def refuse(self, name, reason):
        self.not_run.append(
            {
                "peer": name,
                "model": self.model.name,
                "batch": self.batch,
                "threads": len(self.processors),
                "reason": str(reason),
            }
        )

    def start(self, peer):
        """Start a peer's worker, and say where its output will be."""
        output = self.folder / f"{peer.name}.out"
        output.unlink(missing_ok=True)
        path = peer.write(self.model, self.batch, self.folder)
        sizes = [self.batch, self.model.inputs, self.model.outputs, len(self.processors)]
        return Worker(peer.program, [path, self.rows, output, *sizes], self.processors), output

    def agree(self, output, expected):
        """Refuse a peer that computes something else; return the greatest difference."""
        got = np.fromfile(output, dtype=np.float32)
        if got.size != expected.size:
            raise RuntimeError(f"{got.size} outputs where {expected.size} are expected")
        difference = float(np.abs(got.reshape(expected.shape) - expected).max())
        if not difference <= AGREEMENT:
            raise RuntimeError(f"an output differs from ours by {difference:.2g}, more than {AGREEMENT}")
        return difference

    def limits(self, program):
        """Workers for what the machine cannot do faster: the multiply-adds of a cell, and reading the weights."""
        model, threads = self.model, len(self.processors)
        amounts = {"fma": model.multiplications * self.batch, "read": 4 * model.multiplications}
        for name, amount in amounts.items():
            # Its threads must not spin into the samples of others.
            yield name, Worker([program], [name, amount, threads], self.processors, GOMP_SPINCOUNT="5000")

    def run(self, programs, edge, peers, ceiling, rounds, nanoseconds):
        runners, started = {}, {}
        self.model.rows[: self.batch].tofile(self.rows)
        for peer in peers:
            try:
                started[peer.name] = self.start(peer)
            except Exception as e:
                self.refuse(peer.name, e)
        expected = programs.answers(edge, self.model.rows[: self.batch], self.folder)
        runners["ours"] = Ours(programs, edge, self.batch, self.processors)
        self.times["ours"] = {"rounds": []}
        for name, (worker, output) in started.items():
            try:
                ready = worker.ready()
                difference = self.agree(output, expected)
            except Exception as e:
                self.refuse(name, e)
                worker.close()
                continue
            runners[name] = worker
            self.times[name] = {
                "rounds": [],
                "greatest_difference": difference,
                "version": ready["version"],
            }
        for name, worker in self.limits(ceiling):
            worker.ready()
            runners[name], self.times[name] = worker, {"rounds": []}
        self.alternate(runners, rounds, nanoseconds)
        for name in ("fma", "read"):  # the least: what disturbs the machine is no ceiling
            self.ceilings[name] = min(sample["min"] for sample in self.times.pop(name)["rounds"])
        for runner in runners.values():
            runner.close()

    def alternate(self, runners, rounds, nanoseconds):
        """Take one sample of each in every round, each round beginning with another."""
        for r in range(rounds):
            names = list(runners)
            for name in names[r % len(names) :] + names[: r % len(names)]:
                time.sleep(PAUSE)
                try:
                    self.times[name]["rounds"].append(runners[name].sample(nanoseconds))
                except Exception as e:
                    if name in ("ours", "fma", "read"):
                        raise
                    self.refuse(name, e)
                    runners.pop(name).close()
                    del self.times[name]
        for record in self.times.values():
            for name, key in (("call_ns", "median"), ("empty_call_ns", "empty_call")):
                record[name] = statistics.median(sample[key] for sample in record["rounds"])
            record["net_ns"] = record["call_ns"] - record["empty_call_ns"]

    def result(self):
        return {
            "model": self.model.name,
            "batch": self.batch,
            "threads": len(self.processors),
            "flops": 2 * self.model.multiplications * self.batch,
            "ceilings_ns": self.ceilings,
            "peers": self.times,
        }
