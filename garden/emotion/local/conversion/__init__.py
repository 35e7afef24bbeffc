"""TensorFlow.js face networks turned into ONNX, once, at setup. The only place that needs the `onnx` package."""
