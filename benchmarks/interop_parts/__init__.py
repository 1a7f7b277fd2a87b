"""The parts of the benchmark of interoperability, one a file."""
