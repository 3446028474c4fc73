"""What a case is made of: files, the interpreter's answers, and changes that no converter makes."""

import hashlib
import io
import tempfile
import zipfile
from pathlib import Path

import flatbuffers
import numpy as np
import tensorflow as tf
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from tensorflow.lite.python import schema_py_generated as schema

HERE = Path(__file__).resolve().parent


class Case:
    """One folder. Its generator is seeded by its name."""

    def __init__(self, name, *shows, refused="", tolerance=0.0):
        self.name, self.shows, self.refused, self.tolerance = name, shows, refused, tolerance
        self.rng = np.random.default_rng(int(hashlib.sha256(name.encode()).hexdigest()[:8], 16))

    def rows(self, *shape, count=12):
        return self.rng.normal(size=(count, *shape)).astype("float32")

    def scratch(self):
        return tempfile.mkdtemp()

    def write(self, model, x=None, **expected):
        folder = HERE / self.name
        folder.mkdir(exist_ok=True)
        (folder / "model.tflite").write_bytes(model)
        lines = ["file: model.tflite", f"made by: tensorflow {tf.__version__}"]
        lines += [f"shows: {item}" for item in self.shows]
        if self.refused:
            lines.append(f"refused: {self.refused}")
        else:
            lines += [f"{key}: {value}" for key, value in expected.items()]
            x, y = decided(*answers(model, x), self.tolerance)
            np.save(folder / "x.npy", x)
            np.save(folder / "y.npy", y)
        if self.tolerance:
            lines.append(f"tolerance: {self.tolerance}")
        (folder / "case.txt").write_text("\n".join(lines) + "\n")


def answers(model, x):
    """What the interpreter says to each row, and the rows as its quantised input holds them."""
    interpreter = tf.lite.Interpreter(model_content=model, num_threads=1)
    interpreter.allocate_tensors()
    (source,), (target,) = interpreter.get_input_details(), interpreter.get_output_details()
    batch = source["shape"][0] if len(source["shape"]) > 1 else 1
    seen, out = [], []
    for start in range(0, len(x), batch):
        q = x[start : start + batch].astype("float32").reshape(source["shape"])
        scale, zero = source["quantization"]
        if scale:
            limits = np.iinfo(source["dtype"])
            q = np.clip(np.round(q / scale) + zero, limits.min, limits.max)
        q = q.astype(source["dtype"])
        interpreter.set_tensor(source["index"], q)
        interpreter.invoke()
        y = interpreter.get_tensor(target["index"]).astype("float32").reshape(batch, -1)
        if target["quantization"][0]:
            y = (y - np.float32(target["quantization"][1])) * np.float32(target["quantization"][0])
        q = q.astype("float32")
        seen.append(((q - np.float32(zero)) * np.float32(scale) if scale else q).reshape(batch, -1))
        out.append(y)
    return np.concatenate(seen).astype("float32"), np.concatenate(out)


def decided(x, y, tolerance):
    """Without the rows whose class the tolerance of a quantised model leaves open."""
    if not tolerance or y.shape[1] == 1:
        return x, y
    best = np.sort(y, axis=1)
    keep = best[:, -1] - best[:, -2] > 2 * tolerance * np.abs(y).max()
    assert keep.sum() >= 8, keep.sum()
    return x[keep], y[keep]


def edit(model, change):
    """A model after a change to its tables, for what no converter of today writes."""
    m = schema.ModelT.InitFromPackedBuf(model, 0)
    change(m)
    return pack(m)


def rename(old, new):
    """Another operator in place of one with the same operands and options."""
    codes = vars(schema.BuiltinOperator)

    def change(m):
        for code in m.operatorCodes:
            if code.builtinCode == codes[old]:
                code.builtinCode, code.deprecatedBuiltinCode = codes[new], min(codes[new], 127)
        kind = new.capitalize() + "Options"
        for operator in m.subgraphs[0].operators:
            if hasattr(schema, kind) and type(operator.builtinOptions).__name__ == old.capitalize() + "OptionsT":
                options = getattr(schema, kind + "T")()
                options.fusedActivationFunction = operator.builtinOptions.fusedActivationFunction
                operator.builtinOptions, operator.builtinOptionsType = options, getattr(schema.BuiltinOptions, kind)

    return change


def set_beta(beta):
    def change(m):
        for operator in m.subgraphs[0].operators:
            if isinstance(operator.builtinOptions, schema.SoftmaxOptionsT):
                operator.builtinOptions.beta = beta

    return change


def old_codes(m):
    for code in m.operatorCodes:
        code.builtinCode = 0


def pack(m):
    builder = flatbuffers.Builder(1024)
    builder.Finish(m.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def with_labels(model, labels, metadata=None):
    """A model with labels packed behind it, as the convention of TFLite Metadata has it."""
    if metadata:
        model = with_metadata(model, metadata)
    out = io.BytesIO(model)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(zipfile.ZipInfo("labels.txt", (2024, 1, 1, 0, 0, 0)), labels)
    return out.getvalue()


def with_metadata(model, labels):
    s = metadata_schema
    file = s.AssociatedFileT()
    file.name, file.type = labels, s.AssociatedFileType.TENSOR_AXIS_LABELS
    unit, options = s.ProcessUnitT(), s.NormalizationOptionsT()
    options.mean, options.std = [127.5], [127.5]
    unit.optionsType, unit.options = s.ProcessUnitOptions.NormalizationOptions, options
    source, target, graph, about = s.TensorMetadataT(), s.TensorMetadataT(), s.SubGraphMetadataT(), s.ModelMetadataT()
    source.processUnits, target.associatedFiles = [unit], [file]
    graph.inputTensorMetadata, graph.outputTensorMetadata = [source], [target]
    about.name, about.description, about.subgraphMetadata = "animals", "Tells animals apart.", [graph]
    builder = flatbuffers.Builder(256)
    builder.Finish(about.Pack(builder), b"M001")

    m = schema.ModelT.InitFromPackedBuf(model, 0)
    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = np.frombuffer(bytes(builder.Output()), np.uint8)
    entry.name, entry.buffer = "TFLITE_METADATA", len(m.buffers)
    m.buffers.append(buffer)
    m.metadata.append(entry)
    return pack(m)
