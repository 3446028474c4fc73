"""The peers: what each one reads, and the program that runs it."""

import importlib
import importlib.util
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass
class Peer:
    name: str
    package: str  # as requirements.txt calls it
    format: str  # module in formats/
    path: str  # C, or Python: the way in which it is called
    program: list[str] | None = None  # what runs it, once prepare is done

    def prepare(self, scratch):
        """Settle the program, compiling the driver where the peer is called from C."""
        if self.path == "C":
            self.program = [str(DRIVERS[self.name](scratch / "drivers"))]
        else:
            self.program = [sys.executable, str(HERE / "python" / "serve.py"), f"{self.name}_peer"]

    def write(self, model, batch, folder):
        """Write the model in the peer's format, unless it is there, and return its path."""
        path = folder / f"{model.name}.batch{batch}.{self.format}"
        done = Path(f"{path}.done")
        if not done.exists():
            importlib.import_module(f"formats.{self.format}_file").write(model, batch, str(path))
            done.touch()
        return path


PEERS = [
    Peer("onnxruntime", "onnxruntime", "onnx", "C"),
    Peer("openvino", "openvino", "onnx", "C"),
    Peer("ncnn", "ncnn", "ncnn", "Python"),
    Peer("mnn", "mnn", "mnn", "Python"),
    Peer("litert", "ai-edge-litert", "tflite", "Python"),
    Peer("sklearn", "scikit-learn", "npz", "Python"),
    Peer("numpy", "numpy", "npz", "Python"),
]


def onnxruntime_driver(folder):
    package = package_folder("onnxruntime")
    libraries = sorted((package / "capi").glob("libonnxruntime.so.1*"))
    if not libraries:
        raise RuntimeError("the onnxruntime package holds no libonnxruntime.so.1")
    # The file is named by its full version, and asked for by the short name.
    short = folder / "libonnxruntime.so.1"
    short.parent.mkdir(parents=True, exist_ok=True)
    short.unlink(missing_ok=True)
    short.symlink_to(libraries[-1])
    return compiled(folder, "onnxruntime", short)


def openvino_driver(folder):
    package = package_folder("openvino")
    libraries = sorted((package / "libs").glob("libopenvino_c.so.*"))
    if not libraries:
        raise RuntimeError("the openvino package holds no libopenvino_c.so")
    return compiled(folder, "openvino", libraries[-1], "-I", package / "include")


DRIVERS = {"onnxruntime": onnxruntime_driver, "openvino": openvino_driver}


def package_folder(name):
    """Where a package lies; it is not imported."""
    return Path(importlib.util.find_spec(name).origin).parent


def ceiling_driver(folder):
    """The program that times the machine itself."""
    return compiled(folder, "ceiling", None, "-march=native", "-ffp-contract=fast", "-fopenmp")


def compiled(folder, name, library, *flags):
    folder.mkdir(parents=True, exist_ok=True)
    source, target = HERE / "c" / f"{name}.c", folder / name
    command = ["cc", "-O2", "-Wall", "-Wextra", *flags, "-o", target, source]
    if library:
        command += [library, f"-Wl,-rpath,{library.parent}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line]
        raise RuntimeError(f"cc: {said[0] if said else 'failed without a word'}")
    return target
