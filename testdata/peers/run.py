"""Time edge-infer beside other runtimes, with the same models, in one run.

    python3 testdata/peers/run.py --quick

This file needs nothing but Python: it installs the runtimes into the scratch folder and hands over to
compare.py, which runs there. See README.md.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left in the repository

import install
import options

HERE = Path(__file__).resolve().parent

# Set on some machines to keep old builds of OpenBLAS alive; they choose slow kernels for NumPy.
SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


def environment():
    """The environment of everything that is timed."""
    for name in SLOWING:
        if name in os.environ:
            print(f"{name}={os.environ[name]} is unset for the comparison: it would slow NumPy")
    kept = {name: value for name, value in os.environ.items() if name not in SLOWING}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def main():
    chosen = options.parse(sys.argv[1:])
    scratch = Path(chosen.scratch or tempfile.mkdtemp(prefix="peers-")).resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    print(f"scratch folder {scratch}: --scratch {scratch} uses it again; it may be deleted")
    python = install.install(scratch, HERE / "requirements.txt")
    command = [str(python), str(HERE / "compare.py"), *sys.argv[1:], "--scratch", str(scratch)]
    sys.stdout.flush()
    os.execve(command[0], command, environment())


if __name__ == "__main__":
    main()
