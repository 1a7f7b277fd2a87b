"""Live sessions: published, heard, told to be old, ended."""

from __future__ import annotations

import os
import re
import time
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from tests.market.catalogue.samples import STAFF
from tests.market.pictures.conftest import client_of, made, stored_kit

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.pictures import live
from skypact.market.pictures.actions import EndLive, PublishLive, heartbeat
from skypact.market.pictures.models import LiveSession, Picture
from skypact.schema import InputError

pytestmark = pytest.mark.django_db


def publish(**changes: str) -> LiveSession:
    return PublishLive(actor=STAFF, **{"title": "Range day", "release": "REL KR", **changes}).execute()


def aged(session: LiveSession, seconds: float) -> None:
    """Makes the last state so old; one of the future is new, however slow the machine."""
    os.utime(live._path(session.pk), (time.time() - seconds, time.time() - seconds))


def test_who_may_read_the_label_sees_it_and_nobody_else(client: Client) -> None:
    session = publish()
    heartbeat(session.pk, {"tracks": []})
    aged(session, -600)
    korean = client_of("korean", nation="KR")
    for path in (f"/pictures/live/{session.pk}/", f"/pictures/live/{session.pk}/state.json"):
        assert client.get(path).status_code == 404
        assert korean.get(path).status_code == 200
    assert "Range day" not in client.get("/pictures/live/").content.decode()
    assert "Range day" in korean.get("/pictures/live/").content.decode()
    assert client.get("/api/v1/pictures/live").json() == []
    assert [one["stale"] for one in korean.get("/api/v1/pictures/live").json()] == [False]
    assert client.get(f"/api/v1/pictures/live/{session.pk}/state").status_code == 404


def test_a_state_has_a_tag_and_an_age(client: Client) -> None:
    session = publish(release="PUBLIC")
    address = f"/pictures/live/{session.pk}/state.json"
    assert client.get(address).status_code == 204
    heartbeat(session.pk, {"tracks": [], "now_s": 1.0})
    aged(session, -600)
    first = client.get(address)
    assert (first.json(), first.headers["Skypact-Age"]) == ({"tracks": [], "now_s": 1.0}, "0.0")
    same = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert "Skypact-Age" in same.headers
    heartbeat(session.pk, {"tracks": [], "now_s": 2.0})
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_old_data_is_told_to_be_old(client: Client) -> None:
    session = publish(release="PUBLIC")
    heartbeat(session.pk, {})
    aged(session, 95)
    assert re.search(r"\d{2,3} s ago", client.get("/pictures/live/").content.decode())
    found = live.read(session.pk)
    assert found is not None
    assert found.stale
    assert client.get("/api/v1/pictures/live").json()[0]["stale"] is True


def test_a_heartbeat_leaves_no_event_and_no_half_file() -> None:
    session = publish()
    for second in range(3):
        heartbeat(session.pk, {"now_s": second})
    assert Event.objects.filter(object_type="pictures.live").count() == 1
    assert [path.name for path in live._folder().iterdir()] == [f"{session.pk}.json"]
    with pytest.raises(ValueError, match="JSON compliant"):
        heartbeat(session.pk, {"now_s": float("nan")})
    assert live.read(session.pk).document == b'{"now_s":2}'


def test_an_ended_session_becomes_a_picture(client: Client, django_capture_on_commit_callbacks: object) -> None:
    session = publish(release="PUBLIC")
    heartbeat(session.pk, {})
    with django_capture_on_commit_callbacks(execute=True):
        EndLive(actor=STAFF, session=session.pk, report=made().report).execute()
    picture = Picture.objects.get()
    assert (picture.title, picture.release, picture.together) == ("Range day", "PUBLIC", "yes")
    address = f"/pictures/live/{session.pk}/"
    assert client.get(address).headers["Location"] == f"/pictures/{picture.pk}/"
    assert client.get(f"{address}state.json").status_code == 410
    assert "Seen working together" in client.get(f"/pictures/{picture.pk}/").content.decode()
    with pytest.raises(StateError):
        EndLive(actor=STAFF, session=session.pk).execute()


def test_staff_end_one_that_does_not_come_back(client: Client) -> None:
    session = publish(release="PUBLIC")
    user = client_of("lee", nation="KR")
    assert user.post(f"/pictures/live/{session.pk}/end/").status_code == 403
    assert LiveSession.objects.get().ended_at is None
    boss = client_of("boss", is_staff=True)
    boss.post(f"/pictures/live/{session.pk}/end/")
    assert LiveSession.objects.get().ended_at is not None
    assert "nothing of it was kept" in client.get(f"/pictures/live/{session.pk}/").content.decode()


def test_a_command_that_goes_on_shows_nothing_of_a_session_that_staff_ended(client: Client) -> None:
    session = publish(release="PUBLIC")
    EndLive(actor=STAFF, session=session.pk).execute()
    heartbeat(session.pk, {"tracks": []})
    assert client.get(f"/pictures/live/{session.pk}/state.json").status_code == 410
    assert client.get(f"/api/v1/pictures/live/{session.pk}/state").status_code == 204
    assert client.get(f"/api/v1/pictures/live/{session.pk}").json()["heard_s"] is None


def test_what_cannot_be_published_is_refused() -> None:
    user = Actor(label="user:1 kim", user_id=1, nation="KR")
    with pytest.raises(PermissionDenied):
        PublishLive(actor=user, title="x", release="PUBLIC").execute()
    for changes in ({"release": "secret"}, {"title": " "}):
        with pytest.raises(InputError):
            publish(**changes)
    assert not LiveSession.objects.exists()
    stored_kit()
    assert publish(kit="harbour-kit").kit == "harbour-kit"


def test_a_session_that_never_was(client: Client) -> None:
    assert client.get(f"/pictures/live/{uuid4()}/").status_code == 404
    assert client.get("/pictures/live/").status_code == 200
    assert "Nothing is live" in client.get("/pictures/live/").content.decode()
