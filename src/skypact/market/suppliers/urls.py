"""Pages under ``/suppliers/``."""

from django.urls import path

from skypact.market.suppliers import views

app_name = "suppliers"
urlpatterns = [
    path("", views.own_listings, name="own"),
    path("upload/", views.new_upload, name="upload"),
    path("template.csv", views.template, name="template"),
    path("withdrawal/", views.withdrawal, name="withdrawal"),
    path("queue/", views.queue, name="queue"),
    path("submissions/", views.submissions, name="submissions"),
    path("submissions/<int:pk>/", views.submission, name="submission"),
    path("submissions/<int:pk>/act/", views.act, name="act"),
    path("submissions/<int:pk>/upload/", views.replace, name="replace"),
    path("submissions/<int:pk>/files/<int:upload_pk>/", views.file, name="file"),
]
