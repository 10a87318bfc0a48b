"""/callbacks: the hooks of a training, early stopping, TensorBoard."""
