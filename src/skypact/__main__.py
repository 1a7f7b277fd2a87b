"""The program ``skypact``, also ``python -m skypact``."""

import sys

#: What a shell expects of a program that SIGINT ended.
_INTERRUPTED = 130


def main() -> None:
    """Runs the command line. Loading it takes a second, in which Ctrl-C ends without a traceback too."""
    try:
        from skypact.cli.main import app

        app()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
