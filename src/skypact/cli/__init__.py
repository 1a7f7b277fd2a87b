"""The command line: one module a noun, the same nouns as the market's."""
