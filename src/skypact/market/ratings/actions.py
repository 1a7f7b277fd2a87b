"""Every write of ratings."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.ratings import selectors
from skypact.market.ratings.models import SCORES, Acceptance, Judgement, Rating, RatingVersion, ReplyVersion
from skypact.schema import InputError, Problem
from skypact.schema.base import RELEASE_PATTERN

LONGEST_TEXT = 2_000
LONGEST_REFERENCE = 100
LONGEST_ORGANISATION = 200
MOST_ACCEPTED = 1_000_000


@dataclass
class _Remarks:
    """What does not fit in what somebody sent."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def check(self, fits: bool, place: str, value: object, accepted: str) -> None:
        """Note ``accepted`` for ``place`` unless it fits."""
        if not fits:
            self.problems.append(Problem(file=self.file, place=place, value=repr(value)[:200], accepted=accepted))

    def text(self, place: str, value: str, longest: int) -> None:
        """Note a text that is too long or holds what no page can show."""
        accepted = _("at most %(most)s characters") % {"most": longest}
        self.check(len(value) <= longest, place, value, accepted)
        self.check("\0" not in value, place, value, _("a text without NUL characters"))

    def raise_(self) -> None:
        """Raises InputError where anything was noted."""
        if self.problems:
            raise InputError(tuple(self.problems))


@dataclass(kw_only=True)
class RecordAcceptance(Action[Acceptance]):
    """Notes that a unit took a delivery. Raises PermissionDenied, InputError, StateError.

    Staff do this until orders write their own acceptances.
    """

    code = "ratings.record_acceptance"

    nation: str
    organisation: str
    listing: str
    delivery: str
    accepted_on: date
    quantity: int

    def check(self) -> None:
        self.actor.require_staff("record an acceptance")
        self.organisation, self.delivery = _in_one_line(self.organisation), _in_one_line(self.delivery)
        remarks = _Remarks("acceptance")
        remarks.check(
            bool(re.fullmatch("[A-Z]{2}", self.nation)), "nation", self.nation, _("a country code such as KR")
        )
        for place, value, longest in (
            ("organisation", self.organisation, LONGEST_ORGANISATION),
            ("delivery", self.delivery, LONGEST_REFERENCE),
        ):
            remarks.check(bool(value), place, value, _("this field is required"))
            remarks.text(place, value, longest)
        remarks.check(
            1 <= self.quantity <= MOST_ACCEPTED,
            "quantity",
            self.quantity,
            _("a number from 1 to %(most)s") % {"most": MOST_ACCEPTED},
        )
        today = timezone.localdate()
        remarks.check(self.accepted_on <= today, "accepted_on", str(self.accepted_on), _("a day that is not to come"))
        remarks.check(self._is_listed(today), "listing", self.listing, _("the id of a listing of the catalogue"))
        remarks.raise_()

    def _is_listed(self, today: date) -> bool:
        try:
            catalogue.listing(self.actor, self.listing, on=today)
        except Http404:
            return False
        return True

    def _key(self) -> dict[str, str]:
        names = ("nation", "organisation", "listing", "delivery")
        return {name: getattr(self, name) for name in names}

    def perform(self) -> Acceptance:
        found, made = Acceptance.objects.get_or_create(
            **self._key(),
            defaults={
                "accepted_on": self.accepted_on,
                "quantity": self.quantity,
                "recorded_by": self.actor.label,
                "recorded_at": timezone.now(),
            },
        )
        if not made:
            raise StateError(_("this unit's acceptance of this delivery is recorded already"))
        return found

    def record(self, result: Acceptance) -> Record:
        return Record(
            object_type="ratings.acceptance",
            object_id=str(result.pk),
            data={**self._key(), "accepted_on": self.accepted_on, "quantity": self.quantity},
        )


@dataclass(kw_only=True)
class _Saying(Action[RatingVersion]):
    """An act that says something of an accepted item."""

    score: int
    pros: str = ""
    cons: str = ""
    conditions: str = ""
    release: str = "PUBLIC"

    def check_words(self) -> None:
        """Raises InputError for a score or words that cannot be taken."""
        remarks = _Remarks("rating")
        remarks.check(self.score in SCORES, "score", self.score, _("a whole number from 1 to 5"))
        for place in ("pros", "cons", "conditions"):
            setattr(self, place, getattr(self, place).strip())
            remarks.text(place, getattr(self, place), LONGEST_TEXT)
        remarks.check(bool(self.pros or self.cons), "pros", "", _("say what is good, what is bad, or both"))
        accepted = _("PUBLIC, REGISTERED, or REL with nations, as in REL KR,US")
        fits = bool(re.fullmatch(RELEASE_PATTERN, self.release)) and len(self.release) <= 200
        remarks.check(fits, "release", self.release, accepted)
        remarks.raise_()

    def write(self, rating: Rating, number: int) -> RatingVersion:
        """The version ``number`` of ``rating``."""
        return RatingVersion.objects.create(
            rating=rating,
            number=number,
            by=self.actor.label,
            at=timezone.now(),
            role=self.actor.role.value if self.actor.role else "",
            **self._words(),
        )

    def _words(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("score", "pros", "cons", "conditions", "release")}

    def record(self, result: RatingVersion) -> Record:
        acceptance = result.rating.acceptance
        wording = "\n".join((result.pros, result.cons, result.conditions))
        return Record(
            object_type="ratings.rating",
            object_id=str(result.rating_id),
            data={
                "acceptance": acceptance.pk,
                "listing": acceptance.listing,
                "version": result.number,
                "score": result.score,
                "release": result.release,
                "wording": hashlib.sha256(wording.encode()).hexdigest(),
            },
        )


@dataclass(kw_only=True)
class RateItem(_Saying):
    """A unit rates what it accepted, once for each delivery.

    Raises Http404, PermissionDenied, InputError, StateError.
    """

    code = "ratings.rate"

    acceptance: int

    def check(self) -> None:
        found = selectors.own_acceptance(self.actor, self.acceptance)
        listing = catalogue.listing(self.actor, found.listing, on=timezone.localdate()).record
        if self.actor.vendor and self.actor.vendor == listing.vendor:
            raise PermissionDenied(_("Nobody rates what he sells himself."))
        self.check_words()
        Acceptance.objects.select_for_update().get(
            pk=found.pk
        )  # of two at once, the second sees the first one's rating
        if Rating.objects.filter(acceptance=found).exists():
            raise StateError(_("your unit has rated this delivery already: edit that rating"))

    def perform(self) -> RatingVersion:
        return self.write(Rating.objects.create(acceptance_id=self.acceptance), 1)


@dataclass(kw_only=True)
class EditRating(_Saying):
    """A unit says it otherwise; what was said before stays. Raises Http404, InputError, StateError."""

    code = "ratings.edit"

    rating: int
    seen_version: int
    """the version that the editor started from"""

    def check(self) -> None:
        selectors.own_rating(self.actor, self.rating)
        self.check_words()
        Rating.objects.select_for_update().get(pk=self.rating)
        newest = RatingVersion.objects.filter(rating_id=self.rating).order_by("-number")[0]
        if newest.number != self.seen_version:
            raise StateError(_("somebody of your unit edited this rating meanwhile: open it again"))
        if all(getattr(newest, name) == value for name, value in self._words().items()):
            raise StateError(_("nothing was changed"))

    def perform(self) -> RatingVersion:
        return self.write(Rating.objects.get(pk=self.rating), self.seen_version + 1)


@dataclass(kw_only=True)
class ReplyToRating(Action[ReplyVersion]):
    """The vendor answers, or words the answer otherwise. Raises Http404, PermissionDenied, InputError, StateError."""

    code = "ratings.reply"

    rating: int
    text: str

    def check(self) -> None:
        selectors.answerable_rating(self.actor, self.rating)
        self.text = self.text.strip()
        remarks = _Remarks("reply")
        remarks.check(bool(self.text), "text", self.text, _("this field is required"))
        remarks.text("text", self.text, LONGEST_TEXT)
        remarks.raise_()
        Rating.objects.select_for_update().get(pk=self.rating)
        newest = ReplyVersion.objects.filter(rating_id=self.rating).order_by("-number").first()
        if newest is not None and newest.text == self.text:
            raise StateError(_("nothing was changed"))

    def perform(self) -> ReplyVersion:
        return ReplyVersion.objects.create(
            rating_id=self.rating,
            number=ReplyVersion.objects.filter(rating_id=self.rating).count() + 1,
            by=self.actor.label,
            at=timezone.now(),
            vendor=self.actor.vendor,
            text=self.text,
        )

    def record(self, result: ReplyVersion) -> Record:
        return Record(
            object_type="ratings.rating",
            object_id=str(result.rating_id),
            data={
                "vendor": result.vendor,
                "version": result.number,
                "wording": hashlib.sha256(result.text.encode()).hexdigest(),
            },
        )


@dataclass(kw_only=True)
class JudgeRating(Action[Judgement]):
    """One person says whether a rating was useful; saying it anew replaces it. Raises Http404, PermissionDenied."""

    code = "ratings.judge"

    rating: int
    useful: bool

    def check(self) -> None:
        if self.actor.user_id is None:
            raise PermissionDenied(_("Sign in to say whether a rating was useful."))
        if not selectors.rating(self.actor, self.rating).may_judge:
            raise PermissionDenied(_("Whoever wrote a rating or sells the item does not say whether it was useful."))
        Rating.objects.select_for_update().get(pk=self.rating)

    def perform(self) -> Judgement:
        found, _made = Judgement.objects.update_or_create(
            rating_id=self.rating, person_id=self.actor.user_id, defaults={"useful": self.useful}
        )
        return found

    def record(self, result: Judgement) -> Record:
        return Record(object_type="ratings.rating", object_id=str(result.rating_id), data={"useful": result.useful})


def judge(*, actor: Actor, rating: int, useful: bool) -> None:
    """Say whether a rating was useful; saying the same again leaves neither change nor event."""
    act = JudgeRating(actor=actor, rating=rating, useful=useful)
    if actor.user_id is None or selectors.rating(actor, rating).judged is not useful:
        act.execute()


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
