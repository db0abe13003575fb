"""Addresses of the units."""

from django.urls import path

from huiyin.web.unit import promises, views

app_name = "unit"
urlpatterns = [
    path("", views.orders, name="orders"),
    path("promises/", promises.due, name="promises"),
]
