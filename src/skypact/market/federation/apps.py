from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "skypact.market.federation"
    label = "federation"
