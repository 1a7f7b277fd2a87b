from django.apps import AppConfig


class SearchesConfig(AppConfig):
    name = "skypact.market.searches"
    label = "searches"
