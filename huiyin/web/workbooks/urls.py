"""Addresses of workbooks and their templates."""

from django.urls import path

from huiyin.web.workbooks import templates, views

app_name = "workbooks"
urlpatterns = [
    path("", views.choose, name="choose"),
    path("how/", views.how, name="how"),
    path("example/", views.example, name="example"),
    path("templates/", templates.listing, name="templates"),
    path("templates/new/", templates.new, name="new"),
    path("templates/<int:key>/", templates.one, name="template"),
    path("templates/<int:key>/file/", templates.file, name="template_file"),
    path("templates/<int:key>/<slug:act>/", templates.act, name="template_act"),
]
