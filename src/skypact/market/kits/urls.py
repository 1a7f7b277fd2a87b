"""Pages under ``/kits/``."""

from django.urls import path

from skypact.market.kits import views

app_name = "kits"
urlpatterns = [
    path("", views.kits, name="list"),
    path("protect/", views.protect, name="protect"),
    path("protect/load/", views.load, name="load"),
    path("airports/", views.airports, name="airports"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/stop/", views.stop, name="stop"),
    path("<slug:kit_id>/", views.kit, name="kit"),
    path("<slug:kit_id>/kit.json", views.as_json, name="json"),
    path("<slug:kit_id>/kit.geojson", views.as_geojson, name="geojson"),
    path("<slug:kit_id>/bill.csv", views.as_csv, name="csv"),
    path("<slug:kit_id>/pictures/<str:name>", views.picture, name="picture"),
]
