from django.apps import AppConfig


class BatteriesConfig(AppConfig):
    name = "skypact.market.batteries"
    label = "batteries"
