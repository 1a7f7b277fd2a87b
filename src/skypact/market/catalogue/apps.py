from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "skypact.market.catalogue"
    label = "catalogue"
