"""A training run's folder, without TensorFlow."""
