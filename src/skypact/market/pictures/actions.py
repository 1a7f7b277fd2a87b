"""Every write of pictures: asking for one, keeping it, letting others see it; live sessions.

The command that combines live calls::

    session = PublishLive(actor=actor, title="Range day", release="REL KR,US").execute()
    heartbeat(session.pk, picture.state(now))          # each second
    EndLive(actor=actor, session=session.pk, report=report).execute()
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel

from skypact.conformance.picture import PictureReport
from skypact.conformance.standard import Recording
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.core.holding import Held, hold
from skypact.market.kits import selectors as kits
from skypact.market.pictures import combining, live
from skypact.market.pictures.drawing import of_report
from skypact.market.pictures.models import LiveSession, Picture
from skypact.market.pictures.releasing import require_label, require_title
from skypact.market.pictures.transitions import PictureState, allowed
from skypact.market.pictures.working import Question, Result
from skypact.schema import InputError

#: Files and bytes of one picture, as the lab's check takes them.
MOST_FILES = 16
MOST_BYTES = 16 * 2**20
#: Pictures that may be in the making at once, and those of one person among them.
MOST_WORKING = 4
MOST_WORKING_EACH = 2
#: So long may a picture wait before a missing process means that none ever came.
_STARTING_TIME = timedelta(seconds=30)


@dataclass(kw_only=True)
class RequestPicture(Action[Picture]):
    """Takes recordings of several products and starts to combine them. Raises InputError, StateError."""

    code: ClassVar[str] = "pictures.request"

    title: str
    question: Question
    recordings: Sequence[Recording]

    def check(self) -> None:
        if self.actor.user_id is None and not self.actor.is_staff:
            raise PermissionDenied(f"{self.actor.label} may not send recordings; sign in first")
        require_title(self.title)
        if not 1 <= len(self.recordings) <= MOST_FILES or sum(len(one.data) for one in self.recordings) > MOST_BYTES:
            raise InputError.single(
                file="recordings",
                value=f"{len(self.recordings)}",
                accepted=_("1 to 16 recordings with 16 MiB together"),
            )
        hold(Held.PICTURES)
        working = Picture.objects.filter(state=PictureState.WORKING)
        own = working.filter(owner_id=self.actor.user_id).count()
        if own >= MOST_WORKING_EACH or working.count() >= MOST_WORKING:
            raise StateError(_("as many pictures as this machine makes at once are in the making; wait for one to end"))

    def perform(self) -> Picture:
        picture = Picture.objects.create(title=self.title.strip(), owner_id=self.actor.user_id, by=self.actor.label)
        transaction.on_commit(partial(combining.start, picture.pk, self.question, self.recordings))
        return picture

    def record(self, result: Picture) -> Record:
        return _record(result, files=len(self.recordings))


@dataclass(kw_only=True)
class _OnPicture(Action[Picture]):
    """An act on one picture, whose row is read again and held for the length of the act."""

    picture: UUID

    def held(self) -> Picture:
        """The row, held until the transaction ends. Raises StateError where it is gone."""
        found = Picture.objects.select_for_update().filter(pk=self.picture).first()
        if found is None:
            raise StateError(_("this picture is not there any more"))
        return found

    def require(self, target: PictureState) -> None:
        """Raises StateError unless the picture may go to ``target``."""
        state = self.held().state
        if not allowed(state, target):
            raise StateError(f"the picture is {state}; it cannot become {target.value}")

    def require_keeper(self, act: str) -> Picture:
        """The row. Raises PermissionDenied for others than the picture's owner and staff."""
        found = self.held()
        if not may_keep(self.actor, found):
            raise PermissionDenied(f"{self.actor.label} may not {act} a picture of somebody else")
        return found

    def record(self, result: Picture) -> Record:
        return _record(result)


def may_keep(actor: Actor, picture: Picture) -> bool:
    """Whether ``actor`` decides on ``picture``."""
    return actor.is_staff or (picture.owner_id is not None and picture.owner_id == actor.user_id)


@dataclass(kw_only=True)
class FinishPicture(_OnPicture):
    """Keeps what was made of the recordings; these go."""

    code: ClassVar[str] = "pictures.finish"

    made: Result

    def check(self) -> None:
        self.actor.require_staff("finish a picture")
        self.require(PictureState.DONE)

    def perform(self) -> Picture:
        found = self.held()
        keep(found, self.made.report, self.made.drawing.model_dump_json())
        found.save()
        transaction.on_commit(partial(combining.forget, found.pk))
        return found

    def record(self, result: Picture) -> Record:
        return _record(result, together=result.together, report=self.made.report.content_hash())


def keep(picture: Picture, report: PictureReport, drawing: str) -> None:
    """Fills the row of a finished picture; the caller saves it."""
    picture.state = PictureState.DONE
    picture.finished_at = timezone.now()
    picture.together = report.together.value
    picture.sources, picture.tracks = len(report.sources), len(report.tracks)
    picture.report, picture.drawing = report.model_dump_json(), drawing


@dataclass(kw_only=True)
class FailPicture(_OnPicture):
    """Nothing could be made of the recordings; ``reason`` says why."""

    code: ClassVar[str] = "pictures.fail"

    reason: str

    def check(self) -> None:
        self.actor.require_staff("declare a picture failed")
        self.require(PictureState.FAILED)

    def perform(self) -> Picture:
        found = self.held()
        found.state, found.failure, found.finished_at = PictureState.FAILED, self.reason, timezone.now()
        found.save()
        transaction.on_commit(partial(combining.forget, found.pk))
        return found

    def record(self, result: Picture) -> Record:
        return _record(result, reason=self.reason[:500])


@dataclass(kw_only=True)
class ReleasePicture(_OnPicture):
    """Lets others see a picture, or with an empty label nobody but its owner and staff. Raises InputError."""

    code: ClassVar[str] = "pictures.release"

    release: str

    def check(self) -> None:
        found = self.require_keeper("release")
        if found.state != PictureState.DONE:
            raise StateError(_("only a finished picture is shown to others"))
        if self.release:
            require_label(self.actor, self.release, file="picture")

    def perform(self) -> Picture:
        found = self.held()
        found.release = self.release
        found.save(update_fields=["release"])
        return found

    def record(self, result: Picture) -> Record:
        return _record(result, release=result.release)


@dataclass(kw_only=True)
class RemovePicture(_OnPicture):
    """Removes a picture with all that lies of it here. What was attached to a kit stays there."""

    code: ClassVar[str] = "pictures.remove"

    def check(self) -> None:
        self.require_keeper("remove")

    def perform(self) -> Picture:
        found = self.held()
        Picture.objects.filter(pk=found.pk).delete()
        transaction.on_commit(partial(combining.forget, found.pk))
        return found


def notice(picture: Picture) -> Picture:
    """The picture, finished or failed if its process is through: none is "being combined" when nobody works on it."""
    if picture.state != PictureState.WORKING or combining.alive(picture.pk):
        return picture
    if not combining.begun(picture.pk) and timezone.now() - picture.made_at < _STARTING_TIME:
        return picture
    actor = Actor.system("pictures")
    made = combining.result(picture.pk)
    try:
        if made is not None:
            return FinishPicture(actor=actor, picture=picture.pk, made=made).execute()
        reason = combining.failure(picture.pk) or _(
            "Combining took more time or memory than one picture may take; send shorter recordings."
        )
        return FailPicture(actor=actor, picture=picture.pk, reason=reason).execute()
    except StateError:  # somebody else noticed it between our two looks
        return Picture.objects.get(pk=picture.pk)


def _record(picture: Picture, **data: object) -> Record:
    return Record(object_type="pictures.picture", object_id=str(picture.pk), data={"state": str(picture.state), **data})


@dataclass(kw_only=True)
class PublishLive(Action[LiveSession]):
    """Opens a live session that everybody who may read ``release`` sees. Raises InputError, Http404 for the kit."""

    code: ClassVar[str] = "pictures.publish_live"

    title: str
    release: str
    kit: str = ""
    """id of the kit whose products are combined"""

    def check(self) -> None:
        self.actor.require_staff("publish a live picture")
        require_title(self.title)
        require_label(self.actor, self.release, file="live")
        if self.kit:
            kits.kit(self.actor, self.kit)

    def perform(self) -> LiveSession:
        return LiveSession.objects.create(
            title=self.title.strip(), kit=self.kit, release=self.release, by=self.actor.label
        )

    def record(self, result: LiveSession) -> Record:
        return _live_record(result, release=result.release, kit=result.kit)


def heartbeat(session: UUID, state: BaseModel | Mapping[str, object]) -> None:
    """Says what ``session`` shows this second. A passing picture and no act: it leaves no event. Raises OSError."""
    live.write(session, state)


@dataclass(kw_only=True)
class EndLive(Action[LiveSession]):
    """Ends a session. With ``report`` it becomes a picture under the same label. Raises StateError."""

    code: ClassVar[str] = "pictures.end_live"

    session: UUID
    report: PictureReport | None = None
    drawing: str = ""
    """JSON of :class:`.drawing.Drawing`; without it the map draws the tracks of the report"""

    def check(self) -> None:
        self.actor.require_staff("end a live picture")
        found = LiveSession.objects.select_for_update().filter(pk=self.session).first()
        if found is None or found.ended_at is not None:
            raise StateError(_("this live picture has ended already"))

    def perform(self) -> LiveSession:
        found = LiveSession.objects.get(pk=self.session)
        found.ended_at = timezone.now()
        if self.report is not None:
            picture = Picture(title=found.title, release=found.release, by=self.actor.label)
            keep(picture, self.report, self.drawing or of_report(self.report).model_dump_json())
            picture.save(force_insert=True)
            found.picture = picture
        found.save()
        transaction.on_commit(partial(live.forget, found.pk))
        return found

    def record(self, result: LiveSession) -> Record:
        return _live_record(result, picture=str(result.picture_id or ""))


def _live_record(session: LiveSession, **data: object) -> Record:
    return Record(object_type="pictures.live", object_id=str(session.pk), data=data)
