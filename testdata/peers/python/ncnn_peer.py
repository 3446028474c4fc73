"""ncnn. An extractor serves one input, so each call makes one; blobs are given by index."""

import ncnn
import numpy as np

INPUT = 0


def load(job):
    net = ncnn.Net()
    net.opt.num_threads = job.threads
    net.opt.use_vulkan_compute = False
    # Float32 throughout, like everyone here.
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    if net.load_param(job.model + ".param") or net.load_model(job.model + ".bin"):
        raise RuntimeError(f"ncnn: {job.model}: cannot be loaded")
    x = ncnn.Mat(job.x[0] if len(job.x) == 1 else job.x)
    output = net.output_indexes()[0]

    def call():
        extractor = net.create_extractor()
        extractor.input(INPUT, x)
        return extractor.extract(output)

    def result():
        code, y = call()
        if code:
            raise RuntimeError(f"ncnn: running failed with code {code}")
        return np.array(y)

    return call, result, ncnn.__version__
