from django.apps import AppConfig


class RatingsConfig(AppConfig):
    name = "skypact.market.ratings"
    label = "ratings"
