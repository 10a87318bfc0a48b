"""/image_data: pixels, sizes, augmentation and a dataset looked through."""
