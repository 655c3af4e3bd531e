"""What the demo's blocks say, to whom, in English and in German. Everyone else sees what the page's template says."""

from typing import Any, NamedTuple

from config.site.editorial.segments import CATEGORIES


class SeededVariant(NamedTuple):
    """One thing to show: texts by language, or a layout that speaks all of them; to segments, or by a rule."""

    name: str
    segments: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    template: str = ""
    rule: dict[str, Any] | None = None


class SeededBlock(NamedTuple):
    """A place in the templates with its variants, the first that fits first."""

    key: str
    name: str
    variants: tuple[SeededVariant, ...]


def _to(
    segments: str | tuple[str, ...], name: str, english: str, german: str, *, rule: dict[str, Any] | None = None
) -> SeededVariant:
    chosen = (segments,) if isinstance(segments, str) else segments
    return SeededVariant(name, () if rule else chosen, (("en", english), ("de", german)), rule=rule)


HOME_HERO = SeededBlock(
    "home-hero",
    "Home page: the large picture’s words",
    (
        _to(
            (),
            "Straight from a campaign’s link",
            "<h2>You followed a link. Good.</h2>"
            "<p>What it spoke of is on these shelves, and the path goes on from here. Take your time, the kettle is "
            "on.</p>",
            "<h2>Du bist einem Link gefolgt. Gut so.</h2>"
            "<p>Wovon er sprach, liegt in diesen Regalen, und der Weg geht von hier weiter. Lass dir Zeit, das Wasser "
            "ist aufgesetzt.</p>",
            rule={"request": "utm_campaign", "exists": True},
        ),
        _to(
            "churned-visitors",
            "Back after a long time",
            "<h2>It has been a while.</h2>"
            '<p>The hills have not moved. Here, <a href="/shop/layers/">a shelf of wool</a> has come and there is more '
            "to read. Everything else is where you left it.</p>",
            "<h2>Lange nicht gesehen.</h2>"
            '<p>Die Berge stehen noch. Bei uns sind <a href="/de/shop/layers/">ein Regal mit Wolle</a> und einiges zu '
            "lesen dazugekommen. Alles andere ist, wo es war.</p>",
        ),
        _to(
            "buyers",
            "Thank-you to buyers",
            "<h2>Good to have you back.</h2>"
            '<p>How is it wearing? If a seam has come to grief, <a href="/about/#repairs">send it home</a>: '
            "we mend what we make.</p>",
            "<h2>Schön, dass du wieder da bist.</h2>"
            "<p>Wie trägt es sich? Wenn eine Naht aufgegeben hat, "
            '<a href="/de/about/#repairs">schick das Stück nach Hause</a>: Was wir machen, flicken wir auch.</p>',
        ),
        _to(
            "readers-of-walks",
            "For readers of walks",
            "<h2>Now walk one yourself.</h2>"
            "<p>You have read about the way. It is still there, it needs no booking, and the forecast is only an "
            "opinion.</p>",
            "<h2>Jetzt geh selbst los.</h2>"
            "<p>Vom Weg hast du gelesen. Es gibt ihn noch, man muss ihn nicht buchen, und der Wetterbericht ist auch "
            "nur eine Meinung.</p>",
        ),
        _to(
            "readers-of-care",
            "For readers of care",
            "<h2>Mend first.</h2>"
            "<p>You read about care, so we say it before you do: what you have is probably good for another winter. "
            "If it is not, look here.</p>",
            "<h2>Erst mal flicken.</h2>"
            "<p>Du liest über Pflege, also sagen wir es gleich: Was du hast, hält wohl noch einen Winter. Wenn nicht, "
            "schau hier.</p>",
        ),
        _to(
            "readers-of-know-how",
            "For readers of know-how",
            "<h2>You know how by now.</h2>"
            "<p>Clouds, laces, weights: knowing them costs nothing and cannot get wet. What can hangs on these "
            "shelves.</p>",
            "<h2>Jetzt weißt du, wie.</h2>"
            "<p>Wolken, Schnürung, Gewicht: Das zu wissen kostet nichts und wird nicht nass. Was nass werden kann, "
            "liegt in diesen Regalen.</p>",
        ),
        _to(
            "readers-of-places",
            "For readers of places",
            "<h2>Somewhere the kettle is on.</h2>"
            "<p>You have read about the house, and about the last mile to it. It is the mile that we dress people "
            "for.</p>",
            "<h2>Irgendwo pfeift ein Kessel.</h2>"
            "<p>Vom Haus hast du gelesen, und vom letzten Kilometer dorthin. Für den ziehen wir Leute an.</p>",
        ),
        _to(
            "magazine-readers",
            "For readers",
            "<h2>Go and see for yourself.</h2>"
            "<p>You have read about the rain. It is out there now, and it is better in person. "
            "There will be tea afterward.</p>",
            "<h2>Geh und sieh selbst nach.</h2>"
            "<p>Vom Regen hast du gelesen. Er ist da draußen, und in Person ist er besser. Hinterher gibt es Tee.</p>",
        ),
        _to(
            "engaged-visitors",
            "For those who know us well",
            "<h2>You know your way around.</h2>"
            "<p>Then we need not explain the zips again. If something is still open, the size or the weather, "
            '<a href="/about/">nine people in an old post office</a> like to be asked.</p>',
            "<h2>Du kennst dich hier aus.</h2>"
            "<p>Dann erklären wir die Reißverschlüsse nicht noch einmal. Wenn etwas offen ist, die Größe oder das "
            'Wetter: <a href="/de/about/">Neun Leute in einer alten Post</a> lassen sich gern fragen.</p>',
        ),
        _to(
            "casual-visitors",
            "For those who only look in",
            "<h2>Only looking? Quite right.</h2>"
            "<p>Nobody needs a jacket on the sofa. When it is time, begin with "
            '<a href="/magazine/what-a-week-weighs/">what a week weighs</a>, and with what you own already.</p>',
            "<h2>Nur mal schauen? Ganz richtig.</h2>"
            "<p>Auf dem Sofa braucht niemand eine Jacke. Wenn es so weit ist, fang damit an, "
            '<a href="/de/magazine/what-a-week-weighs/">was eine Woche wiegt</a>, und mit dem, was du schon hast.</p>',
        ),
        _to(
            "returning-visitors",
            "For those who are back",
            "<h2>There you are again.</h2>"
            "<p>Nothing has become cheaper since, and nothing is about to be gone. You may sleep on it once more.</p>",
            "<h2>Da bist du ja wieder.</h2>"
            "<p>Seitdem ist nichts billiger geworden, und nichts ist „fast ausverkauft“. Du darfst noch einmal "
            "darüber schlafen.</p>",
        ),
        _to(
            "campaign-visitors",
            "Came by a campaign lately",
            "<h2>Once around the shelves?</h2>"
            "<p>A link of ours brought you here. The shelves take five minutes; the magazine takes longer, and sells "
            "nothing.</p>",
            "<h2>Einmal an den Regalen entlang?</h2>"
            "<p>Ein Link von uns hat dich hergebracht. Für die Regale brauchst du fünf Minuten; das Magazin dauert "
            "länger und verkauft nichts.</p>",
        ),
        _to(
            "new-visitors",
            "For new visitors",
            "<h2>Hello, and mind the puddle.</h2>"
            "<p>We make clothes for going out anyway: slowly, not many at a time, and with the needle in reach. "
            '<a href="/about/">How we do that</a> takes two minutes to read.</p>',
            "<h2>Hallo, und Vorsicht, Pfütze.</h2>"
            "<p>Wir machen Kleidung für alle, die trotzdem rausgehen: langsam, nicht viel auf einmal und mit der Nadel "
            'in Reichweite. <a href="/de/about/">Wie das geht</a>, liest sich in zwei Minuten.</p>',
        ),
    ),
)

CART_REMINDER = SeededBlock(
    "cart-reminder",
    "Home page: reminder of the cart",
    (
        _to(
            (),
            "Still in the cart, for buyers",
            "<p><strong>Your cart is packed.</strong> It stands where you left it, and you know the way: "
            '<a href="/cart/">to the cart</a>.</p>',
            "<p><strong>Dein Warenkorb ist gepackt.</strong> Er steht, wo du ihn gelassen hast, und den Weg kennst du: "
            '<a href="/de/cart/">zum Warenkorb</a>.</p>',
            rule={"all": [{"segment": "cart-abandoners"}, {"segment": "buyers"}]},
        ),
        _to(
            "cart-abandoners",
            "Still in the cart",
            "<p><strong>Still thinking it over?</strong> Your cart is where you left it. "
            '<a href="/cart/">Have another look</a>, there is no hurry.</p>',
            "<p><strong>Überlegst du noch?</strong> Dein Warenkorb steht, wo du ihn gelassen hast. "
            '<a href="/de/cart/">Schau noch einmal hinein</a>, es eilt nicht.</p>',
        ),
    ),
)

HOME_RECOMMENDATION = SeededBlock(
    "home-recommendation",
    "Home page: recommendation",
    tuple(
        SeededVariant(f"Recommend {category}", (f"{category}-fans",), template=f"site/blocks/recommend-{category}.html")
        for category in CATEGORIES
    ),
)

HOME_STORIES = SeededBlock(
    "home-stories",
    "Home page: introduction to the magazine",
    (
        _to(
            "readers-of-walks",
            "Readers of walks",
            '<p>You like to read about walks. <a href="/magazine/topics/walks/">There are more of them</a>, and none '
            "is a record.</p>",
            '<p>Du liest gern über Wege. <a href="/de/magazine/topics/walks/">Davon gibt es noch mehr</a>, und ein '
            "Rekord ist nicht dabei.</p>",
        ),
        _to(
            "readers-of-care",
            "Readers of care",
            '<p>You keep things going. So do we: <a href="/magazine/topics/care/">everything about care</a>, from wax '
            "to wool.</p>",
            '<p>Du hältst Dinge am Leben. Wir auch: <a href="/de/magazine/topics/care/">alles über Pflege</a>, von '
            "Wachs bis Wolle.</p>",
        ),
        _to(
            "readers-of-know-how",
            "Readers of know-how",
            '<p>Skills weigh nothing. <a href="/magazine/topics/know-how/">Here are some more</a>, learned the slow '
            "way.</p>",
            '<p>Können wiegt nichts. <a href="/de/magazine/topics/know-how/">Hier ist mehr davon</a>, mühsam '
            "gelernt.</p>",
        ),
        _to(
            "readers-of-places",
            "Readers of places",
            '<p>For your list: <a href="/magazine/topics/places/">more places</a> that are worth the last mile. All of '
            "them have a kettle.</p>",
            '<p>Für deine Liste: <a href="/de/magazine/topics/places/">mehr Orte</a>, die den letzten Kilometer wert '
            "sind. Überall gibt es einen Kessel.</p>",
        ),
        _to(
            "magazine-readers",
            "Regular readers",
            "<p>You read here more than once, so you know: on these pages nobody wants to sell you anything.</p>",
            "<p>Du liest hier nicht zum ersten Mal, also weißt du: Auf diesen Seiten will dir niemand etwas "
            "verkaufen.</p>",
        ),
    ),
)

CATEGORY_NOTE = SeededBlock(
    "category-note",
    "Shelves: note above the products",
    (
        _to(
            "buyers",
            "Buyers: repairs",
            '<p>What you have bought from us has <a href="/about/#repairs">a place in the workshop</a>: seams, zips '
            "and buckles are free for as long as you own it.</p>",
            '<p>Was du von uns hast, hat <a href="/de/about/#repairs">einen Platz in der Werkstatt</a>: Nähte, '
            "Reißverschlüsse und Schnallen kosten nichts, solange es dir gehört.</p>",
        ),
        _to(
            "engaged-visitors",
            "Engaged visitors: weights",
            "<p>Torn between two? Compare what they weigh. It stands with every piece, and we did not take the "
            "smallest size to the scales.</p>",
            "<p>Zwischen zweien hin- und hergerissen? Vergleich ihr Gewicht. Es steht bei jedem Stück, und gewogen "
            "haben wir nicht die kleinste Größe.</p>",
        ),
        _to(
            "churned-visitors",
            "Back after a long time: no catching up",
            "<p>You need not catch up on anything. We bring out little, and what was good two winters ago still "
            "is.</p>",
            "<p>Du musst nichts nachholen. Wir bringen wenig heraus, und was vor zwei Wintern gut war, ist es "
            "noch.</p>",
        ),
        _to(
            "new-visitors",
            "New visitors: sixty days",
            '<p>New here? Wear it outside for <a href="/about/#delivery">sixty days</a>. If it is not right, send it '
            "back, mud included.</p>",
            '<p>Neu hier? Trag es draußen, <a href="/de/about/#delivery">sechzig Tage</a> lang. Wenn es nicht passt, '
            "schick es zurück, samt Schlamm.</p>",
        ),
    ),
)

PRODUCT_NOTE = SeededBlock(
    "product-note",
    "Products: note beside the price",
    (
        _to(
            "cart-abandoners",
            "Something is in the cart",
            '<p>There is still something in <a href="/cart/">your cart</a>. It will wait while you look around.</p>',
            '<p>In <a href="/de/cart/">deinem Warenkorb</a> liegt noch etwas. Es wartet, während du dich umsiehst.</p>',
        ),
        _to(
            "buyers",
            "Buyers: the same cut",
            "<p>If our size fitted you last time, it fits again: we do not change our cuts between winters.</p>",
            "<p>Wenn dir unsere Größe beim letzten Mal gepasst hat, passt sie wieder: Zwischen zwei Wintern ändern wir "
            "keine Schnitte.</p>",
        ),
        _to(
            "casual-visitors",
            "Casual visitors: no sales",
            "<p>No hurry. It costs the same tomorrow; we do not do sales.</p>",
            "<p>Keine Eile. Es kostet morgen dasselbe, Ausverkauf gibt es bei uns nicht.</p>",
        ),
        _to(
            "new-visitors",
            "New visitors: mended for life",
            '<p>Mended for free for <a href="/about/#repairs">as long as you own it</a>. That is the whole '
            "guarantee.</p>",
            '<p>Kostenlos geflickt, <a href="/de/about/#repairs">solange es dir gehört</a>. Mehr steht nicht in der '
            "Garantie.</p>",
        ),
    ),
)

ARTICLE_ASIDE = SeededBlock(
    "article-aside",
    "Articles: beneath the text",
    (
        _to(
            "readers-of-walks",
            "Readers of walks: a daypack",
            "<h2>Enough for a day</h2>"
            '<p>A flask, a jersey, a sandwich and one spare: that is <a href="/shop/packs/cairn-24-daypack/">the '
            "Cairn</a>, filled. If you have a pack already, that is the one to take.</p>",
            "<h2>Genug für einen Tag</h2>"
            "<p>Thermoskanne, Pullover, ein Brot und eins in Reserve: Das ist "
            '<a href="/de/shop/packs/cairn-24-daypack/">der Cairn</a>, gepackt. Wenn du schon einen Rucksack hast, '
            "nimm den.</p>",
        ),
        _to(
            "readers-of-care",
            "Readers of care: the workshop",
            "<h2>More than a needle can do?</h2>"
            '<p>Then <a href="/about/#repairs">send it to us</a>, washed please, with a note of what happened. '
            "We like the notes.</p>",
            "<h2>Da hilft keine Nadel mehr?</h2>"
            '<p>Dann <a href="/de/about/#repairs">schick es uns</a>, gewaschen bitte, und schreib dazu, was passiert '
            "ist. Das lesen wir gern.</p>",
        ),
        _to(
            "readers-of-know-how",
            "Readers of know-how: boots",
            "<h2>Knowing how, with dry feet</h2>"
            '<p>Paths, rough ground or snow: <a href="/shop/boots/">which boot for which ground</a> is half of the '
            "skill. The other half is the socks.</p>",
            "<h2>Können, mit trockenen Füßen</h2>"
            '<p>Wege, Geröll oder Schnee: <a href="/de/shop/boots/">Welcher Stiefel für welchen Boden</a>, das ist die '
            "halbe Kunst. Die andere Hälfte sind die Socken.</p>",
        ),
        _to(
            "readers-of-places",
            "Readers of places: wool",
            "<h2>For evenings without heating</h2>"
            '<p>Huts and islands are cold at nine. <a href="/shop/layers/">Wool</a> is warm even when it is damp, and '
            "takes up no room in the bag.</p>",
            "<h2>Für Abende ohne Heizung</h2>"
            '<p>Hütten und Inseln sind um neun Uhr kalt. <a href="/de/shop/layers/">Wolle</a> wärmt auch klamm und '
            "braucht kaum Platz in der Tasche.</p>",
        ),
        _to(
            "buyers",
            "Buyers: care",
            "<h2>Does yours need a wash?</h2>"
            "<p>Half an hour and a warm machine give a jacket three more winters. Tomas explains how in "
            '<a href="/magazine/how-to-wash-a-rain-jacket/">Wash the jacket, for heaven’s sake</a>.</p>',
            "<h2>Muss deine mal in die Wäsche?</h2>"
            "<p>Eine halbe Stunde und eine warme Maschine schenken einer Jacke drei Winter. Wie das geht, erklärt "
            'Tomas in <a href="/de/magazine/how-to-wash-a-rain-jacket/">seinem Artikel</a>.</p>',
        ),
        _to(
            "magazine-readers",
            "Regular readers",
            "<h2>You are becoming a regular</h2>"
            "<p>Then you know more about us than most who wear our jackets. If you ever want to see what all the "
            'talk is about, begin with <a href="/shop/jackets/fieldfare-shell/">the Fieldfare</a>, which has been '
            "rained on in at least three of these articles.</p>",
            "<h2>Du gehörst bald zum Inventar</h2>"
            "<p>Dann weißt du mehr über uns als die meisten, die unsere Jacken tragen. Wenn du sehen willst, wovon "
            'ständig die Rede ist, fang mit <a href="/de/shop/jackets/fieldfare-shell/">der Fieldfare</a> an. In '
            "mindestens drei dieser Artikel ist sie nass geworden.</p>",
        ),
    ),
)

CART_NOTE = SeededBlock(
    "cart-note",
    "Cart: note",
    (
        _to(
            "churned-visitors",
            "Back after a long time: tidy up",
            "<p>If you no longer remember putting this here, take it out. We do not mind.</p>",
            "<p>Wenn du nicht mehr weißt, warum das hier liegt, nimm es heraus. Wir sind nicht gekränkt.</p>",
        ),
        _to(
            "cart-abandoners",
            "Left something: no hurry",
            "<p>Take the time that you need. The prices stay as they are, and nothing here is “almost gone”.</p>",
            "<p>Nimm dir die Zeit, die du brauchst. Die Preise bleiben, wie sie sind, und hier ist nichts „fast "
            "weg“.</p>",
        ),
        _to(
            "buyers",
            "Buyers: mending",
            '<p>Thank you for coming back. If something older needs a stitch, <a href="/about/#repairs">send it '
            "along</a>.</p>",
            "<p>Danke, dass du wiederkommst. Wenn ein älteres Stück eine Naht braucht, "
            '<a href="/de/about/#repairs">schick es mit</a>.</p>',
        ),
        _to(
            "new-visitors",
            "New visitors: delivery",
            '<p>Your first parcel? <a href="/about/#delivery">Two to five days</a>, no charge from 80 euros on, and '
            "sixty days to change your mind.</p>",
            '<p>Dein erstes Paket? <a href="/de/about/#delivery">Zwei bis fünf Tage</a>, ab 80 Euro kostenlos, und '
            "sechzig Tage, um es dir anders zu überlegen.</p>",
        ),
    ),
)

ACCOUNT_WELCOME = SeededBlock(
    "account-welcome",
    "Account: welcome",
    (
        _to(
            "buyers",
            "Buyers",
            "<p>Good to see you. Whatever you bought from us, we mend it: "
            '<a href="/about/#repairs">how to send it</a>.</p>',
            "<p>Schön, dich zu sehen. Was du bei uns gekauft hast, flicken wir: "
            '<a href="/de/about/#repairs">So schickst du es</a>.</p>',
        ),
        _to(
            "magazine-readers",
            "Readers",
            '<p>Come in. The chair by the stove is free, and <a href="/magazine/">the magazine</a> lies where it '
            "always does.</p>",
            '<p>Komm herein. Der Stuhl am Ofen ist frei, und <a href="/de/magazine/">das Magazin</a> liegt, wo es '
            "immer liegt.</p>",
        ),
        _to(
            "returning-visitors",
            "Returning visitors",
            "<p>There you are again. There is nothing to collect here, no points and no levels, only your orders.</p>",
            "<p>Da bist du ja wieder. Hier gibt es nichts zu sammeln, keine Punkte und keine Stufen, nur deine "
            "Bestellungen.</p>",
        ),
        _to(
            "new-visitors",
            "New visitors",
            "<p>That was it. We ask for no birthday and no phone number, and we will not ask later.</p>",
            "<p>Das war es schon. Wir fragen nicht nach Geburtstag und Telefonnummer, auch später nicht.</p>",
        ),
    ),
)

SEARCH_HELP = SeededBlock(
    "search-help",
    "Search: help",
    (
        _to(
            "magazine-readers",
            "Readers: articles",
            "<p>The magazine is searched, too, down to the last word. Try “kettle”.</p>",
            "<p>Auch das Magazin wird durchsucht, bis zum letzten Wort. Versuch es mit „Kessel“.</p>",
        ),
        _to(
            "buyers",
            "Buyers: spare parts",
            "<p>Looking for a spare buckle or zip? We do not sell them, we send them: "
            '<a href="/about/#repairs">write what broke</a>.</p>',
            "<p>Du suchst eine Schnalle oder einen Reißverschluss? Die verkaufen wir nicht, die schicken wir: "
            '<a href="/de/about/#repairs">Schreib, was kaputt ist</a>.</p>',
        ),
        _to(
            "new-visitors",
            "New visitors: weather",
            "<p>Search for the weather that you have: rain, wind, frost.</p>",
            "<p>Such nach dem Wetter, das du hast: Regen, Wind, Frost.</p>",
        ),
    ),
)

BLOCKS = (
    HOME_HERO,
    CART_REMINDER,
    HOME_RECOMMENDATION,
    HOME_STORIES,
    CATEGORY_NOTE,
    PRODUCT_NOTE,
    ARTICLE_ASIDE,
    CART_NOTE,
    ACCOUNT_WELCOME,
    SEARCH_HELP,
)
