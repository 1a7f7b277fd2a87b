"""How listings stand to one another, kept so that it can be read from the other end."""
