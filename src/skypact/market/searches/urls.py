"""Pages under ``/searches/``."""

from django.urls import path

from skypact.market.searches import views

app_name = "searches"
urlpatterns = [
    path("", views.searches, name="list"),
    path("save/", views.save, name="save"),
    path("<int:search_id>/", views.open_, name="open"),
    path("<int:search_id>/rename/", views.rename, name="rename"),
    path("<int:search_id>/remove/", views.remove, name="remove"),
]
