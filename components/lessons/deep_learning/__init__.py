"""/deep_learning: a neuron, a digit that is drawn, and what more photos bring."""
