"""Pages under ``/ratings/``."""

from django.urls import path

from skypact.market.ratings import views

app_name = "ratings"
urlpatterns = [
    path("acceptances/", views.acceptances, name="acceptances"),
    path("acceptances/<int:acceptance>/rate/", views.rate, name="rate"),
    path("<int:rating>/edit/", views.edit, name="edit"),
    path("<int:rating>/reply/", views.reply, name="reply"),
    path("<int:rating>/useful/", views.useful, name="useful"),
    path("<int:rating>/history/", views.history, name="history"),
]
