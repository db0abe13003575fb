"""Addresses of the office's bulletins."""

from django.urls import path

from huiyin.web.bulletins import deeds, views

app_name = "bulletins"
urlpatterns = [
    path("", views.bulletins, name="list"),
    path("new/", views.choose, name="choose"),
    path("new/<slug:code>/", views.new, name="new"),
    path("<int:key>/", views.look, name="bulletin"),
    path("<int:key>/edit/", views.edit, name="edit"),
    path("<int:key>/file/<slug:kind>/", views.file, name="file"),
    path("<int:key>/proof/", views.proof, name="proof"),
    path("<int:key>/<slug:deed>/", deeds.deed, name="deed"),
]
