"""Addresses of the shop and of its magazine."""

from django.urls import path

from config.site import account_views, views

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
    path("search/", views.search, name="search"),
    path("newsletter/", account_views.newsletter, name="newsletter"),
    path("newsletter/join/", account_views.join_newsletter, name="join_newsletter"),
    path("newsletter/leave/", account_views.leave_newsletter, name="leave_newsletter"),
    path("account/", account_views.account, name="account"),
    path("account/log-in/", account_views.log_in, name="log_in"),
    path("account/log-out/", account_views.log_out, name="log_out"),
    path("account/register/", account_views.register, name="register"),
    path("account/newsletter/", account_views.change_newsletter, name="change_newsletter"),
    path("account/password/", account_views.change_password, name="change_password"),
    path("account/close/", account_views.close, name="close_account"),
    path("cart/", views.cart, name="cart"),
    path("checkout/", views.checkout, name="checkout"),
    path("checkout/thanks/", views.thanks, name="thanks"),
]
