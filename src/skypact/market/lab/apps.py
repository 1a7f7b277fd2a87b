from django.apps import AppConfig


class LabConfig(AppConfig):
    name = "skypact.market.lab"
    label = "lab"
