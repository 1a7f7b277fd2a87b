"""People of the market: who they are, for which nation and in which role they act."""
