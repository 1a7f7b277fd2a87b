"""What was said in ratings and replies stays: the database refuses to change or remove it."""

from django.db import migrations

from skypact.market.core.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]
    operations = [
        append_only("ratings_ratingversion", refusal="the history of ratings is append-only"),
        append_only("ratings_replyversion", refusal="the history of replies is append-only"),
    ]
