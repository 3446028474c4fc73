"""A process that runs one peer with one model at one batch, and is asked for samples."""

import json
import os
import select
import subprocess
import tempfile

PATIENCE = 120  # seconds to wait for an answer


def pinned(processors):
    """What a child does before its program starts: keep to these processors."""
    return lambda: os.sched_setaffinity(0, processors)


class Worker:
    """Started at once, so that several prepare themselves together; ready() waits for one."""

    def __init__(self, program, arguments, processors, **variables):
        threads = str(len(processors))
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [*program, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads} | variables,
            preexec_fn=pinned(processors),
            bufsize=0,
        )

    def answer(self):
        """The next line of JSON. Each question has one, so nothing else can be waiting."""
        arrived, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if arrived else b""
        if not line.endswith(b"\n"):
            raise RuntimeError(self.complaint() if arrived else f"no answer within {PATIENCE} seconds")
        return json.loads(line)

    def complaint(self):
        self.process.wait()
        self.log.seek(0)
        said = self.log.read().decode(errors="replace").strip().splitlines()
        return f"ended with {self.process.returncode}: {said[-1] if said else 'no word'}"

    ready = answer

    def sample(self, nanoseconds):
        try:
            self.process.stdin.write(b"%d\n" % nanoseconds)
        except BrokenPipeError:
            raise RuntimeError(self.complaint()) from None
        return self.answer()

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
