"""Pages under ``/interop/``."""

from django.urls import path

from skypact.market.interop import views

app_name = "interop"
urlpatterns = [
    path("", views.together, name="together"),
    path("with/<slug:slug>/", views.partners, name="partners"),
]
