"""Words for verdicts, causes, evidence and states."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from skypact.conformance.picture import Cause, PictureReport, Together
from skypact.market.pictures.proving import Evidence
from skypact.market.pictures.selectors import State

TOGETHER = {
    Together.YES: _("Seen working together"),
    Together.NO: _("A source disagrees with the others"),
    Together.CANNOT_TELL: _("Cannot tell whether they work together"),
}
TOGETHER_SHORT = {
    Together.YES: _("yes"),
    Together.NO: _("no"),
    Together.CANNOT_TELL: _("cannot tell"),
}
CAUSES = {
    Cause.AXES: _("axes swapped"),
    Cause.PLACE: _("place shifted"),
    Cause.HEIGHT: _("height shifted"),
    Cause.CLOCK: _("clock shifted"),
    Cause.UNIT: _("wrong unit"),
    Cause.IDENTITY: _("wrong identity"),
}
EVIDENCE = {
    Evidence.PROVEN_IN_KIT: _("proven in this kit"),
    Evidence.PAIR_EXCHANGED: _("seen as a pair"),
    Evidence.NOT_YET: _("not seen yet"),
}
STATES = {
    State.VALID: _("valid"),
    State.EARLIER_KIT: _("of an earlier kit"),
    State.EXPIRED: _("expired: record again"),
    State.DISTRUSTED: _("this node does not believe the key that signed it"),
    State.WITHDRAWN: _("withdrawn"),
}
#: What the engine does, by its own words.
STAGES = {
    "fusing": _("All sources together are being tracked"),
    "tracking each source": _("Each source is being tracked alone"),
    "comparing": _("The sources are being compared with each other"),
}


def reasons(report: PictureReport) -> Iterator[str]:
    """Why the verdict is what it is, in the reader's language."""
    if report.together is Together.YES:
        most = max(len(one.contributions) for one in report.tracks)
        yield ngettext(
            "{tracks} track from {sources} sources; up to {most} of them on one track, and none disagrees.",
            "{tracks} tracks from {sources} sources; up to {most} of them on one track, and none disagrees.",
            len(report.tracks),
        ).format(tracks=len(report.tracks), sources=len(report.sources), most=most)
    elif report.together is Together.NO:
        for one in report.disagreements:
            causes = gettext(" or ").join(str(CAUSES[cause]) for cause in one.causes)
            told = gettext("{source}: {causes}.") if one.alone else gettext("{source} or another one named: {causes}.")
            yield told.format(source=one.source, causes=causes)
    elif len(report.sources) < 2:
        yield gettext("One source alone: there is nobody to work together with.")
    else:
        for source in report.sources:
            if not source.observations:
                yield gettext("{source} gave no position.").format(source=source.name)
            elif not source.agrees_with:
                yield gettext("{source} saw nothing that another source saw too.").format(source=source.name)
