"""Addresses of the files that somebody has asked for."""

from django.urls import path

from huiyin.web.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("ended/", views.ended, name="ended"),
    path("new/<slug:which>/", views.new, name="new"),
    path("<int:key>/", views.fetch, name="file"),
]
