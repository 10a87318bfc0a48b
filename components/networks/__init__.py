"""What any page asks of networks and datasets."""
