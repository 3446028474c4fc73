"""MNN's own format, by its converter from ONNX.

The package's mnnconvert command reports its use over the network and installs packages for that, so
only the compiled converter behind it is called.
"""

import os
import subprocess
import sys

from formats import onnx_file

CONVERT = "import sys, _tools; _tools.mnnconvert(sys.argv[1:])"


def write(model, batch, path):
    source = path + ".onnx"
    onnx_file.write(model, batch, source)
    arguments = ["mnnconvert", "-f", "ONNX", "--modelFile", source, "--MNNModel", path, "--bizCode", "peers"]
    converter = subprocess.run([sys.executable, "-c", CONVERT, *arguments], capture_output=True, text=True)
    if converter.returncode or not os.path.exists(path):
        raise RuntimeError(f"mnnconvert: {converter.stdout[-300:]}{converter.stderr[-300:]}")
