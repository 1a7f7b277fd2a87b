"""How many recordings are checked at once, so that strangers cannot take all of a site's processors."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BufferedWriter
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from skypact.market.core.access import Actor

#: Checks that run at once on a site, whatever its processes: of those who have not signed in, and of the others.
STRANGERS, KNOWN = 1, 3


class BusyError(Exception):
    """Every place is taken; nothing was tested."""


@contextmanager
def place(actor: Actor) -> Iterator[None]:
    """Holds a place for one check. Raises BusyError at once: who waited would hold a thread of the server meanwhile."""
    folder = Path(settings.HOME) / "lab"
    folder.mkdir(mode=0o700, exist_ok=True)
    kind, number = ("stranger", STRANGERS) if actor.is_anonymous else ("known", KNOWN)
    with ExitStack() as held:
        for one in range(number):
            if _taken(held.enter_context((folder / f"{kind}-{one}.lock").open("ab"))):
                break
        else:
            raise BusyError(_("other recordings are being tested at this moment; send yours again in half a minute"))
        yield


def _taken(file: BufferedWriter) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
