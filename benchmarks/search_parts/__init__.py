"""What the search benchmark is made of; each measured part runs in a process of its own, so that memory is its own."""
