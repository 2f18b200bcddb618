"""archspec compiles a YAML description of a neural network into facts, a Keras model or Python source."""
