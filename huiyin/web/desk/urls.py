"""Addresses of the desk."""

from django.urls import path

from huiyin.web.desk import entry, views

app_name = "desk"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("find/", views.find, name="find"),
    path("brought/", views.brought, name="brought"),
    path("entry/", entry.entry, name="entry"),
    path("entry/<str:number>/", entry.receipt, name="receipt"),
]
