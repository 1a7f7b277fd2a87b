"""Requirements and the kits composed for them."""
