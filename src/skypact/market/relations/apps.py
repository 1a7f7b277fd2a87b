from django.apps import AppConfig


class RelationsConfig(AppConfig):
    name = "skypact.market.relations"
    label = "relations"
