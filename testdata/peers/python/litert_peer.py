"""LiteRT's interpreter with its default delegate, XNNPACK; its input filled once: a call only invokes."""

from importlib.metadata import version

from ai_edge_litert.interpreter import Interpreter


def load(job):
    interpreter = Interpreter(model_path=job.model, num_threads=job.threads)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], job.x)
    output = interpreter.get_output_details()[0]["index"]
    return interpreter.invoke, lambda: interpreter.get_tensor(output), version("ai-edge-litert")
