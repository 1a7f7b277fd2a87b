"""Pages under ``/pictures/live/``: pictures that are being made now."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.pictures import live, selectors, sentences
from skypact.market.pictures.actions import EndLive
from skypact.market.pictures.presentation import COLOURS


@require_safe
@cache_control(private=True, no_store=True)
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions that go on, when each was heard last, and the latest that ended."""
    going, ended = selectors.sessions(Actor.of_request(request))
    return render(request, "pictures/live_list.html", {"going": going, "ended": ended})


@require_safe
@cache_control(private=True, no_store=True)
def session(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tracks that move, and how the sources do. One that ended leads to its picture."""
    actor = Actor.of_request(request)
    found = selectors.session(actor, key)
    if found.picture_id is not None:
        return redirect("pictures:picture", found.picture_id)
    context = {
        "session": found,
        "heard_s": selectors.heard_s(found),
        "stale_s": live.STALE_S,
        "colours": COLOURS,
        "may_end": actor.is_staff and found.ended_at is None,
    }
    return render(request, "pictures/live.html", context)


@require_safe
def state(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a session shows this second. The header ``Skypact-Age`` tells its age, also of an answer 304."""
    found = selectors.session(Actor.of_request(request), key)
    heard = selectors.heard(found)
    if heard is None:
        status = 410 if found.ended_at is not None else 204
        response = HttpResponse(status=status)
    else:
        language = get_language() or settings.LANGUAGE_CODE
        tag = f'{heard.tag[:-1]}-{language}"'
        document = heard.document if language.startswith("en") else sentences.live_state(heard.document)
        made = HttpResponse(document, content_type="application/json")
        response = get_conditional_response(request, etag=tag, response=made)
        response.headers["ETag"] = tag
        response.headers["Skypact-Age"] = f"{heard.age_s:.1f}"
    response.headers["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


@login_required
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a session whose command does not come back."""
    actor = Actor.of_request(request)
    selectors.session(actor, key)
    try:
        EndLive(actor=actor, session=key).execute()
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The live picture was ended."))
    return redirect("pictures:live")
