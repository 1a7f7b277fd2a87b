"""What this node tells others: the ordered feed of the catalogue's changes."""
