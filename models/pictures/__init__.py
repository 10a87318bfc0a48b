"""Photos, drawings and resizing, without TensorFlow."""
