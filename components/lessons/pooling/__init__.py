"""/pooling: max, average and global average pooling."""
