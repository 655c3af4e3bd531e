"""What the other pages' blocks say, to whom, in English and in German, and all blocks together."""

from config.site.editorial.home_blocks import (
    CART_REMINDER,
    HOME_HERO,
    HOME_PICKS,
    HOME_RECOMMENDATION,
    HOME_STORIES,
)
from config.site.editorial.places import SeededBlock, variant_to

CATEGORY_NOTE = SeededBlock(
    "category-note",
    "Shelves: note above the products",
    (
        variant_to(
            "buyers",
            "Buyers: repairs",
            '<p>What you have bought from us has <a href="/about/#repairs">a place in the workshop</a>: seams, zips '
            "and buckles are free for as long as you own it.</p>",
            '<p>Was du von uns hast, hat <a href="/de/about/#repairs">einen Platz in der Werkstatt</a>: Nähte, '
            "Reißverschlüsse und Schnallen kosten nichts, solange es dir gehört.</p>",
        ),
        variant_to(
            "engaged-visitors",
            "Engaged visitors: weights",
            "<p>Torn between two? Compare what they weigh. It stands with every piece, and we did not take the "
            "smallest size to the scales.</p>",
            "<p>Zwischen zweien hin- und hergerissen? Vergleich ihr Gewicht. Es steht bei jedem Stück, und gewogen "
            "haben wir nicht die kleinste Größe.</p>",
        ),
        variant_to(
            "churned-visitors",
            "Back after a long time: no catching up",
            "<p>You need not catch up on anything. We bring out little, and what was good two winters ago still "
            "is.</p>",
            "<p>Du musst nichts nachholen. Wir bringen wenig heraus, und was vor zwei Wintern gut war, ist es "
            "noch.</p>",
        ),
        variant_to(
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
        variant_to(
            "cart-abandoners",
            "Something is in the cart",
            '<p>There is still something in <a href="/cart/">your cart</a>. It will wait while you look around.</p>',
            '<p>In <a href="/de/cart/">deinem Warenkorb</a> liegt noch etwas. Es wartet, während du dich umsiehst.</p>',
        ),
        variant_to(
            "buyers",
            "Buyers: the same cut",
            "<p>If our size fitted you last time, it fits again: we do not change our cuts between winters.</p>",
            "<p>Wenn dir unsere Größe beim letzten Mal gepasst hat, passt sie wieder: Zwischen zwei Wintern ändern wir "
            "keine Schnitte.</p>",
        ),
        variant_to(
            "casual-visitors",
            "Casual visitors: no sales",
            "<p>No hurry. It costs the same tomorrow; we do not do sales.</p>",
            "<p>Keine Eile. Es kostet morgen dasselbe, Ausverkauf gibt es bei uns nicht.</p>",
        ),
        variant_to(
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
        variant_to(
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
        variant_to(
            "readers-of-care",
            "Readers of care: the workshop",
            "<h2>More than a needle can do?</h2>"
            '<p>Then <a href="/about/#repairs">send it to us</a>, washed please, with a note of what happened. '
            "We like the notes.</p>",
            "<h2>Da hilft keine Nadel mehr?</h2>"
            '<p>Dann <a href="/de/about/#repairs">schick es uns</a>, gewaschen bitte, und schreib dazu, was passiert '
            "ist. Das lesen wir gern.</p>",
        ),
        variant_to(
            "readers-of-know-how",
            "Readers of know-how: boots",
            "<h2>Knowing how, with dry feet</h2>"
            '<p>Paths, rough ground or snow: <a href="/shop/boots/">which boot for which ground</a> is half of the '
            "skill. The other half is the socks.</p>",
            "<h2>Können, mit trockenen Füßen</h2>"
            '<p>Wege, Geröll oder Schnee: <a href="/de/shop/boots/">Welcher Stiefel für welchen Boden</a>, das ist die '
            "halbe Kunst. Die andere Hälfte sind die Socken.</p>",
        ),
        variant_to(
            "readers-of-places",
            "Readers of places: wool",
            "<h2>For evenings without heating</h2>"
            '<p>Huts and islands are cold at nine. <a href="/shop/layers/">Wool</a> is warm even when it is damp, and '
            "takes up no room in the bag.</p>",
            "<h2>Für Abende ohne Heizung</h2>"
            '<p>Hütten und Inseln sind um neun Uhr kalt. <a href="/de/shop/layers/">Wolle</a> wärmt auch klamm und '
            "braucht kaum Platz in der Tasche.</p>",
        ),
        variant_to(
            "buyers",
            "Buyers: care",
            "<h2>Does yours need a wash?</h2>"
            "<p>Half an hour and a warm machine give a jacket three more winters. Tomas explains how in "
            '<a href="/magazine/how-to-wash-a-rain-jacket/">Wash the jacket, for heaven’s sake</a>.</p>',
            "<h2>Muss deine mal in die Wäsche?</h2>"
            "<p>Eine halbe Stunde und eine warme Maschine schenken einer Jacke drei Winter. Wie das geht, erklärt "
            'Tomas in <a href="/de/magazine/how-to-wash-a-rain-jacket/">seinem Artikel</a>.</p>',
        ),
        variant_to(
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
        variant_to(
            "churned-visitors",
            "Back after a long time: tidy up",
            "<p>If you no longer remember putting this here, take it out. We do not mind.</p>",
            "<p>Wenn du nicht mehr weißt, warum das hier liegt, nimm es heraus. Wir sind nicht gekränkt.</p>",
        ),
        variant_to(
            "cart-abandoners",
            "Left something: no hurry",
            "<p>Take the time that you need. The prices stay as they are, and nothing here is “almost gone”.</p>",
            "<p>Nimm dir die Zeit, die du brauchst. Die Preise bleiben, wie sie sind, und hier ist nichts „fast "
            "weg“.</p>",
        ),
        variant_to(
            "buyers",
            "Buyers: mending",
            '<p>Thank you for coming back. If something older needs a stitch, <a href="/about/#repairs">send it '
            "along</a>.</p>",
            "<p>Danke, dass du wiederkommst. Wenn ein älteres Stück eine Naht braucht, "
            '<a href="/de/about/#repairs">schick es mit</a>.</p>',
        ),
        variant_to(
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
        variant_to(
            "buyers",
            "Buyers",
            "<p>Good to see you. Whatever you bought from us, we mend it: "
            '<a href="/about/#repairs">how to send it</a>.</p>',
            "<p>Schön, dich zu sehen. Was du bei uns gekauft hast, flicken wir: "
            '<a href="/de/about/#repairs">So schickst du es</a>.</p>',
        ),
        variant_to(
            "magazine-readers",
            "Readers",
            '<p>Come in. The chair by the stove is free, and <a href="/magazine/">the magazine</a> lies where it '
            "always does.</p>",
            '<p>Komm herein. Der Stuhl am Ofen ist frei, und <a href="/de/magazine/">das Magazin</a> liegt, wo es '
            "immer liegt.</p>",
        ),
        variant_to(
            "returning-visitors",
            "Returning visitors",
            "<p>There you are again. There is nothing to collect here, no points and no levels, only your orders.</p>",
            "<p>Da bist du ja wieder. Hier gibt es nichts zu sammeln, keine Punkte und keine Stufen, nur deine "
            "Bestellungen.</p>",
        ),
        variant_to(
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
        variant_to(
            "magazine-readers",
            "Readers: articles",
            "<p>The magazine is searched, too, down to the last word. Try “kettle”.</p>",
            "<p>Auch das Magazin wird durchsucht, bis zum letzten Wort. Versuch es mit „Kessel“.</p>",
        ),
        variant_to(
            "buyers",
            "Buyers: spare parts",
            "<p>Looking for a spare buckle or zip? We do not sell them, we send them: "
            '<a href="/about/#repairs">write what broke</a>.</p>',
            "<p>Du suchst eine Schnalle oder einen Reißverschluss? Die verkaufen wir nicht, die schicken wir: "
            '<a href="/de/about/#repairs">Schreib, was kaputt ist</a>.</p>',
        ),
        variant_to(
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
    HOME_PICKS,
    HOME_STORIES,
    CATEGORY_NOTE,
    PRODUCT_NOTE,
    ARTICLE_ASIDE,
    CART_NOTE,
    ACCOUNT_WELCOME,
    SEARCH_HELP,
)
