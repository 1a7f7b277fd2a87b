"""Results of the conformance lab at the listings they are about, whose keys are believed, and "test my interface"."""
