"""/: the cover, and a card for each lesson."""
