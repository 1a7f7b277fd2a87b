"""Pages under ``/kits/<kit>/coverage/``."""

from django.urls import path

from skypact.market.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.explore, name="explore"),
    path("changed/", views.changed, name="changed"),
    path("profile/", views.profile, name="profile"),
    path("profile.csv", views.profile_csv, name="profile-csv"),
    path("picture.png", views.picture, name="picture"),
    path("lowest.tif", views.lowest, name="lowest"),
    path("blind-areas.geojson", views.blind_areas, name="blind-areas"),
    path("positions.geojson", views.positions, name="positions"),
    path("tiles/<str:layer>/<int:zoom>/<int:x>/<int:y>.png", views.tile, name="tile"),
]
