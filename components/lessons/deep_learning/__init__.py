"""/deep-learning: a neuron, a digit to draw, and what more photos are worth."""
