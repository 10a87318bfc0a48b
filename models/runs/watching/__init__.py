"""What pages read from a run while it is trained and afterwards."""
