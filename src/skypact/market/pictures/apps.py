from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "skypact.market.pictures"
    label = "pictures"
