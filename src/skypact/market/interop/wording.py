"""Words of the pages on working together, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from skypact.engines.interop.together import Aspect, Kind
from skypact.schema import Answer

ASPECTS = {
    Aspect.DATA: _("Data"),
    Aspect.CAPACITY: _("Capacity"),
    Aspect.POWER: _("Power supply"),
    Aspect.AIR: _("Radio frequencies"),
    Aspect.LICENCE: _("Licence to transmit"),
    Aspect.TIME: _("Time"),
    Aspect.POSITION: _("Position"),
    Aspect.MOUNT: _("Mounting"),
    Aspect.MASS: _("Mass"),
    Aspect.SUPPORT: _("Spares and substitutes"),
}

#: What one could give up.
STIPULATIONS = {
    Kind.PART: _("%(name)s is part of the set"),
    Kind.CONNECTED: _("every sensor reaches a command and control product"),
    Kind.COMMON: _("all sensors reach the same one"),
    Kind.HUB: _("no other command and control product is bought"),
    Kind.POWERED: _("everything is powered"),
    Kind.CLEAR: _("nothing disturbs anything on the air"),
    Kind.KINDS: _("the kinds of sensor asked for"),
}

CERTAINTIES = {
    None: _("all"),
    Answer.YES: _("sure"),
    Answer.UNKNOWN: _("a detail is open"),
}

FAMILIES = {
    "sensor": _("Sensors"),
    "c2": _("Command and control"),
    "gateway": _("Gateways"),
    "adapter": _("Adapters"),
}

ACCEPTED = {
    0: _("only what is sure"),
    1: _("also where one detail is open"),
    2: _("also what is unknown"),
}
