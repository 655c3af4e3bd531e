"""The pages of an account, and the letter that needs none."""

from typing import Any, cast

from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.site import accounts
from config.site.cart import show_count
from config.site.doors import from_this_site, next_page, not_too_often
from config.site.forms import ClosingForm, LogInForm, NewsletterForm, RegistrationForm
from config.site.models import Order, Subscriber
from personalization.shortcuts import track

MOST_TRIES = 10  # a minute, from one address


def _go_to(url: str) -> HttpResponse:
    response: HttpResponse = redirect(url)
    response.status_code = 303
    return response


def _form_page(request: HttpRequest, template: str, form: Any, **shown: object) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, **shown}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@not_too_often("register", MOST_TRIES)
def register(request: HttpRequest) -> HttpResponse:
    """Open an account and log in."""
    if request.user.is_authenticated:
        return redirect("site:account")
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            user = accounts.open_account(form.cleaned_data["email"], form.cleaned_data["password"])
            if user is not None:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
                track(request, "sign_up", method="email")
        if user is not None:
            return _go_to(next_page(request) or reverse("site:account"))
        form.add_error(
            None, gettext("With this address we cannot open an account. If you have one already, log in instead.")
        )
    return _form_page(request, "site/account/register.html", form, next=next_page(request))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@not_too_often("log-in", MOST_TRIES)
def log_in(request: HttpRequest) -> HttpResponse:
    """Log in, and go on to the page that asked for it."""
    if request.user.is_authenticated:
        return redirect("site:account")
    form = LogInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        login(request, form.get_user())
        track(request, "login", method="email")
        response = _go_to(next_page(request) or reverse("site:account"))
        show_count(request, response)
        return response
    return _form_page(request, "site/account/log_in.html", form, next=next_page(request))


@require_POST
@never_cache
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = _go_to(reverse("site:home"))
    show_count(request, response)
    return response


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What the shop knows about somebody with an account."""
    user = cast(User, request.user)
    shown = {
        "orders": Order.objects.filter(customer=user).prefetch_related("lines"),
        "gets_the_letter": accounts.gets_the_letter(user.email),
        "done": request.GET.get("done", ""),
    }
    return render(request, "site/account/account.html", shown)


@require_POST
@never_cache
@login_required
def change_newsletter(request: HttpRequest) -> HttpResponse:
    """Begin or end the letter to the account's address."""
    email = cast(User, request.user).email.lower()
    if "leave" in request.POST:
        accounts.leave(email)
    elif accounts.join(email, language=get_language() or "en", now=timezone.now()):
        track(request, "generate_lead", lead_source="newsletter")
    return _go_to(f"{reverse('site:account')}?done=letter")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
@login_required
@not_too_often("password", MOST_TRIES)
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; other devices are logged out, this one stays."""
    user = cast(User, request.user)
    form = PasswordChangeForm(user, request.POST if request.method == "POST" else None, label_suffix="")
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        return _go_to(f"{reverse('site:account')}?done=password")
    return _form_page(request, "site/account/password.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
@login_required
@not_too_often("close", MOST_TRIES)
def close(request: HttpRequest) -> HttpResponse:
    """Delete the account. Those who work behind the counter are not let go by a button."""
    user = cast(User, request.user)
    if user.is_staff:
        return render(request, "site/account/close.html", {"form": None}, status=403)
    form = ClosingForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        accounts.close_account(user)
        logout(request)
        response = render(request, "site/account/closed.html")
        show_count(request, response)
        return response
    return _form_page(request, "site/account/close.html", form)


@require_safe
def newsletter(request: HttpRequest) -> HttpResponse:
    """The letter: what it is and how to get it. The same page for everybody."""
    form = NewsletterForm(label_suffix="", auto_id="letter_%s")
    return render(request, "site/newsletter.html", {"form": form, "done": request.GET.get("done", "")})


@require_POST
@from_this_site
@never_cache
@not_too_often("newsletter", MOST_TRIES)
def join_newsletter(request: HttpRequest) -> HttpResponse:
    """Begin the letter; the answer does not tell whether an address was on the list before."""
    form = NewsletterForm(request.POST, label_suffix="", auto_id="letter_%s")
    if not form.is_valid():
        return _form_page(request, "site/newsletter.html", form, canonical=reverse("site:newsletter"))
    with transaction.atomic():
        if accounts.join(form.cleaned_data["email"], language=get_language() or "en", now=timezone.now()):
            track(request, "generate_lead", lead_source="newsletter")
    return _go_to(f"{reverse('site:newsletter')}?done=joined")


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # the signature is what counts: mail programs send this form for their readers (RFC 8058)
@never_cache
@not_too_often("newsletter", MOST_TRIES)
def leave_newsletter(request: HttpRequest) -> HttpResponse:
    """End the letter by the link that each letter holds; looking at the page, as mail programs do, ends nothing."""
    subscriber = accounts.subscriber_of(request.GET.get("who", ""))
    if subscriber is None:
        raise Http404
    if request.method == "POST":
        Subscriber.objects.filter(pk=subscriber).delete()
        return _go_to(f"{reverse('site:newsletter')}?done=left")
    return render(request, "site/newsletter_leave.html")
