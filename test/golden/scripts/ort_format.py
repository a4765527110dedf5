"""A small speech encoder in ONNX Runtime's own format; writes test/golden/tiny-encoder.ort.

One convolution (64 samples every 32), an If (twice the values, or their negatives, by the sign of the mean), two blocks h + leaky(h W).
Needs: numpy, onnx, onnxruntime.
"""
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

root = Path(__file__).resolve().parents[3]
rng = np.random.default_rng(1)


def constant(name, values):
    return numpy_helper.from_array(np.asarray(values), name)


branch = {
    name: helper.make_graph(
        [helper.make_node("Mul", ["turned", factor], [f"{name}_out"])],
        name,
        [],
        [helper.make_tensor_value_info(f"{name}_out", TensorProto.FLOAT, None)],
    )
    for name, factor in (("then", "two"), ("else", "minus"))
}
nodes = [
    helper.make_node("Unsqueeze", ["input_values", "axis"], ["channel"], name="/Unsqueeze"),
    helper.make_node("Conv", ["channel", "kernel"], ["convolved"], name="/conv/Conv", kernel_shape=[64], strides=[32]),
    helper.make_node("Transpose", ["convolved"], ["turned"], name="/Transpose", perm=[0, 2, 1]),
    helper.make_node("ReduceMean", ["turned"], ["mean"], name="/ReduceMean", keepdims=0),
    helper.make_node("Greater", ["mean", "zero"], ["above"], name="/Greater"),
    helper.make_node("If", ["above"], ["state"], name="/If", then_branch=branch["then"], else_branch=branch["else"]),
]
held = "state"
for k in range(2):
    at = f"/layers.{k}"
    out = "last_hidden_state" if k == 1 else f"{at}/Add_output_0"
    nodes += [
        helper.make_node("MatMul", [held, f"weights.{k}"], [f"{at}/MatMul_output_0"], name=f"{at}/MatMul"),
        helper.make_node("LeakyRelu", [f"{at}/MatMul_output_0"], [f"{at}/LeakyRelu_output_0"], name=f"{at}/LeakyRelu", alpha=0.25),
        helper.make_node("Add", [held, f"{at}/LeakyRelu_output_0"], [out], name=f"{at}/Add"),
    ]
    held = out
graph = helper.make_graph(
    nodes,
    "tiny",
    [helper.make_tensor_value_info("input_values", TensorProto.FLOAT, ["batch", "samples"])],
    [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "frames", 4])],
    [
        constant("axis", np.array([1], np.int64)),
        constant("kernel", rng.normal(size=(4, 1, 64)).astype(np.float32)),
        constant("two", np.array(2, np.float32)),
        constant("minus", np.array(-1, np.float32)),
        constant("zero", np.array(0, np.float32)),
    ]
    + [constant(f"weights.{k}", (rng.normal(size=(4, 4)) / 2).astype(np.float32)) for k in range(2)],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
options.add_session_config_entry("session.save_model_format", "ORT")
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "tiny.ort"
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    (root / "test/golden/tiny-encoder.ort").write_bytes(path.read_bytes())
