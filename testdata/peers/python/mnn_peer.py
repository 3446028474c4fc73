"""MNN's session, its input filled once: a call only runs it."""

import MNN
import numpy as np


def load(job):
    net = MNN.Interpreter(job.model)
    session = net.createSession({"backend": "CPU", "precision": "high", "numThread": job.threads})
    source = MNN.Tensor(job.x.shape, MNN.Halide_Type_Float, job.x, MNN.Tensor_DimensionType_Caffe)
    net.getSessionInput(session).copyFrom(source)

    def call():
        net.runSession(session)

    def result():
        shape = (len(job.x), job.outputs)
        target = MNN.Tensor(shape, MNN.Halide_Type_Float, np.zeros(shape, np.float32), MNN.Tensor_DimensionType_Caffe)
        net.getSessionOutput(session).copyToHostTensor(target)
        return np.array(target.getData(), np.float32).reshape(shape)

    return call, result, MNN.version()
