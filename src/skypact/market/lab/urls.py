"""Pages under ``/lab/``."""

from django.urls import path

from skypact.market.lab import views

app_name = "lab"
urlpatterns = [
    path("", views.lab, name="lab"),
    path("due/", views.due, name="due"),
    path("tested/", views.tested_products, name="tested"),
    path("keys/", views.keys, name="keys"),
    path("samples/<str:standard>/<str:name>", views.sample, name="sample"),
    path("badges/<slug:slug>/<str:standard>.svg", views.badge_svg, name="badge-svg"),
    path("badges/<slug:slug>/<str:standard>.json", views.badge_json, name="badge-json"),
    path("results/<slug:slug>/", views.results, name="results"),
    path("results/<slug:slug>/attach/", views.attach, name="attach"),
    path("results/<slug:slug>/firmware/", views.firmware, name="firmware"),
    path("results/<slug:slug>/<sha256:sha256>/", views.result, name="result"),
    path("results/<slug:slug>/<sha256:sha256>/withdraw/", views.withdraw, name="withdraw"),
]
