"""The pinned packages, in a virtual environment of the scratch folder."""

import json
import subprocess
import sys
from pathlib import Path

RECORD = "installed.json"


def install(scratch, requirements):
    """Install what is not there yet and return the environment's Python.

    A package that cannot be had is no failure here: refused() tells why, and its peer is not run.
    """
    python = scratch / "venv" / "bin" / "python"
    record = scratch / RECORD
    wanted = requirements.read_text()
    if record.exists() and json.loads(record.read_text()) == {"requirements": wanted, "refused": {}}:
        return python
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
    print("installing the peers (some 500 MB) ...", flush=True)
    without = {}
    if pip(python, "-r", requirements):
        # One that fails keeps all from being installed, so they are tried one by one.
        for line in wanted.splitlines():
            if line and not line.startswith("#"):
                reason = pip(python, line, "--constraint", requirements)
                if reason:
                    without[line.split("==")[0]] = reason
    record.write_text(json.dumps({"requirements": wanted, "refused": without}))
    return python


def pip(python, *arguments):
    """Run pip install and return why it failed, or None."""
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    if done.returncode == 0:
        return None
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
    return said[0].removeprefix("ERROR: ") if said else "pip failed without a word"


def refused(scratch):
    """The packages that could not be installed, each with the reason."""
    return json.loads((Path(scratch) / RECORD).read_text())["refused"]
