"""Write one case: the model, inputs, and what the framework or onnxruntime answers."""

import shutil
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent


def answers(path, x, output, names=None):
    """The answers of onnxruntime to rows, given one by one where the model fixes a batch of one."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Optimizations may change results: weights of int8 are multiplied by rounded inputs.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    types = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16,
             "tensor(uint8)": np.uint8, "tensor(int64)": np.int64}
    inputs = session.get_inputs()
    width = len(x) and x.shape[-1] if x.ndim == 2 else None
    if len(inputs) > 1:
        assert width == len(inputs)

    def run(rows):
        if len(inputs) > 1:
            feed = {p.name: rows[:, [i]].astype(types[p.type]) for i, p in enumerate(inputs)}
        else:
            feed = {inputs[0].name: rows.astype(types[inputs[0].type])}
        y = session.run([output or session.get_outputs()[-1].name], feed)[0]
        if isinstance(y, list):  # a ZipMap's dictionaries
            y = np.array([[row[k] for k in row] for row in y])
        return y

    if inputs[0].shape and inputs[0].shape[0] == 1:
        return np.concatenate([np.reshape(run(row[None]), (1, -1)) for row in x])
    return run(x)


def write(name, model, x, shows, made_by, *, files=None, y=None, output=None, column=None, tolerance=None, refused=None, **keys):
    """Write a case. The model is a ModelProto or bytes; y are the framework's own answers, if it gives any.

    column keeps one column of the answers, where the file computes two for one decision.
    """
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "model.onnx"
    path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    for file, content in (files or {}).items():
        (folder / file).write_bytes(content)
    lines = ["file: model.onnx", f"made by: {made_by}"]
    lines += [f"shows: {item}" for item in shows]
    lines += [f"{key}: {value}" for key, value in keys.items() if value]
    if refused:
        lines.append(f"refused: {refused}")
    else:
        y = np.asarray(answers(path, x, output) if y is None else y)
        if y.dtype == np.float16:
            y = y.astype(np.float32)
        y = y.reshape(len(x), -1)
        if column is not None:
            y = y[:, [column]]
        np.save(folder / "x.npy", x)
        np.save(folder / "y.npy", y)
        if tolerance:
            lines.append(f"tolerance: {tolerance:g}")
    (folder / "case.txt").write_text("\n".join(lines) + "\n")
