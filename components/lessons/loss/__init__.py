"""/loss: which loss belongs to which question."""
