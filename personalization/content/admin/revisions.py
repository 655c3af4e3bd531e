"""Histories in the admin: each save is kept, compared and brought back; drafts wait for who publishes."""

from copy import copy
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from personalization.content.conf import conf
from personalization.content.models import Block, Campaign
from personalization.content.published import published as published_blocks
from personalization.content.revising import revisions
from personalization.content.revising.comparing import changes
from personalization.content.revising.kept import Content, FileGone, Thing, first_of, kept_of, snapshot, stage
from personalization.content.revising.publishing import may_publish, waits
from personalization.content.revising.revisions import BEGINS, Revision
from personalization.profiles.head import configuration_version
from personalization.segments.published import published as published_rules
from personalization.segments.updating import applying_rules

if TYPE_CHECKING:
    KeptModelAdmin = admin.ModelAdmin[Any]
    KeptModelForm = forms.ModelForm[Any]
else:  # Django's classes take no parameters when they run
    KeptModelAdmin = admin.ModelAdmin
    KeptModelForm = forms.ModelForm

DRAFT: Final = "draft"
"""In a page's address: it shows the draft. With an underscore before it: the button that saves one."""
SHOWN: Final = 20
"""So many revisions stand on the page of the history."""
_SAVED: Final = "_attune_saved"
_HELD: Final = "_attune_held"
_NOTES: Final = "_attune_notes"


class HistoryForm(KeptModelForm):
    """A thing's own fields, and what was the last revision when the page was opened."""

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["base"] = revisions.last_number(self.instance)

    def clean(self) -> dict[str, Any] | None:
        """Tell the second of two editors: what they typed stays on the page, and saving again overwrites."""
        cleaned = super().clean()
        base = self.cleaned_data.get("base")
        last = revisions.last_number(self.instance) if self.instance.pk else 0
        if base is not None and self.instance.pk and base != last:
            typed: Any = copy(self.data)  # what was posted may not be changed
            typed[self.add_prefix("base")] = str(last)
            self.data = typed
            other = revisions.revisions_of(self.instance).filter(number=last).first()
            text = _(
                "%(who)s saved this while you were editing it, at %(time)s. Nothing of yours is saved yet; it is "
                "all still below. Look at the history; save again to put yours in its place."
            )
            who = (other.published_by or other.by) if other else ""
            at = date_format(timezone.localtime(other.at), "TIME_FORMAT") if other else "?"
            self.add_error(None, ValidationError(text, code="conflict", params={"who": who or "?", "time": at}))
        return cleaned


class RevisionsAdmin(KeptModelAdmin):
    """A page with a history and a draft. Stands last among its likes: it may take back a save."""

    form = HistoryForm
    change_form_template = "admin/attune_content/kept_change_form.html"
    about_drafts: Any = ""
    """What else editors should know about drafts of these."""

    class Media:
        css = {"all": ("personalization/content/block.css",)}  # how Django's media are declared

    def get_urls(self) -> list[URLPattern]:
        """The buttons' addresses."""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        views = {
            "bring-back": self.bring_back_view,
            "publish": self.publish_view,
            "drop-draft": self.drop_draft_view,
        }
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"{prefix}_{name.replace('-', '_')}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What waits leaves the switch alone: that is turned by its button, at once."""
        fields = super().get_readonly_fields(request, obj)
        is_switched = obj is not None and kept_of(self.model).has_switch and (DRAFT in request.GET or waits(request))
        return (*fields, "status") if is_switched else fields

    # The page

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what is live or the draft; save, or keep as a draft."""
        if request.method != "POST" and DRAFT not in request.GET:
            return super().changeform_view(request, object_id, form_url, extra_context)
        thing: Thing | None = self.model._default_manager.filter(pk=_number(object_id)).first() if object_id else None
        draft = revisions.open_draft(thing) if thing is not None and DRAFT in request.GET else None
        holds = request.method == "POST" and (draft is not None or f"_{DRAFT}" in request.POST or waits(request))
        if draft is None and not holds:
            with transaction.atomic():
                self._lock(request, thing)
                return super().changeform_view(request, object_id, form_url, extra_context)
        content: Content | None = None
        _compile()
        with transaction.atomic():
            self._lock(request, thing)
            with transaction.atomic():
                if draft is not None and thing is not None:
                    setattr(request, _NOTES, stage(thing, draft.content))
                setattr(request, _HELD, holds)
                response = super().changeform_view(request, object_id, form_url, extra_context)
                saved: Thing | None = getattr(request, _SAVED, None)
                if saved is not None:
                    content = snapshot(saved)
                elif isinstance(response, TemplateResponse):
                    response.render()  # with what is taken back in a moment
                transaction.set_rollback(True)
            if saved is None or content is None:
                return response
            is_new = thing is None
            if thing is None:  # it was never there; what is written comes when it is published
                thing = first_of(saved)
                content |= {BEGINS: saved.status} if isinstance(saved, Campaign) else {}
            answer = self._hold(request, thing, content, publishes=self._publishes(request))
            # A window over another page closes, and that page learns what is new.
            return super().response_add(request, thing) if is_new and IS_POPUP_VAR in request.POST else answer

    def _lock(self, request: HttpRequest, thing: Thing | None) -> None:
        if request.method == "POST" and thing is not None:
            self.model._default_manager.select_for_update().get(pk=thing.pk)  # of two editors one waits for the other

    def _publishes(self, request: HttpRequest) -> bool:
        return f"_{DRAFT}" not in request.POST and not waits(request)

    def _hold(self, request: HttpRequest, thing: Thing, content: Content, *, publishes: bool) -> HttpResponse:
        who = request.user.get_username()
        if publishes:
            try:
                self._tell(request, revisions.publish_content(thing, content, by=who))
            except FileGone as error:
                self.message_user(request, _file_gone(error), messages.ERROR)
                return HttpResponseRedirect(f"{self._address(thing)}?{DRAFT}")
            self.log_change(request, thing, _("Published."))
            self.message_user(request, _("“%(name)s” is published.") % {"name": thing}, messages.SUCCESS)
            return HttpResponseRedirect(self._address(thing))
        before = revisions.open_draft(thing)
        revisions.save_draft(thing, content, by=who)
        self._tell_replaced(request, before)
        self.log_change(request, thing, _("Saved as a draft."))
        text = _("Saved as a draft. Visitors see nothing of it until it is published.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(f"{self._address(thing)}?{DRAFT}")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep what the save replaces, if code or an import had changed it."""
        if change and not getattr(request, _HELD, False):
            revisions.note_change_elsewhere(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep what was saved, in the same transaction."""
        super().save_related(request, form, formsets, change)
        setattr(request, _SAVED, form.instance)
        if not getattr(request, _HELD, False):
            revisions.record_published(form.instance, by=request.user.get_username())

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """Say nothing of a save that is taken back."""
        if getattr(request, _HELD, False):
            return HttpResponseRedirect("")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say nothing of a save that is taken back."""
        return HttpResponseRedirect("") if getattr(request, _HELD, False) else super().response_change(request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer what may be done with the draft and the history."""
        thing = context.get("original")
        waiting = waits(request)
        may_save = self.has_change_permission(request, thing) if thing else self.has_add_permission(request)
        context |= {
            "may_save_draft": may_save,
            "waits": waiting,
            "four_eyes": conf.PERSONALIZATION_FOUR_EYES,
            "about_drafts": self.about_drafts,
        }
        if waiting or DRAFT in request.GET:
            context |= {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        if thing is not None and (draft := revisions.open_draft(thing)):
            who = request.user.get_username()
            context |= {
                "draft": draft,
                "shows_draft": DRAFT in request.GET,
                "preview_draft_url": _preview_url(request, thing),
                "draft_notes": getattr(request, _NOTES, []),
                "publish_url": self._address(thing, "publish"),
                "drop_draft_url": self._address(thing, "drop_draft"),
                "why_not_publish": revisions.why_not_publish(draft, by=who, may_publish=may_publish(request)),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # The history

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Each revision with who, when and what changed, the last one first."""
        thing = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        if thing is None:
            raise Http404
        found = list(revisions.revisions_of(thing)[: SHOWN + 1])
        live = next((one for one in found if one.state == Revision.State.PUBLISHED), None)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "opts": self.opts,
            "edited": thing,
            "list_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"),
            "edited_url": self._address(thing),
            "bring_back_url": self._address(thing, "bring_back"),
            "may_change": self.has_change_permission(request, thing),
            "more": len(found) > SHOWN,
            "rows": [
                {
                    "revision": one,
                    "is_live": one == live,
                    "changes": _changes(one, found),
                    "back": changes(kept_of(thing), live.content, one.content) if live and one != live else [],
                }
                for one in found[:SHOWN]
            ],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/attune_content/history.html", context)

    def bring_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring an earlier revision back."""
        thing = self._asked(request, pk)
        if isinstance(thing, HttpResponse):
            return thing
        number = _number(request.POST.get("number", ""))
        revision = revisions.revisions_of(thing).filter(number=number).first()
        if revision is None:
            self.message_user(request, _("There is no such revision any more."), messages.ERROR)
            return HttpResponseRedirect(self._address(thing, "history"))
        if waits(request):
            self._tell_replaced(request, revisions.open_draft(thing))
        try:
            with applying_rules():
                who = request.user.get_username()
                notes = revisions.bring_back(revision, by=who, may_publish=may_publish(request))
        except FileGone as error:
            self.message_user(request, _file_gone(error), messages.ERROR)
            return HttpResponseRedirect(self._address(thing, "history"))
        if waits(request):
            text = _("Revision %(number)s waits as a draft. Somebody else must publish it.") % {"number": number}
        else:
            text = _("Revision %(number)s is live again.") % {"number": number}
        self.log_change(request, thing, text)
        self.message_user(request, text, messages.SUCCESS)
        self._tell(request, notes)
        return HttpResponseRedirect(self._address(thing, "history"))

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Publish the draft."""
        thing = self._asked(request, pk)
        if isinstance(thing, HttpResponse):
            return thing
        draft = self._looked_at(request, thing)
        if draft is None:
            return HttpResponseRedirect(self._address(thing) + (f"?{DRAFT}" if revisions.open_draft(thing) else ""))
        try:
            with applying_rules():
                who = request.user.get_username()
                notes = revisions.publish_draft(draft, by=who, may_publish=may_publish(request))
        except PermissionDenied as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(f"{self._address(thing)}?{DRAFT}")
        except revisions.OutdatedDraft:
            text = _(
                "It was changed after this draft was written. Look at the history; if the draft is to take the "
                "place of that change, save the draft again and then publish it."
            )
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(f"{self._address(thing)}?{DRAFT}")
        except FileGone as error:
            self.message_user(request, _file_gone(error), messages.ERROR)
            return HttpResponseRedirect(f"{self._address(thing)}?{DRAFT}")
        self.log_change(request, thing, _("Published."))
        self.message_user(request, _("“%(name)s” is published.") % {"name": thing}, messages.SUCCESS)
        self._tell(request, notes)
        return HttpResponseRedirect(self._address(thing))

    def drop_draft_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let the draft be."""
        thing = self._asked(request, pk)
        if isinstance(thing, HttpResponse):
            return thing
        if self._looked_at(request, thing) is not None:
            revisions.drop_draft(thing)
            self.message_user(request, _("The draft is dropped. The history still has it."), messages.SUCCESS)
        return HttpResponseRedirect(self._address(thing))

    def _asked(self, request: HttpRequest, pk: int) -> Any:
        thing = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, thing):
            raise PermissionDenied
        return thing if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    def _looked_at(self, request: HttpRequest, thing: Thing) -> Revision | None:
        """The draft that waits, if it is the one that the button stood beside; else say so."""
        draft = revisions.open_draft(thing)
        if draft is not None and str(draft.number) == request.POST.get("number"):
            return draft
        text = _("Meanwhile somebody replaced, published or dropped this draft. Look at what there is now, then go on.")
        self.message_user(request, text, messages.ERROR)
        return None

    def _tell_replaced(self, request: HttpRequest, draft: Revision | None) -> None:
        if draft is not None and DRAFT not in request.GET and draft.by != request.user.get_username():
            text = _("The draft of %(who)s that waited made room for yours. The history still has it.")
            self.message_user(request, text % {"who": draft.by}, messages.WARNING)

    def _tell(self, request: HttpRequest, notes: list[str]) -> None:
        for note in notes:
            self.message_user(request, note, messages.WARNING)

    def _address(self, thing: Thing, page: str = "change") -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[thing.pk])


def _changes(revision: Revision, found: list[Revision]) -> Any:
    """What is new in it, against what was published before; None, if that is not kept."""
    before = next((one for one in found if one.number < revision.number and one.state == one.State.PUBLISHED), None)
    return None if before is None else changes(kept_of(revision.thing), before.content, revision.content)


def _preview_url(request: HttpRequest, thing: Thing) -> str:
    """Where the draft is seen on a page, for those who may look at blocks; of what is no block, they say on which."""
    if not request.user.has_perm("attune_content.view_block"):
        return ""
    look = isinstance(thing, Block)
    page = reverse(f"admin:attune_content_block_{'look' if look else 'preview_as'}", args=[thing.pk] if look else [])
    return f"{page}?drafts"


def _file_gone(error: FileGone) -> str:
    text = _("The file “%(file)s” is not stored any more, so that nothing was changed. Upload it anew.")
    return text % {"file": error.args[0]}


def _compile() -> None:
    """What is published is compiled before a draft is staged, so that no process ever takes the one for the other."""
    version = configuration_version()
    published_rules(version)
    published_blocks(version)


def is_held(request: HttpRequest) -> bool:
    """Whether what is saved is taken back, and kept or published as a draft."""
    return bool(getattr(request, _HELD, False))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
