"""/convolution: a kernel slides over the photo."""
