"""One folder a standard: decode real recordings and report what conforms."""
