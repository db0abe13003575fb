"""Addresses of the office's search."""

from django.urls import path

from huiyin.web.search import views

app_name = "search"
urlpatterns = [
    path("", views.results, name="results"),
]
