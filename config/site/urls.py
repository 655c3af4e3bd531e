"""Addresses of the shop and of its magazine."""

from django.urls import path

from config.site import views

app_name = "site"
urlpatterns = [
    path("", views.home, name="home"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("shop/<slug:category>/", views.category, name="category"),
    path("shop/<slug:category>/<slug:product>/", views.product, name="product"),
    path("shop/<slug:category>/<slug:product>/add/", views.add_to_cart, name="add_to_cart"),
    path("magazine/", views.magazine, name="magazine"),
    path("magazine/topics/<slug:topic>/", views.topic, name="topic"),
    path("magazine/<slug:article>/", views.article, name="article"),
    path("about/", views.about, name="about"),
    path("cart/", views.cart, name="cart"),
    path("checkout/", views.checkout, name="checkout"),
    path("checkout/thanks/", views.thanks, name="thanks"),
]
