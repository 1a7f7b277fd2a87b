"""Gives the built package the dependencies that runtime.in names, so that they are written once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Dependencies(MetadataHookInterface):
    """Reads `requirements/runtime.in`: one requirement a line, `#` starts a comment."""

    def update(self, metadata: dict[str, object]) -> None:
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [text for line in lines if (text := line.partition("#")[0].strip())]
