from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "skypact.market.documents"
    label = "documents"
