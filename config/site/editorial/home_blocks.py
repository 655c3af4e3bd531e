"""What the home page's blocks say, to whom, in English and in German. Everyone else sees what its template says."""

from config.site.editorial.places import SeededBlock, SeededVariant, list_of, variant_to
from config.site.editorial.segments import CATEGORIES
from personalization.content.deciding.blocks import Showing

HOME_HERO = SeededBlock(
    "home-hero",
    "Home page: the large picture’s words",
    (
        variant_to(
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
        variant_to(
            "churned-visitors",
            "Back after a long time",
            "<h2>It has been a while.</h2>"
            '<p>The hills have not moved. Here, <a href="/shop/layers/">a shelf of wool</a> has come and there is more '
            "to read. Everything else is where you left it.</p>",
            "<h2>Lange nicht gesehen.</h2>"
            '<p>Die Berge stehen noch. Bei uns sind <a href="/de/shop/layers/">ein Regal mit Wolle</a> und einiges zu '
            "lesen dazugekommen. Alles andere ist, wo es war.</p>",
        ),
        variant_to(
            "buyers",
            "Thank-you to buyers",
            "<h2>Good to have you back.</h2>"
            '<p>How is it wearing? If a seam has come to grief, <a href="/about/#repairs">send it home</a>: '
            "we mend what we make.</p>",
            "<h2>Schön, dass du wieder da bist.</h2>"
            "<p>Wie trägt es sich? Wenn eine Naht aufgegeben hat, "
            '<a href="/de/about/#repairs">schick das Stück nach Hause</a>: Was wir machen, flicken wir auch.</p>',
        ),
        variant_to(
            "readers-of-walks",
            "For readers of walks",
            "<h2>Now walk one yourself.</h2>"
            "<p>You have read about the way. It is still there, it needs no booking, and the forecast is only an "
            "opinion.</p>",
            "<h2>Jetzt geh selbst los.</h2>"
            "<p>Vom Weg hast du gelesen. Es gibt ihn noch, man muss ihn nicht buchen, und der Wetterbericht ist auch "
            "nur eine Meinung.</p>",
        ),
        variant_to(
            "readers-of-care",
            "For readers of care",
            "<h2>Mend first.</h2>"
            "<p>You read about care, so we say it before you do: what you have is probably good for another winter. "
            "If it is not, look here.</p>",
            "<h2>Erst mal flicken.</h2>"
            "<p>Du liest über Pflege, also sagen wir es gleich: Was du hast, hält wohl noch einen Winter. Wenn nicht, "
            "schau hier.</p>",
        ),
        variant_to(
            "readers-of-know-how",
            "For readers of know-how",
            "<h2>You know how by now.</h2>"
            "<p>Clouds, laces, weights: knowing them costs nothing and cannot get wet. What can hangs on these "
            "shelves.</p>",
            "<h2>Jetzt weißt du, wie.</h2>"
            "<p>Wolken, Schnürung, Gewicht: Das zu wissen kostet nichts und wird nicht nass. Was nass werden kann, "
            "liegt in diesen Regalen.</p>",
        ),
        variant_to(
            "readers-of-places",
            "For readers of places",
            "<h2>Somewhere the kettle is on.</h2>"
            "<p>You have read about the house, and about the last mile to it. It is the mile that we dress people "
            "for.</p>",
            "<h2>Irgendwo pfeift ein Kessel.</h2>"
            "<p>Vom Haus hast du gelesen, und vom letzten Kilometer dorthin. Für den ziehen wir Leute an.</p>",
        ),
        variant_to(
            "magazine-readers",
            "For readers",
            "<h2>Go and see for yourself.</h2>"
            "<p>You have read about the rain. It is out there now, and it is better in person. "
            "There will be tea afterward.</p>",
            "<h2>Geh und sieh selbst nach.</h2>"
            "<p>Vom Regen hast du gelesen. Er ist da draußen, und in Person ist er besser. Hinterher gibt es Tee.</p>",
        ),
        variant_to(
            "engaged-visitors",
            "For those who know us well",
            "<h2>You know your way around.</h2>"
            "<p>Then we need not explain the zips again. If something is still open, the size or the weather, "
            '<a href="/about/">nine people in an old post office</a> like to be asked.</p>',
            "<h2>Du kennst dich hier aus.</h2>"
            "<p>Dann erklären wir die Reißverschlüsse nicht noch einmal. Wenn etwas offen ist, die Größe oder das "
            'Wetter: <a href="/de/about/">Neun Leute in einer alten Post</a> lassen sich gern fragen.</p>',
        ),
        variant_to(
            "casual-visitors",
            "For those who only look in",
            "<h2>Only looking? Quite right.</h2>"
            "<p>Nobody needs a jacket on the sofa. When it is time, begin with "
            '<a href="/magazine/what-a-week-weighs/">what a week weighs</a>, and with what you own already.</p>',
            "<h2>Nur mal schauen? Ganz richtig.</h2>"
            "<p>Auf dem Sofa braucht niemand eine Jacke. Wenn es so weit ist, fang damit an, "
            '<a href="/de/magazine/what-a-week-weighs/">was eine Woche wiegt</a>, und mit dem, was du schon hast.</p>',
        ),
        variant_to(
            "returning-visitors",
            "For those who are back",
            "<h2>There you are again.</h2>"
            "<p>Nothing has become cheaper since, and nothing is about to be gone. You may sleep on it once more.</p>",
            "<h2>Da bist du ja wieder.</h2>"
            "<p>Seitdem ist nichts billiger geworden, und nichts ist „fast ausverkauft“. Du darfst noch einmal "
            "darüber schlafen.</p>",
        ),
        variant_to(
            "campaign-visitors",
            "Came by a campaign lately",
            "<h2>Once around the shelves?</h2>"
            "<p>A link of ours brought you here. The shelves take five minutes; the magazine takes longer, and sells "
            "nothing.</p>",
            "<h2>Einmal an den Regalen entlang?</h2>"
            "<p>Ein Link von uns hat dich hergebracht. Für die Regale brauchst du fünf Minuten; das Magazin dauert "
            "länger und verkauft nichts.</p>",
        ),
        variant_to(
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
        variant_to(
            (),
            "Still in the cart, for buyers",
            "<p><strong>Your cart is packed.</strong> It stands where you left it, and you know the way: "
            '<a href="/cart/">to the cart</a>.</p>',
            "<p><strong>Dein Warenkorb ist gepackt.</strong> Er steht, wo du ihn gelassen hast, und den Weg kennst du: "
            '<a href="/de/cart/">zum Warenkorb</a>.</p>',
            rule={"all": [{"segment": "cart-abandoners"}, {"segment": "buyers"}]},
        ),
        variant_to(
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

HOME_PICKS = SeededBlock(
    "home-picks",
    "Home page: what they left lying",
    (
        list_of("still_in_cart", "Still in the cart", "Still in your cart", "Noch in deinem Warenkorb"),
        list_of("recently_viewed", "Looked at lately", "You had these in your hands", "Das hattest du in der Hand"),
        list_of("continue_reading", "Begun to read", "Where you left off reading", "Hier hast du aufgehört zu lesen"),
    ),
    show=Showing.DEFERRED,
)

HOME_STORIES = SeededBlock(
    "home-stories",
    "Home page: introduction to the magazine",
    (
        variant_to(
            "readers-of-walks",
            "Readers of walks",
            '<p>You like to read about walks. <a href="/magazine/topics/walks/">There are more of them</a>, and none '
            "is a record.</p>",
            '<p>Du liest gern über Wege. <a href="/de/magazine/topics/walks/">Davon gibt es noch mehr</a>, und ein '
            "Rekord ist nicht dabei.</p>",
        ),
        variant_to(
            "readers-of-care",
            "Readers of care",
            '<p>You keep things going. So do we: <a href="/magazine/topics/care/">everything about care</a>, from wax '
            "to wool.</p>",
            '<p>Du hältst Dinge am Leben. Wir auch: <a href="/de/magazine/topics/care/">alles über Pflege</a>, von '
            "Wachs bis Wolle.</p>",
        ),
        variant_to(
            "readers-of-know-how",
            "Readers of know-how",
            '<p>Skills weigh nothing. <a href="/magazine/topics/know-how/">Here are some more</a>, learned the slow '
            "way.</p>",
            '<p>Können wiegt nichts. <a href="/de/magazine/topics/know-how/">Hier ist mehr davon</a>, mühsam '
            "gelernt.</p>",
        ),
        variant_to(
            "readers-of-places",
            "Readers of places",
            '<p>For your list: <a href="/magazine/topics/places/">more places</a> that are worth the last mile. All of '
            "them have a kettle.</p>",
            '<p>Für deine Liste: <a href="/de/magazine/topics/places/">mehr Orte</a>, die den letzten Kilometer wert '
            "sind. Überall gibt es einen Kessel.</p>",
        ),
        variant_to(
            "magazine-readers",
            "Regular readers",
            "<p>You read here more than once, so you know: on these pages nobody wants to sell you anything.</p>",
            "<p>Du liest hier nicht zum ersten Mal, also weißt du: Auf diesen Seiten will dir niemand etwas "
            "verkaufen.</p>",
        ),
    ),
)
