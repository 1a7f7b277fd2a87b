"""``python -m skypact``."""

from skypact.cli.main import app

if __name__ == "__main__":
    app()
