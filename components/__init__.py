"""What pages are made of: draws, knows no page and no TensorFlow."""
