"""Addresses of the units."""

from django.urls import path

from huiyin.web.unit import views

app_name = "unit"
urlpatterns = [path("", views.orders, name="orders")]
