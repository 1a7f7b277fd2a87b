"""Pages under ``/pictures/``."""

from django.urls import path

from skypact.market.pictures import kit_views, live_views, views

app_name = "pictures"
urlpatterns = [
    path("", views.pictures, name="pictures"),
    path("sample/", views.sample, name="sample"),
    path("sample/<slug:fault>/", views.sample, name="sample-fault"),
    path("live/", live_views.sessions, name="live"),
    path("live/<uuid:key>/", live_views.session, name="session"),
    path("live/<uuid:key>/state.json", live_views.state, name="state"),
    path("live/<uuid:key>/end/", live_views.end, name="end"),
    path("kits/<slug:kit_id>/", kit_views.at_kit, name="at-kit"),
    path("kits/<slug:kit_id>/<sha256:sha256>/", kit_views.attached, name="attached"),
    path("kits/<slug:kit_id>/<sha256:sha256>/withdraw/", kit_views.withdraw, name="withdraw"),
    path("<uuid:key>/", views.picture, name="picture"),
    path("<uuid:key>/attach/", kit_views.attach, name="attach"),
    path("<uuid:key>/release/", views.release, name="release"),
    path("<uuid:key>/remove/", views.remove, name="remove"),
    path("<uuid:key>/<slug:kind>", views.file, name="file"),
]
