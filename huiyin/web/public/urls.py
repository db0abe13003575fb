"""Addresses of the pages that anybody may read."""

from django.urls import path

from huiyin.web.public import bulletins, feeds, views

app_name = "public"
urlpatterns = [
    path("public/", views.matters, name="list"),
    path("public/feed.xml", feeds.rss, name="rss"),
    path("public/feed.json", feeds.json_feed, name="json"),
    path("public/<str:number>/", views.matter, name="matter"),
    path("listed/", views.listed, name="listed"),
    path("statements/", views.statements, name="statements"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/feed.xml", bulletins.feed, name="bulletins_feed"),
    path("bulletins/<int:key>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:key>/file/<slug:kind>/", bulletins.file, name="bulletin_file"),
    path("figures/", views.figures, name="figures"),
    path("figures/figures.csv", views.figures_file, name="figures_file"),
    path("figures/figures.json", views.figures_numbers, name="figures_json"),
    path("figures/key.pem", views.figures_key, name="figures_key"),
    path("standards/", views.standards, name="standards"),
]
